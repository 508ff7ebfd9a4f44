import { indices } from '../../../src/gradcheck/numerical.js';
import {
  array,
  at,
  BatchNorm1d,
  Conv2d,
  Dropout,
  GroupNorm,
  InstanceNorm,
  type Layer,
  LayerNorm,
  Linear,
  MaxPool2d,
  type NdArray,
  Random,
  reshape,
  Softmax,
  SoftmaxCrossEntropy,
  setAt,
  zerosLike,
} from '../../../src/index.js';
import { heatmapSvg } from '../../../src/node.js';

const dtype = 'float64';

/** dL/dx for a loss that is a single output: what this output depends on, and how strongly. */
function influence(layer: Layer, x: NdArray, output: readonly number[]): NdArray {
  const out = layer.forward(x);
  const dout = zerosLike(out);
  setAt(dout, [...output], 1);
  return layer.backward(dout);
}

/** An array as rows, with all axes except the first in one. */
function rowsOf(x: NdArray): number[][] {
  const rows: number[][] = Array.from({ length: x.shape[0] }, () => []);
  for (const index of indices(x.shape)) rows[index[0]].push(at(x, ...index));
  return rows;
}

/** The derivative of each output of a softmax with respect to each input. */
export function softmaxFigure(): Promise<string> {
  const logits = [2, 1, 0.5, -0.5, -1];
  const layer = new Softmax();
  const x = array([logits], dtype);
  const jacobian = logits.map((_, n) => rowsOf(influence(layer, x, [0, n]))[0]);
  const names = logits.map(String);
  return heatmapSvg(jacobian, {
    title: 'The Jacobian of softmax',
    rows: 'output, by its logit',
    columns: 'input, by its logit',
    rowNames: names,
    columnNames: names,
    cell: 58,
  });
}

/** The gradient of the fused loss: predictions minus targets, divided by the batch size. */
export function fusedFigure(): Promise<string> {
  const loss = new SoftmaxCrossEntropy();
  const logits = array(
    [
      [2, 1, 0, -1],
      [0, 0, 0, 0],
      [-2, 4, 1, 0],
    ],
    dtype,
  );
  loss.forward(
    logits,
    array(
      [
        [1, 0, 0, 0],
        [0, 0, 1, 0],
        [1, 0, 0, 0],
      ],
      dtype,
    ),
  );
  return heatmapSvg(rowsOf(loss.backward()), {
    title: 'dL/dlogits = (Y − T)/N',
    rows: 'sample',
    columns: 'class',
    rowNames: ['sure and right', 'no opinion', 'sure and wrong'],
    columnNames: ['0', '1', '2', '3'],
    cell: 64,
  });
}

interface Asked {
  layer: Layer;
  shape: readonly number[];
  output: readonly number[];
  title: string;
  columns: string;
}

const NORMS: Readonly<Record<string, () => Asked>> = {
  LayerNorm: () => ({
    layer: new LayerNorm(6, { dtype }),
    shape: [4, 6],
    output: [1, 2],
    title: 'Layer norm: what output (1, 2) depends on',
    columns: 'feature',
  }),
  BatchNorm1d: () => ({
    layer: new BatchNorm1d(6, { dtype }),
    shape: [4, 6],
    output: [1, 2],
    title: 'Batch norm: what output (1, 2) depends on',
    columns: 'feature',
  }),
  GroupNorm: () => ({
    layer: new GroupNorm(2, 6, { dtype }),
    shape: [4, 6],
    output: [1, 2],
    title: 'Group norm, two groups: what output (1, 2) depends on',
    columns: 'feature',
  }),
  InstanceNorm: () => ({
    layer: new InstanceNorm(2, { dtype }),
    shape: [4, 2, 5],
    output: [1, 0, 2],
    title: 'Instance norm: what output (1, 0, 2) depends on',
    columns: 'feature.position',
  }),
  Linear: () => ({
    layer: new Linear(6, 3, { init: 'normal:1', rng: new Random(4), dtype }),
    shape: [4, 6],
    output: [1, 2],
    title: 'Linear: what output (1, 2) depends on',
    columns: 'feature',
  }),
};

/** What a norm averages over: the inputs that one output depends on, found by the layer's own backward. */
export function influenceFigure(name: string): Promise<string> {
  const { layer, shape, output, title, columns } = NORMS[name]();
  const matrix = rowsOf(influence(layer, new Random(3).normal(shape, { dtype }), output));
  const columnNames =
    shape.length === 3
      ? Array.from({ length: shape[1] * shape[2] }, (_, i) => `${Math.floor(i / shape[2])}.${i % shape[2]}`)
      : undefined;
  return heatmapSvg(matrix, {
    title,
    rows: 'sample',
    columns,
    columnNames,
    cell: 56,
    text: (value) => (value === 0 ? '' : value.toFixed(2).replace('-', '−')),
  });
}

/** What one output of a layer on images of one channel depends on, found by the layer's own backward. */
function windowFigure(layer: Layer, title: string): Promise<string> {
  const [H, W] = [5, 6];
  const x = new Random(5).normal([1, 1, H, W], { dtype });
  const dx = influence(layer, x, [0, 0, 1, 2]);
  return heatmapSvg(rowsOf(reshape(dx, [H, W])), {
    title,
    rows: 'row of the image',
    columns: 'column of the image',
    cell: 56,
    text: (value) => (value === 0 ? '' : value.toFixed(2).replace('-', '−')),
  });
}

/** The window of a convolution: one output depends on the pixels below the kernel, by its weights. */
export function convolutionFigure(): Promise<string> {
  const layer = new Conv2d(1, 1, 3, { init: 'normal:1', rng: new Random(4), dtype });
  return windowFigure(layer, 'Convolution, 3 × 3: what output (1, 2) depends on');
}

/** The window of a max pooling: one output depends on one pixel. */
export function maxPoolFigure(): Promise<string> {
  return windowFigure(new MaxPool2d(3, { stride: 1 }), 'Max pooling, 3 × 3: what output (1, 2) depends on');
}

/** The mask of a dropout layer, computed by its backward. */
export function dropoutFigure(): Promise<string> {
  const layer = new Dropout(0.25, { rng: new Random(1) });
  const ones = array(
    Array.from({ length: 4 }, () => Array<number>(8).fill(1)),
    dtype,
  );
  layer.forward(ones);
  return heatmapSvg(rowsOf(layer.backward(ones)), {
    title: 'The mask of one forward, p = 0.25',
    rows: 'sample',
    columns: 'feature',
    cell: 52,
  });
}
