import * as jax from '@jax-js/jax';
import { type InferTask, isImageTask, type Net, type ProductTask, type TrainTask } from '../tasks.js';
import { byLayer, Cannot, type Data, type Numbers, packageVersion, type Run, type Start } from './peer.js';

/**
 * jax-js as its users write it: a loss, its gradient by `valueAndGrad`, and the whole step under `jit`, which fuses
 * it. It counts references: a call that takes `x` uses it up, one that takes `x.ref` leaves it.
 */
export const start: Start = async (_args, data) => {
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  return {
    versions: { 'jax-js': packageVersion('@jax-js/jax') },
    open: (task) => {
      // `lax.convGeneralDilated` with its gradients: 8 × 64 × 16 × 16, 64 kernels of 3×3, took 4 to 6 s, compiled.
      if (isImageTask(task)) throw new Cannot('convolves at 0.1 GFLOPS, too slowly for it');
      if (task.kind === 'train') return train(task, data);
      if (task.kind === 'infer') return infer(task, data);
      return product(task, data);
    },
  };
};

const { numpy: np, nn } = jax;
type A = jax.Array;

const EPS = 1e-5;
const MOMENTUM = 0.1;
const ADAM = { beta1: 0.9, beta2: 0.999, eps: 1e-8 };

/** The logits; `norm` is what a batch norm does to its input, by the number of its layer. */
function forward(net: Net, parameters: A[], x: A, norm: (z: A, layer: number) => A): A {
  const layers = byLayer(net, parameters);
  return layers.reduce((input, { weight, bias, gamma, beta }, i) => {
    let z = np.matmul(input, np.transpose(weight)).add(bias);
    if (gamma !== undefined && beta !== undefined) z = norm(z, i).mul(gamma).add(beta);
    return i < layers.length - 1 ? nn.elu(z) : z;
  }, x);
}

function train(task: TrainTask, data: Data): Run {
  const { net, batch } = task;
  const given = data.batch(task);
  const [x, targets] = [load(given.x), load(given.targets)];
  const parameters = data.parameters(net).map(load);
  const zeros = () => (net.optimizer === 'adam' ? parameters.map((p) => np.zerosLike(p.ref)) : []);
  const normed = net.norm ? net.widths.slice(1, -1) : [];
  const running = normed.flatMap((width) => [np.zeros([width]), np.ones([width])]);
  let state = { parameters, means: zeros(), squares: zeros(), running };
  let loss = np.array(Number.NaN);
  let count = 0;
  const step = jax.jit(makeStep(net, batch));
  return {
    run: async () => {
      count++;
      const rate = net.learningRate / (1 - ADAM.beta1 ** count);
      const correction = 1 / (1 - ADAM.beta2 ** count);
      loss.dispose();
      [loss, state] = step(state, x.ref, targets.ref, np.array(rate), np.array(correction));
      await jax.blockUntilReady([loss, state]);
    },
    answer: () => loss.ref.data(),
    close: () => {
      jax.tree.dispose([loss, state, x, targets]);
      step.dispose();
    },
  };
}

type State = { parameters: A[]; means: A[]; squares: A[]; running: A[] };

/** One step as a function of everything that it reads, to everything that it changes. */
function makeStep({ ...net }: Net, batch: number) {
  const lossAndStatistics = (parameters: A[], x: A, targets: A): [A, A[]] => {
    const statistics: A[] = [];
    const logits = forward(net, parameters, x, (z) => {
      const mean = z.ref.mean(0);
      const centered = z.sub(mean.ref);
      const variance = np.square(centered.ref).mean(0);
      statistics.push(mean, variance.ref.mul(batch / (batch - 1)));
      return centered.div(np.sqrt(variance.add(EPS)));
    });
    return [
      nn
        .logSoftmax(logits)
        .mul(targets)
        .sum()
        .mul(-1 / batch),
      statistics,
    ];
  };
  return (state: State, x: A, targets: A, rate: A, correction: A): [A, State] => {
    const parameters = state.parameters.map((p) => p.ref);
    const [[loss, statistics], gradients] = jax.valueAndGrad(lossAndStatistics, { hasAux: true })(
      parameters,
      x,
      targets,
    );
    const running = state.running.map((old, i) => blend(old, statistics[i], 1 - MOMENTUM));
    if (net.optimizer === 'sgd') {
      jax.tree.dispose([rate, correction]);
      const moved = state.parameters.map((p, i) => p.sub(gradients[i].mul(net.learningRate)));
      return [loss, { ...state, parameters: moved, running }];
    }
    const means = state.means.map((mean, i) => blend(mean, gradients[i].ref, ADAM.beta1));
    const squares = state.squares.map((square, i) => blend(square, np.square(gradients[i]), ADAM.beta2));
    const moved = state.parameters.map((p, i) => {
      const size = np.sqrt(squares[i].ref.mul(correction.ref)).add(ADAM.eps);
      return p.sub(means[i].ref.mul(rate.ref).div(size));
    });
    jax.tree.dispose([rate, correction]);
    return [loss, { parameters: moved, means, squares, running }];
  };
}

function infer({ net }: InferTask, data: Data): Run {
  const parameters = data.parameters(net).map(load);
  const batches = data.batches().map(load);
  // The running statistics at the start: means of 0 and variances of 1.
  const classify = jax.jit(
    (given: A[], x: A): A => nn.softmax(forward(net, given, x, (z) => z.div(Math.sqrt(1 + EPS)))),
  );
  let probs: A[] = [];
  return {
    run: async () => {
      jax.tree.dispose(probs);
      probs = batches.map((x) =>
        classify(
          parameters.map((p) => p.ref),
          x.ref,
        ),
      );
      await jax.blockUntilReady(probs);
    },
    answer: async () =>
      (await Promise.all(probs.map((p) => p.ref.data()))).flatMap((p: ArrayLike<number>) => Array.from(p)),
    close: () => {
      jax.tree.dispose([probs, parameters, batches]);
      classify.dispose();
    },
  };
}

function product(task: ProductTask, data: Data): Run {
  const [a, b] = data.operands(task).map(load);
  const multiply = jax.jit((a: A, b: A): A => np.matmul(a, b));
  let out: A | undefined;
  return {
    run: async () => {
      out?.dispose();
      out = multiply(a.ref, b.ref);
      await out.blockUntilReady();
    },
    answer: () => (out ?? a).ref.data(),
    close: () => {
      jax.tree.dispose([a, b, ...(out ? [out] : [])]);
      multiply.dispose();
    },
  };
}

/** share · old + (1 − share) · fresh. */
function blend(old: A, fresh: A, share: number): A {
  return old.mul(share).add(fresh.mul(1 - share));
}

function load({ data, shape }: Numbers): A {
  if (data instanceof Float32Array) return np.array(data as Float32Array<ArrayBuffer>).reshape([...shape]);
  // Handed float64, it looks for Float16Array, which Node 20 lacks; the bench's float64 numbers were float32 once.
  return np
    .array(Float32Array.from(data))
    .reshape([...shape])
    .astype(np.float64);
}
