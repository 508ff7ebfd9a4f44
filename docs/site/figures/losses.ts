import {
  array,
  at,
  CrossEntropy,
  type Dtype,
  type Loss,
  MSELoss,
  Softmax,
  SoftmaxCrossEntropy,
  smoothLabels,
} from '../../../src/index.js';
import { curve, heatmapSvg, linesSvg } from '../../../src/node.js';

/** The loss of one sample by the probability of its class, and the gradient. */
export function crossEntropyFigure(): Promise<string> {
  const loss = new CrossEntropy();
  const targets = array([[1, 0]], 'float64');
  const value = (p: number) => loss.forward(array([[p, Math.max(0, 1 - p)]], 'float64'), targets);
  const slope = (p: number) => {
    value(p);
    return at(loss.backward(), 0, 0);
  };
  return linesSvg([curve('loss', value, 0.02, 1, 300), curve('its gradient', slope, 0.09, 1, 300)], {
    title: 'Cross-entropy of one sample',
    x: 'probability given to the true class',
    y: 'loss (nats), gradient (nats per unit)',
    height: 330,
  });
}

/** The squared error of one output, and its gradient. */
export function squaredErrorFigure(): Promise<string> {
  const loss = new MSELoss();
  const target = array([1], 'float64');
  const value = (output: number) => loss.forward(array([output], 'float64'), target);
  const slope = (output: number) => {
    value(output);
    return at(loss.backward(), 0);
  };
  return linesSvg([curve('loss', value, -1, 3, 200), curve('its gradient', slope, -1, 3, 200)], {
    title: 'Mean squared error of one output, target 1',
    x: 'output',
    y: 'loss, gradient',
    height: 330,
  });
}

/** The gradient of a confident mistake: with two layers, and with the fused loss. */
export function fusedAgainstComposedFigure(): Promise<string> {
  const margins = Array.from({ length: 281 }, (_, i) => i / 2);
  const gradient = (dtype: Dtype, fused: boolean) => (margin: number) => {
    const logits = array([[0, margin]], dtype);
    const targets = array([[1, 0]], dtype);
    const softmax = new Softmax();
    const loss: Loss = fused ? new SoftmaxCrossEntropy() : new CrossEntropy();
    loss.forward(fused ? logits : softmax.forward(logits), targets);
    const dx = fused ? loss.backward() : softmax.backward(loss.backward());
    return Math.abs(at(dx, 0, 0));
  };
  const lines = [
    { name: 'in one, float32', points: margins.map((m): [number, number] => [m, gradient('float32', true)(m)]) },
    {
      name: 'one after the other, float32',
      points: margins.map((m): [number, number] => [m, gradient('float32', false)(m)]),
    },
  ];
  return linesSvg(lines, {
    title: 'The gradient by how wrong the net is',
    x: 'how far the wrong logit is above the right one',
    y: '|dL/dlogit|',
    height: 320,
  });
}

/** Targets before and after smoothing. */
export function smoothingFigure(): Promise<string> {
  const smoothed = smoothLabels(array([[0, 0, 1, 0, 0]], 'float64'), 0.2);
  const row = Array.from({ length: 5 }, (_, c) => at(smoothed, 0, c));
  return heatmapSvg([[0, 0, 1, 0, 0], row], {
    title: 'A target, and the target smoothed by 0.2',
    rows: '',
    columns: 'class',
    rowNames: ['one-hot', 'smoothed'],
    cell: 58,
  });
}
