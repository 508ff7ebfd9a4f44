import {
  type Layer,
  Linear,
  type NdArray,
  Random,
  ReLU,
  Residual,
  Sequential,
  sumOfSquares,
  Tanh,
} from '../../../src/index.js';
import { linesSvg } from '../../../src/node.js';

const WIDTH = 32;
const DEPTH = 24;
const dtype = 'float64';

/** The norm of dL/dx before each block of a deep net, from the last block to the first. */
function lengths(block: (rng: Random) => Layer): [number, number][] {
  const rng = new Random(1);
  const blocks = Array.from({ length: DEPTH }, () => block(rng));
  let x: NdArray = rng.normal([16, WIDTH], { dtype });
  for (const layer of blocks) x = layer.forward(x);
  let d: NdArray = rng.normal(x.shape, { dtype });
  const whole = Math.sqrt(sumOfSquares(d));
  return blocks.reverse().map((layer, i) => {
    d = layer.backward(d);
    return [i + 1, Math.sqrt(sumOfSquares(d)) / whole];
  });
}

const inner = (rng: Random, activation: Layer, std: number) =>
  new Sequential(new Linear(WIDTH, WIDTH, { init: `normal:${std}`, rng, dtype }), activation);

/** The gradient in the backward pass through many layers, with and without residual connections. */
export function residualFigure(): Promise<string> {
  const lines = [
    { name: 'residual', points: lengths((rng) => new Residual(inner(rng, new Tanh(), 0.1))) },
    { name: 'plain', points: lengths((rng) => inner(rng, new Tanh(), 0.1)) },
  ];
  return linesSvg(lines, {
    title: 'The gradient in the backward pass through 24 blocks',
    x: 'blocks gone back through',
    y: 'length of the gradient, 1 at the end',
    logY: true,
    height: 330,
  });
}

/** The gradient in the backward pass of a net with ReLU, for three initializations. */
export function initFigure(): Promise<string> {
  const lines = [
    {
      name: `kaiming, std ${Math.sqrt(2 / WIDTH).toFixed(2)}`,
      points: lengths((rng) => inner(rng, new ReLU(), Math.sqrt(2 / WIDTH))),
    },
    { name: 'std 0.1', points: lengths((rng) => inner(rng, new ReLU(), 0.1)) },
    { name: 'std 0.4', points: lengths((rng) => inner(rng, new ReLU(), 0.4)) },
  ];
  return linesSvg(lines, {
    title: `ReLU, ${WIDTH} wide: the gradient through ${DEPTH} layers`,
    x: 'layers gone back through',
    y: 'length of the gradient, 1 at the end',
    logY: true,
    height: 340,
  });
}
