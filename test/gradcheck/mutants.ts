import {
  addInPlace,
  assign,
  CrossEntropy,
  divide,
  ELU,
  exp,
  type Layer,
  LayerNorm,
  Linear,
  type Loss,
  map,
  matmul,
  mean,
  multiply,
  type NdArray,
  negative,
  type Parameter,
  type Random,
  Softmax,
  SoftmaxCrossEntropy,
  square,
  subtract,
  sum,
  transpose,
  zerosLike,
  zipWith,
} from '../../src/index.js';

/** Backwards that are wrong in the ways in which people get them wrong. Each must fail its gradient check. */

const dtype = 'float64';

/** A right layer with another backward. */
class Mutant implements Layer {
  x: NdArray | undefined;
  out: NdArray | undefined;

  constructor(
    private readonly right: Layer,
    private readonly wrong: (dout: NdArray, x: NdArray, out: NdArray) => NdArray,
  ) {}

  forward(x: NdArray): NdArray {
    this.x = x;
    this.out = this.right.forward(x);
    return this.out;
  }

  backward(dout: NdArray): NdArray {
    if (!this.x || !this.out) throw new Error('forward first');
    return this.wrong(dout, this.x, this.out);
  }

  parameters(): Parameter[] {
    return this.right.parameters();
  }

  train(): void {}
  eval(): void {}
}

type MakeLayer = (rng: Random) => Layer;

/** A Linear (4, 4), square so that a transposed gradient has the right shape, whose gradients are changed afterwards. */
function linear(
  spoil: (weight: NdArray, bias: NdArray, dx: NdArray, layer: Linear, dout: NdArray) => NdArray,
): MakeLayer {
  return (rng) => {
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

const elu = (wrong: (dout: NdArray, x: NdArray, out: NdArray) => NdArray): MakeLayer => {
  return () => new Mutant(new ELU({ alpha: 0.7 }), wrong);
};

const softmax = (wrong: (dout: NdArray, probs: NdArray) => NdArray): MakeLayer => {
  return () => new Mutant(new Softmax(), (dout, _x, probs) => wrong(dout, probs));
};

const softmaxBackward = (dout: NdArray, probs: NdArray) =>
  multiply(probs, subtract(dout, sum(multiply(dout, probs), { axis: -1, keepDims: true })));

interface Terms {
  dout: NdArray;
  dxHat: NdArray;
  xHat: NdArray;
  centred: NdArray;
  rstd: NdArray;
  axis: number;
}

const average = (x: NdArray, axis = -1) => mean(x, { axis, keepDims: true });

const normBackward = ({ dxHat, xHat, rstd, axis }: Terms) =>
  multiply(rstd, subtract(subtract(dxHat, average(dxHat, axis)), multiply(xHat, average(multiply(xHat, dxHat), axis))));

/** A LayerNorm with parameters off their first values, with dx, dγ and dβ from terms that may be spoiled. */
function layerNorm(wrong: {
  terms?: (terms: Terms) => Terms;
  dx?: (terms: Terms) => NdArray;
  dgamma?: (terms: Terms) => NdArray;
  dbeta?: (terms: Terms) => NdArray;
}): MakeLayer {
  return (rng) => {
    const layer = new LayerNorm(5, { dtype });
    assign(layer.gamma.value, rng.normal([5], { dtype }));
    assign(layer.beta.value, rng.normal([5], { dtype }));
    return new Mutant(layer, (dout, x) => {
      const centred = subtract(x, average(x));
      const rstd = map(average(square(centred)), (variance) => 1 / Math.sqrt(variance + 1e-5));
      const right = {
        dout,
        dxHat: multiply(dout, layer.gamma.value),
        xHat: multiply(centred, rstd),
        centred,
        rstd,
        axis: -1,
      };
      const terms = wrong.terms ? wrong.terms(right) : right;
      addInPlace(layer.gamma.grad, wrong.dgamma ? wrong.dgamma(terms) : sum(multiply(dout, terms.xHat), { axis: 0 }));
      addInPlace(layer.beta.grad, wrong.dbeta ? wrong.dbeta(terms) : sum(dout, { axis: 0 }));
      return wrong.dx ? wrong.dx(terms) : normBackward(terms);
    });
  };
}

/** Wrong layers by what is wrong with them; each takes an input of (3, 4), and LayerNorm's of (3, 5). */
export const WRONG_LAYERS: Record<string, MakeLayer> = {
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
  'LayerNorm: γ forgotten': layerNorm({ terms: (t) => ({ ...t, dxHat: t.dout }) }),
  'LayerNorm: the mean of dxHat not subtracted': layerNorm({
    dx: ({ dxHat, xHat, rstd }) => multiply(rstd, subtract(dxHat, multiply(xHat, average(multiply(xHat, dxHat))))),
  }),
  'LayerNorm: the path through the variance forgotten': layerNorm({
    dx: ({ dxHat, rstd }) => multiply(rstd, subtract(dxHat, average(dxHat))),
  }),
  'LayerNorm: mean and variance taken as constants': layerNorm({ dx: ({ dxHat, rstd }) => multiply(rstd, dxHat) }),
  'LayerNorm: not divided by the deviation': layerNorm({ dx: (t) => divide(normBackward(t), t.rstd) }),
  'LayerNorm: multiplied by the deviation': layerNorm({ dx: (t) => divide(divide(normBackward(t), t.rstd), t.rstd) }),
  'LayerNorm: means over the batch': layerNorm({ dx: (t) => normBackward({ ...t, axis: 0 }) }),
  'LayerNorm: the unbiased variance’s factor': layerNorm({
    dx: (t) =>
      multiply(
        t.rstd,
        subtract(
          subtract(t.dxHat, average(t.dxHat)),
          multiply(t.xHat, multiply(average(multiply(t.xHat, t.dxHat)), 5 / 4)),
        ),
      ),
  }),
  'LayerNorm: dγ with x − μ in place of x̂': layerNorm({
    dgamma: ({ dout, centred }) => sum(multiply(dout, centred), 0),
  }),
  'LayerNorm: dγ and dβ exchanged': layerNorm({
    dgamma: ({ dout }) => sum(dout, 0),
    dbeta: ({ dout, xHat }) => sum(multiply(dout, xHat), 0),
  }),
  'LayerNorm: dβ the mean instead of the sum': layerNorm({ dbeta: ({ dout }) => mean(dout, 0) }),
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
  'SoftmaxCrossEntropy: T not subtracted': () =>
    wrongLoss(new SoftmaxCrossEntropy(), (dx, _x, targets) => zipWith(dx, targets, (d, t) => d + t / 3)),
  'SoftmaxCrossEntropy: 1/N forgotten': () => wrongLoss(new SoftmaxCrossEntropy(), (dx) => multiply(dx, 3)),
  'SoftmaxCrossEntropy: exponentials not normalised': () =>
    wrongLoss(new SoftmaxCrossEntropy(), (_dx, x, targets) => divide(subtract(exp(x), targets), 3)),
  'SoftmaxCrossEntropy: the backward of probabilities': () =>
    wrongLoss(new SoftmaxCrossEntropy(), (_dx, x, targets) =>
      divide(negative(targets), multiply(new Softmax().forward(x), 3)),
    ),
};
