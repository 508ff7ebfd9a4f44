// A training loop without Trainer: batches, forward, loss, backward and update by hand, with the shape of every array.
import { accuracy, addInPlace, assign, at, ELU, Linear, oneHot, Random, SoftmaxCrossEntropy, take } from 'handgrad';

// Four classes: the quadrants of the plane.
const rng = new Random(1);
const N = 400;
const x = rng.normal([N, 2]); // (400, 2)
const labels = Array.from({ length: N }, (_, n) => 2 * Number(at(x, n, 0) > 0) + Number(at(x, n, 1) > 0));
const targets = oneHot(labels, 4); // (400, 4)

const init = 'kaiming';
const first = new Linear(2, 16, { init, rng }); // weight (16, 2), bias (16,)
const activation = new ELU();
const second = new Linear(16, 4, { init, rng }); // weight (4, 16), bias (4,)
const parameters = [...first.parameters(), ...second.parameters()];
const loss = new SoftmaxCrossEntropy();
const forward = (input) => second.forward(activation.forward(first.forward(input))); // (B, 2) → (B, 16) → (B, 4)

const [batchSize, learningRate] = [50, 0.5];
for (let epoch = 1; epoch <= 20; epoch++) {
  const order = rng.permutation(N); // each epoch visits every sample once, in a new order
  let total = 0;
  for (let start = 0; start < N; start += batchSize) {
    const rows = order.subarray(start, start + batchSize); // B = 50 sample numbers

    // Forward. Each layer keeps what its backward needs.
    const logits = forward(take(x, rows)); // (50, 4)
    total += loss.forward(logits, take(targets, rows)) * rows.length;

    // Backward, in reverse order. Each layer adds to its gradients, so they start at 0.
    for (const { grad } of parameters) assign(grad, 0);
    const dlogits = loss.backward(); // (50, 4)
    const dhidden = second.backward(dlogits); // (50, 16)
    const dlinear = activation.backward(dhidden); // (50, 16)
    first.backward(dlinear); // (50, 2), the gradient of the points, which nothing needs

    // Update: one step against the gradient, which has the shape of its parameter.
    for (const { value, grad } of parameters) addInPlace(value, grad, -learningRate);
  }
  if (epoch % 5 === 0) console.log(`epoch ${epoch}: loss ${(total / N).toFixed(4)}`);
}
console.log(`accuracy ${accuracy(forward(x), targets).toFixed(3)}`);
