// A loss of your own: the Huber loss for regression, checked, and used. Outliers pull less on it than on squares.
import { at, checkLoss, Linear, map, mean, multiply, Random, SGD, setAt, subtract, trainStep } from 'handgrad';

/**
 * The Huber loss (1964) of the errors E = X − T is the mean of h(E). Here h(e) = e²/2 for |e| ≤ δ, and δ (|e| − δ/2)
 * beyond: a parabola that continues as two straight lines. Its slope is h'(e) = e, clamped to [−δ, δ]. A mean over
 * M elements divides by M, so dL/dX = h'(E) / M. With δ = ∞ it is half the mean squared error.
 */
class Huber {
  constructor(delta) {
    this.delta = delta;
  }

  forward(x, targets) {
    const { delta } = this;
    this.errors = subtract(x, targets); // the shape of x
    const h = (e) => (Math.abs(e) <= delta ? e ** 2 / 2 : delta * (Math.abs(e) - delta / 2));
    return mean(map(this.errors, h));
  }

  backward() {
    const { delta, errors } = this;
    const slopes = map(errors, (e) => Math.max(-delta, Math.min(delta, e))); // the shape of x
    return multiply(slopes, 1 / errors.size);
  }
}

// The check. With δ = 0.7 some errors are inside of [−δ, δ] and some are outside, so both branches are checked.
const rng = new Random(1);
const [outputs, truth] = [rng.normal([4, 3], { dtype: 'float64' }), rng.normal([4, 3], { dtype: 'float64' })];
console.log(String(checkLoss(new Huber(0.7), outputs, truth)));

// Points on the line y = 2x + 1, with noise. Every tenth point is far off.
const N = 100;
const x = rng.uniform([N, 1], { low: -1, high: 1 }); // (N, 1)
const y = map(x, (value) => 2 * value + 1 + 0.1 * rng.nextNormal()); // (N, 1)
for (let n = 0; n < N; n += 10) setAt(y, [n, 0], 8 * at(x, n, 0) + 12);

for (const [name, delta] of Object.entries({ 'half the squared error': Infinity, 'the Huber loss': 0.5 })) {
  const loss = new Huber(delta);
  const line = new Linear(1, 1, { init: 'zeros' });
  const sgd = new SGD(line.parameters(), { learningRate: 0.5 });
  for (let step = 0; step < 300; step++) trainStep(line, loss, sgd, x, y);
  const [weight, bias] = line.parameters();
  console.log(`${name} finds y = ${at(weight.value, 0, 0).toFixed(2)} x + ${at(bias.value, 0).toFixed(2)}`);
}
console.log('the points are on y = 2 x + 1, except for every tenth');
