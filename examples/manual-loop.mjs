// A training loop without a Trainer: forward, loss, backward and update by hand, down to the arrays.
import { addInPlace, array, ELU, Linear, oneHot, Random, SoftmaxCrossEntropy } from 'handgrad';

// Four classes: the quadrants of the plane.
const rng = new Random(1);
const points = Array.from({ length: 400 }, () => [rng.nextNormal(), rng.nextNormal()]);
const labels = points.map(([a, b]) => 2 * Number(a > 0) + Number(b > 0));
const x = array(points); // (N, D) = (400, 2)
const targets = oneHot(labels, 4); // (N, C) = (400, 4)

const init = 'kaiming';
const first = new Linear(2, 16, { init, rng });
const activation = new ELU();
const second = new Linear(16, 4, { init, rng });
const loss = new SoftmaxCrossEntropy();
const parameters = [...first.parameters(), ...second.parameters()];

const learningRate = 0.5;
for (let step = 0; step <= 200; step++) {
  // Forward.
  const hidden = activation.forward(first.forward(x)); // (N, 16)
  const logits = second.forward(hidden); // (N, 4)
  const value = loss.forward(logits, targets);
  if (step % 50 === 0) console.log(`step ${step}: loss ${value.toFixed(4)}`);

  // Backward, in reverse order. Each call adds to the gradients of its layer.
  for (const { grad } of parameters) grad.data.fill(0);
  const dlogits = loss.backward(); // (N, 4)
  const dhidden = second.backward(dlogits); // (N, 16)
  first.backward(activation.backward(dhidden)); // (N, 2), not needed

  // Update.
  for (const { value, grad } of parameters) addInPlace(value, grad, -learningRate);
}
