import {
  add,
  addInPlace,
  assign,
  CrossEntropy,
  Dropout,
  divide,
  ELU,
  exp,
  GELU,
  Linear,
  type Loss,
  MSELoss,
  map,
  matmul,
  mean,
  multiply,
  type NdArray,
  negative,
  type Random,
  ReLU,
  Residual,
  Softmax,
  SoftmaxCrossEntropy,
  subtract,
  sum,
  Tanh,
  transpose,
  zerosLike,
  zipWith,
} from '../../src/index.js';
import { WRONG_IMAGE_LAYERS } from './conv-mutants.js';
import { Mutant, type WrongLayer } from './mutant.js';
import { WRONG_NORMS } from './norm-mutants.js';

/** Backwards that are wrong in the ways in which people get them wrong. Each must fail its gradient check. */

const dtype = 'float64';

/** The input of the layers without a fixed width, and of Linear (4, 4). */
const shape = [3, 4];

/** A Linear (4, 4), square so that a transposed gradient has the right shape, whose gradients are changed afterward. */
function linear(
  spoil: (weight: NdArray, bias: NdArray, dx: NdArray, layer: Linear, dout: NdArray) => NdArray,
): WrongLayer {
  const make = (rng: Random) => {
    const layer = new Linear(4, 4, { init: 'normal:1', rng, dtype });
    return new Mutant(layer, (dout) => {
      const [weight, bias] = layer.parameters();
      const held = [weight, bias].map(({ grad }) => multiply(grad, 1));
      const dx = layer.backward(dout);
      const added = [weight, bias].map(({ grad }, i) => subtract(grad, held[i]));
      assign(weight.grad, held[0]);
      assign(bias.grad, held[1]);
      return spoil(added[0], added[1], dx, layer, dout);
    });
  };
  return { make, shape };
}

function gradsOf(layer: Linear): [NdArray, NdArray] {
  const [weight, bias] = layer.parameters();
  return [weight.grad, bias.grad];
}

/** Adds the given gradients as a right layer would. */
function give(layer: Linear, weight: NdArray, bias: NdArray): void {
  const [weightGrad, biasGrad] = gradsOf(layer);
  addInPlace(weightGrad, weight);
  addInPlace(biasGrad, bias);
}

const elu = (wrong: (dout: NdArray, x: NdArray, out: NdArray) => NdArray): WrongLayer => {
  return { make: () => new Mutant(new ELU({ alpha: 0.7 }), wrong), shape };
};

/** A GELU whose slope is made of x, the share s that passes, and the slope of the sigmoid's argument. */
const gelu = (slope: (x: number, s: number, dw: number) => number): WrongLayer => {
  const at = (x: number) => {
    const s = 1 / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
    return slope(x, s, 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x ** 2));
  };
  return { make: () => new Mutant(new GELU(), (dout, x) => multiply(dout, map(x, at))), shape };
};

/** A Residual around a Tanh, whose wrong backward is given the dx of the tanh. */
const residual = (wrong: (dout: NdArray, dInner: NdArray) => NdArray): WrongLayer => {
  const make = () => {
    const inner = new Tanh();
    return new Mutant(new Residual(inner), (dout) => wrong(dout, inner.backward(dout)));
  };
  return { make, shape };
};

const relu = (wrong: (dout: NdArray, x: NdArray) => NdArray): WrongLayer => {
  return { make: () => new Mutant(new ReLU(), wrong), shape };
};

const tanh = (slope: (out: number, x: number) => number): WrongLayer => {
  const wrong = (dout: NdArray, x: NdArray, out: NdArray) => multiply(dout, zipWith(out, x, slope));
  return { make: () => new Mutant(new Tanh(), wrong), shape };
};

/** A Dropout(0.4), whose wrong backward is given the mask, 0 or 1/0.6. */
const dropout = (wrong: (dout: NdArray, mask: NdArray, draws: Random) => NdArray): WrongLayer => {
  const make = (_rng: Random, draws: Random) => {
    return new Mutant(new Dropout(0.4, { rng: draws }), (dout, x, out) => wrong(dout, divide(out, x), draws));
  };
  return { make, shape };
};

const softmax = (wrong: (dout: NdArray, probs: NdArray) => NdArray): WrongLayer => {
  return { make: () => new Mutant(new Softmax(), (dout, _x, probs) => wrong(dout, probs)), shape };
};

const softmaxBackward = (dout: NdArray, probs: NdArray) =>
  multiply(probs, subtract(dout, sum(multiply(dout, probs), { axis: -1, keepDims: true })));

/** Wrong layers by what is wrong with them, each with the shape of the input it takes. */
export const WRONG_LAYERS: Record<string, WrongLayer> = {
  'Linear: dW with the wrong sign': linear((weight, bias, dx, layer) => {
    give(layer, negative(weight), bias);
    return dx;
  }),
  'Linear: dW transposed': linear((weight, bias, dx, layer) => {
    give(layer, transpose(weight), bias);
    return dx;
  }),
  'Linear: dW averaged over the batch': linear((weight, bias, dx, layer) => {
    give(layer, divide(weight, 3), bias);
    return dx;
  }),
  'Linear: db forgotten': linear((weight, _bias, dx, layer) => {
    give(layer, weight, zerosLike(_bias));
    return dx;
  }),
  'Linear: db the mean instead of the sum': linear((weight, _bias, dx, layer, dout) => {
    give(layer, weight, mean(dout, 0));
    return dx;
  }),
  'Linear: gradients overwritten instead of added': linear((weight, bias, dx, layer) => {
    const [weightGrad, biasGrad] = gradsOf(layer);
    assign(weightGrad, weight);
    assign(biasGrad, bias);
    return dx;
  }),
  'Linear: dx with W transposed': linear((weight, bias, _dx, layer, dout) => {
    give(layer, weight, bias);
    return matmul(dout, transpose(layer.weight.value));
  }),
  'Linear: dx of zeros': linear((weight, bias, dx, layer) => {
    give(layer, weight, bias);
    return zerosLike(dx);
  }),
  'Linear: dx twice as large': linear((weight, bias, dx, layer) => {
    give(layer, weight, bias);
    return multiply(dx, 2);
  }),
  'Linear: dx of the transposed shape': linear((weight, bias, dx, layer) => {
    give(layer, weight, bias);
    return transpose(dx);
  }),
  'Linear: dout is changed': linear((weight, bias, dx, layer, dout) => {
    give(layer, weight, bias);
    assign(dout, 0);
    return dx;
  }),
  'ELU: slope 1 everywhere': elu((dout) => multiply(dout, 1)),
  'ELU: α forgotten in the negative branch': elu((dout, x) =>
    zipWith(dout, x, (d, v) => (v > 0 ? d : d * Math.exp(v))),
  ),
  'ELU: expm1 in place of exp': elu((dout, x) => zipWith(dout, x, (d, v) => (v > 0 ? d : d * 0.7 * Math.expm1(v)))),
  'ELU: negative branch passes nothing': elu((dout, x) => zipWith(dout, x, (d, v) => (v > 0 ? d : 0))),
  'ELU: branches swapped': elu((dout, x) => zipWith(dout, x, (d, v) => (v > 0 ? d * 0.7 * Math.exp(v) : d))),
  'GELU: the share alone, its own slope forgotten': gelu((_x, s) => s),
  'GELU: slope 1 everywhere': gelu(() => 1),
  'GELU: the factor x of the second term forgotten': gelu((_x, s, dw) => s + s * (1 - s) * dw),
  'GELU: the factor 3 of the cube’s slope forgotten': gelu((x, s) => {
    return s + x * s * (1 - s) * 2 * Math.sqrt(2 / Math.PI) * (1 + 0.044715 * x ** 2);
  }),
  'GELU: the cube forgotten in the slope': gelu((x, s) => s + x * s * (1 - s) * 2 * Math.sqrt(2 / Math.PI)),
  'GELU: the slope of u in place of that of 2u': gelu((x, s, dw) => s + (x * s * (1 - s) * dw) / 2),
  'GELU: tanh’s slope in place of the sigmoid’s': gelu((x, s, dw) => s + x * (1 - s * s) * dw),
  'Residual: the way past forgotten': residual((_dout, dInner) => dInner),
  'Residual: the way through forgotten': residual((dout) => multiply(dout, 1)),
  'Residual: the two ways averaged': residual((dout, dInner) => divide(add(dout, dInner), 2)),
  'Residual: the difference of the two ways': residual((dout, dInner) => subtract(dout, dInner)),
  'ReLU: slope 1 everywhere': relu((dout) => multiply(dout, 1)),
  'ReLU: passes where the input is negative': relu((dout, x) => zipWith(dout, x, (d, v) => (v < 0 ? d : 0))),
  'ReLU: asks the gradient instead of the input': relu((dout) => map(dout, (d) => Math.max(d, 0))),
  'ReLU: asks both': relu((dout, x) => zipWith(dout, x, (d, v) => (v > 0 ? Math.max(d, 0) : 0))),
  'ReLU: times the input': relu((dout, x) => zipWith(dout, x, (d, v) => d * Math.max(v, 0))),
  'Tanh: the square forgotten': tanh((y) => 1 - y),
  'Tanh: the square of the input': tanh((_y, x) => 1 - x * x),
  'Tanh: the sigmoid’s slope': tanh((y) => y * (1 - y)),
  'Tanh: the wrong sign': tanh((y) => y * y - 1),
  'Tanh: slope 1 everywhere': tanh(() => 1),
  'Dropout: the mask forgotten': dropout((dout) => multiply(dout, 1)),
  'Dropout: the mask forgotten, but scaled': dropout((dout) => divide(dout, 0.6)),
  'Dropout: not scaled': dropout((dout, mask) => multiply(dout, multiply(mask, 0.6))),
  'Dropout: scaled by 1/p': dropout((dout, mask) => multiply(dout, multiply(mask, 0.6 / 0.4))),
  'Dropout: multiplied by 1 − p': dropout((dout, mask) => multiply(dout, multiply(mask, 0.6 * 0.6))),
  'Dropout: what was dropped instead of what was kept': dropout((dout, mask) =>
    zipWith(dout, mask, (d, m) => (m === 0 ? d / 0.6 : 0)),
  ),
  'Dropout: another mask': dropout((dout, _mask, draws) => new Dropout(0.4, { rng: draws }).forward(dout)),
  'Softmax: the derivative on the diagonal only': softmax((dout, p) =>
    multiply(
      dout,
      zipWith(p, p, (a, b) => a * (1 - b)),
    ),
  ),
  'Softmax: the sum of the row forgotten': softmax((dout, p) => multiply(dout, p)),
  'Softmax: 17 times too large': softmax((dout, p) => multiply(softmaxBackward(dout, p), 17)),
  'Softmax: the wrong sign': softmax((dout, p) => negative(softmaxBackward(dout, p))),
  'Softmax: zeros': softmax((dout) => zerosLike(dout)),
  'Softmax: the sum over the wrong axis': softmax((dout, p) =>
    multiply(p, subtract(dout, sum(multiply(dout, p), { axis: 0, keepDims: true }))),
  ),
  ...WRONG_NORMS,
  ...WRONG_IMAGE_LAYERS,
};

/** A right loss with another backward. */
function wrongLoss(right: Loss, wrong: (dx: NdArray, outputs: NdArray, targets: NdArray) => NdArray): Loss {
  let last: [NdArray, NdArray] | undefined;
  return {
    forward(outputs, targets) {
      last = [outputs, targets];
      return right.forward(outputs, targets);
    },
    backward() {
      if (!last) throw new Error('forward first');
      return wrong(right.backward(), ...last);
    },
  };
}

/** Wrong losses by what is wrong with them; the first kind takes probabilities, the second logits. */
export const WRONG_LOSSES: Record<string, () => Loss> = {
  'CrossEntropy: 1/N forgotten': () => wrongLoss(new CrossEntropy(), (dx) => multiply(dx, 3)),
  'CrossEntropy: the wrong sign': () => wrongLoss(new CrossEntropy(), negative),
  'CrossEntropy: divided by N · C': () => wrongLoss(new CrossEntropy(), (dx) => divide(dx, 4)),
  'CrossEntropy: T in place of T ⊘ X': () =>
    wrongLoss(new CrossEntropy(), (_dx, _x, targets) => multiply(targets, -1 / 3)),
  'MSELoss: the factor 2 forgotten': () => wrongLoss(new MSELoss(), (dx) => multiply(dx, 0.5)),
  'MSELoss: divided by N only': () => wrongLoss(new MSELoss(), (dx) => multiply(dx, 4)),
  'MSELoss: the wrong sign': () => wrongLoss(new MSELoss(), negative),
  'SoftmaxCrossEntropy: T not subtracted': () =>
    wrongLoss(new SoftmaxCrossEntropy(), (dx, _x, targets) => zipWith(dx, targets, (d, t) => d + t / 3)),
  'SoftmaxCrossEntropy: 1/N forgotten': () => wrongLoss(new SoftmaxCrossEntropy(), (dx) => multiply(dx, 3)),
  'SoftmaxCrossEntropy: exponentials not normalized': () =>
    wrongLoss(new SoftmaxCrossEntropy(), (_dx, x, targets) => divide(subtract(exp(x), targets), 3)),
  'SoftmaxCrossEntropy: the backward of probabilities': () =>
    wrongLoss(new SoftmaxCrossEntropy(), (_dx, x, targets) =>
      divide(negative(targets), multiply(new Softmax().forward(x), 3)),
    ),
};
