// A layer of your own with a parameter, and its gradient check. Then the same layer with two mistakes.
import { add, addInPlace, assign, checkLayer, Module, map, multiply, ones, Parameter, Random, sum } from 'handgrad';

/**
 * Swish (Ramachandran et al. 2017, arXiv 1710.05941): Y = X ∘ S with S = σ(βX), σ(z) = 1 / (1 + e^-z), and β learned.
 * Because σ' = σ (1 − σ), the slope of S is β S (1 − S) with respect to X, and X S (1 − S) with respect to β. So
 * dL/dX = dL/dY ∘ (S + βX S (1 − S)), and dL/dβ = the sum of dL/dY ∘ X² S (1 − S).
 */
class Swish extends Module {
  /** @param {import('handgrad').Dtype} dtype */
  constructor(dtype = 'float32') {
    super();
    this.beta = new Parameter('beta', ones([1], dtype));
  }

  parameters() {
    return [this.beta];
  }

  forward(x) {
    const z = multiply(this.beta.value, x); // the shape of x, as all arrays below
    const s = map(z, (value) => 1 / (1 + Math.exp(-value)));
    this.cache = { x, z, s, slope: map(s, (value) => value * (1 - value)) };
    return multiply(x, s);
  }

  backward(dout) {
    const { x, z, s, slope } = this.cache;
    addInPlace(this.beta.grad, sum(multiply(dout, multiply(multiply(x, x), slope)))); // (1,)
    return multiply(dout, add(s, multiply(z, slope)));
  }
}

/** Forgets the product rule: X is also inside S. */
class WithoutProductRule extends Swish {
  backward(dout) {
    super.backward(dout);
    return multiply(dout, this.cache.s);
  }
}

/** Overwrites the gradient of beta. A layer adds to it, so that the gradients of several batches can be summed. */
class Overwriting extends Swish {
  backward(dout) {
    assign(this.beta.grad, 0);
    return super.backward(dout);
  }
}

// Gradient checks need float64. Sizes that differ reveal a swapped axis.
const x = new Random(1).normal([3, 5], { std: 2, dtype: 'float64' });
for (const Layer of [Swish, WithoutProductRule, Overwriting]) {
  const layer = new Layer('float64');
  assign(layer.beta.value, 1.5); // at β = 1 nobody notices a missing β
  const report = checkLayer(layer, x);
  console.log(`${report}\n${report.passed ? 'Right.' : 'Wrong: see the row that FAILS.'}\n`);
}
