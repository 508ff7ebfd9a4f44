import { type InferTask, isImageTask, type Net, type Task, type TrainTask } from '../tasks.js';
import { backward, evaluate, forward, type State, update } from './by-hand-net.js';
import type { Operations } from './operations.js';
import { Cannot, type Data, type Numbers, type Run, transposed } from './peer.js';

/** Opens any task over a library's operations. Throws `Cannot` for one with a convolution. */
export function openByHand<A>(ops: Operations<A>, task: Task, data: Data): Run {
  if (isImageTask(task)) throw new Cannot('has no convolution');
  if (task.kind === 'train') return train(ops, task, data);
  if (task.kind === 'infer') return infer(ops, task, data);
  const [a, b] = data.operands(task).map((x) => load(ops, x));
  let out: A[] = [];
  return {
    run: () => {
      ops.release(out);
      out = [ops.matmul(a, b)];
    },
    answer: () => ops.numbers(out[0]),
    close: () => ops.release([a, b, ...out]),
  };
}

function train<A>(ops: Operations<A>, task: TrainTask, data: Data): Run {
  const { net, batch } = task;
  const given = data.batch(task);
  const [x, targets] = [load(ops, given.x), load(ops, given.targets)];
  let state = initialState(ops, net, data);
  let loss = Number.NaN;
  let step = 0;
  return {
    run: () => {
      step++;
      let next = state;
      ops.tidy(() => {
        const { probs, caches, running } = forward(ops, net, state, x, batch);
        loss = ops.crossEntropy(probs, targets);
        const dLogits = ops.scale(ops.subtract(probs, targets), 1 / batch);
        const gradients = backward(ops, net, state, caches, dLogits, batch);
        next = { ...update(ops, net, state, gradients, step), running };
        return allOf(next);
      });
      ops.release(allOf(state));
      state = next;
    },
    answer: () => [loss],
    close: () => ops.release([x, targets, ...allOf(state)]),
  };
}

function infer<A>(ops: Operations<A>, { net }: InferTask, data: Data): Run {
  const state = initialState(ops, net, data);
  const batches = data.batches().map((x) => load(ops, x));
  let probs: A[] = [];
  return {
    run: () => {
      ops.release(probs);
      probs = batches.flatMap((x) => ops.tidy(() => [evaluate(ops, net, state, x)]));
    },
    answer: () => probs.flatMap((p) => Array.from(ops.numbers(p))),
    close: () => ops.release([...batches, ...probs, ...allOf(state)]),
  };
}

function initialState<A>(ops: Operations<A>, net: Net, data: Data): State<A> {
  const given = data.parameters(net).map((x) => (x.shape.length === 2 && !ops.outputsFirst ? transposed(x) : x));
  const zeros = () => given.map(({ data, shape }) => load(ops, { data: new Float32Array(data.length), shape }));
  const normed = net.norm ? net.widths.slice(1, -1) : [];
  return {
    parameters: given.map((x) => load(ops, x)),
    means: net.optimizer === 'adam' ? zeros() : [],
    squares: net.optimizer === 'adam' ? zeros() : [],
    running: normed.flatMap((width) =>
      [0, 1].map((value) => ops.array(new Float32Array(width).fill(value), [1, width])),
    ),
  };
}

function allOf<A>({ parameters, means, squares, running }: State<A>): A[] {
  return [...parameters, ...means, ...squares, ...running];
}

/** A vector becomes a row. */
function load<A>(ops: Operations<A>, { data, shape }: Numbers): A {
  return ops.array(data, shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]]);
}
