// A loss of your own, the Huber loss for regression: derived, checked, and used. Outliers pull less than with squares.
import { abs, array, at, checkLoss, divide, Linear, map, Random, SGD, subtract, sum, trainStep } from 'handgrad';

/**
 * The Huber loss with δ = 1: the mean of h(x − t), with h(e) = e²/2 for |e| ≤ 1 and |e| − 1/2 beyond. Its derivative is
 * h'(e) = e clamped to [−1, 1], so dL/dx = h'(x − t) / size.
 */
class Huber {
  forward(x, targets) {
    this.difference = subtract(x, targets); // the shape of x
    const h = map(abs(this.difference), (e) => (e <= 1 ? e ** 2 / 2 : e - 1 / 2));
    return sum(h) / x.size;
  }

  backward() {
    const slope = map(this.difference, (e) => Math.max(-1, Math.min(1, e)));
    return divide(slope, slope.size);
  }
}

const rng = new Random(1);
const [x, t] = [rng.normal([4, 3], { std: 2, dtype: 'float64' }), rng.normal([4, 3], { dtype: 'float64' })];
console.log(String(checkLoss(new Huber(), x, t)));

// A line through points of y = 2x + 1, every tenth of which is far off.
const inputs = Array.from({ length: 100 }, (_, n) => n / 50 - 1);
const outputs = inputs.map((value, n) => 2 * value + 1 + (n % 10 === 0 ? 20 : 0.1 * rng.nextNormal()));
const line = new Linear(1, 1);
const sgd = new SGD(line.parameters(), { learningRate: 0.5 });
for (let step = 0; step < 300; step++) {
  trainStep(line, new Huber(), sgd, array(inputs, [100, 1]), array(outputs, [100, 1]));
}
console.log(`y = ${at(line.weight.value, 0, 0).toFixed(2)} x + ${at(line.bias.value, 0).toFixed(2)}`);
