// A layer of your own, softplus(x) = ln(1 + eˣ), and its gradient check. Then the same layer with a mistake.
import { add, checkLayer, divide, exp, log1p, Module, multiply, negative, Random } from 'handgrad';

/**
 * Softplus, a smooth ReLU: Y = ln(1 + e^X). Its derivative is e^x / (1 + e^x) = 1 / (1 + e^-x), the sigmoid, so
 * dL/dX = dL/dY ∘ sigmoid(X).
 */
class Softplus extends Module {
  forward(x) {
    this.x = x;
    return log1p(exp(x)); // the shape of x
  }

  backward(dout) {
    const sigmoid = divide(1, add(1, exp(negative(this.x)))); // the shape of x
    return multiply(dout, sigmoid);
  }
}

/** The same layer with a sign error in the sigmoid. */
class WrongSoftplus extends Softplus {
  backward(dout) {
    return multiply(dout, divide(1, add(1, exp(this.x))));
  }
}

// Gradient checks need float64. Small sizes that differ reveal a swapped axis.
const x = new Random(1).normal([3, 5], { dtype: 'float64' });
for (const layer of [new Softplus(), new WrongSoftplus()]) {
  const report = checkLayer(layer, x);
  console.log(String(report));
  console.log(report.passed ? 'The gradient is right.\n' : 'The gradient is wrong.\n');
}
