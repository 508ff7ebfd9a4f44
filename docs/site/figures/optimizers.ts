import {
  Adam,
  AdamW,
  array,
  assign,
  at,
  constantSchedule,
  cosineSchedule,
  type Optimizer,
  Parameter,
  SGD,
  stepSchedule,
  withWarmUp,
} from '../../../src/index.js';
import { curve, linesSvg } from '../../../src/node.js';

/** L = (x² + 30 y²) / 2, a narrow valley: its gradient is (x, 30 y). */
const STEEP = 30;

/** The loss over the steps of an optimizer that starts at (−4, 1) in the valley. */
function descent(make: (parameters: Parameter[]) => Optimizer, steps: number): [number, number][] {
  const position = new Parameter('position', array([-4, 1], 'float64'));
  const optimizer = make([position]);
  return Array.from({ length: steps }, (_, step) => {
    const [x, y] = [at(position.value, 0), at(position.value, 1)];
    assign(position.grad, array([x, STEEP * y], 'float64'));
    optimizer.step();
    return [step, (x * x + STEEP * y * y) / 2];
  });
}

/** One number over the steps of an optimizer that gets its gradient from `gradient`. */
function path(
  make: (parameters: Parameter[]) => Optimizer,
  start: number,
  steps: number,
  gradient: (value: number, step: number) => number,
): [number, number][] {
  const number = new Parameter('number', array([start], 'float64'));
  const optimizer = make([number]);
  return Array.from({ length: steps }, (_, step) => {
    const value = at(number.value, 0);
    assign(number.grad, array([gradient(value, step)], 'float64'));
    optimizer.step();
    return [step, value];
  });
}

/** The descent of each optimizer in a narrow valley. */
export function valleyFigure(): Promise<string> {
  const lines = [
    { name: 'SGD', points: descent((p) => new SGD(p, { learningRate: 0.03 }), 90) },
    { name: 'momentum 0.8', points: descent((p) => new SGD(p, { learningRate: 0.03, momentum: 0.8 }), 90) },
    {
      name: 'Nesterov 0.8',
      points: descent((p) => new SGD(p, { learningRate: 0.03, momentum: 0.8, nesterov: true }), 90),
    },
  ];
  return linesSvg(lines, {
    title: 'Down a narrow valley, L = (x² + 30 y²)/2',
    x: 'step',
    y: 'loss',
    logY: true,
    height: 340,
  });
}

/** Adam's steps do not depend on the size of the gradient. */
export function adamFigure(): Promise<string> {
  const adam = (p: Parameter[]) => new Adam(p, { learningRate: 0.1 });
  const sgd = (p: Parameter[]) => new SGD(p, { learningRate: 0.1 });
  const points = (make: typeof adam | typeof sgd, scale: number) => path(make, -4, 120, (x) => scale * x);
  const lines = [
    { name: 'Adam, gradient x', points: points(adam, 1) },
    { name: 'Adam, gradient x/100', points: points(adam, 0.01) },
    { name: 'SGD, gradient x', points: points(sgd, 1) },
    { name: 'SGD, gradient x/100', points: points(sgd, 0.01) },
  ];
  return linesSvg(lines, {
    title: 'Descent to 0, with gradients of two sizes',
    x: 'step',
    y: 'position x',
    height: 350,
  });
}

/** A weight that the loss does not depend on, with both kinds of weight decay. */
export function decayFigure(): Promise<string> {
  const points = (make: (p: Parameter[]) => Optimizer, noise: number) =>
    path(make, 1, 200, (_, step) => noise * (step % 2 === 0 ? 1 : -1)); // gradients that cancel
  const options = { learningRate: 0.01, weightDecay: 0.5 };
  const lines = [
    { name: 'AdamW, any gradient', points: points((p) => new AdamW(p, options), 10) },
    { name: 'Adam, gradients of ±10', points: points((p) => new Adam(p, options), 10) },
    { name: 'Adam, gradients of ±1', points: points((p) => new Adam(p, options), 1) },
  ];
  return linesSvg(lines, {
    title: 'Weight decay λ = 0.5 with gradients that cancel',
    x: 'step',
    y: 'weight',
    height: 350,
  });
}

/** All schedules. */
export function schedulesFigure(): Promise<string> {
  const steps = 200;
  const of = (name: string, schedule: (step: number) => number) =>
    curve(name, (t) => schedule(Math.round(t)), 0, steps, steps + 1);
  const lines = [
    of('step:80:0.3', stepSchedule(80, 0.3)),
    of('cosine', cosineSchedule(steps)),
    of('cosine:0.1, warm-up 30', withWarmUp(30, cosineSchedule(steps - 30, 0.1))),
    of('constant', constantSchedule()),
  ];
  return linesSvg(lines, { title: 'Learning-rate schedules', x: 'step', y: 'factor', height: 330 });
}
