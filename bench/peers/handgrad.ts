import {
  Adam,
  asArray,
  assign,
  astype,
  type BackendName,
  BatchNorm1d,
  concatenate,
  type Dtype,
  ELU,
  type Layer,
  Linear,
  matmul,
  type NdArray,
  Sequential,
  SGD,
  Softmax,
  SoftmaxCrossEntropy,
  setBackend,
} from '../../lib/index.js';
import { version } from '../../lib/node/runs/version.js';
import type { InferTask, Net, ProductTask, TrainTask } from '../tasks.js';
import type { Data, Numbers, Run, Start } from './peer.js';

/** handgrad as a user would write it. Arguments: engine, threads, and `float64` to be the judge of others. */
export const start: Start = ([engine, threads, dtype = 'float32'], data) => {
  setBackend(engine as BackendName, { threads: Number(threads) });
  return {
    versions: { handgrad: version() },
    open: (task) => {
      if (task.kind === 'train') return train(task, data, dtype as Dtype);
      if (task.kind === 'infer') return infer(task, data, dtype as Dtype);
      return product(task, data);
    },
  };
};

/** The net with the given parameters, up to the logits. */
function build(net: Net, data: Data, dtype: Dtype): Sequential {
  const layers = net.widths.slice(1).flatMap((width, i): Layer[] => {
    const linear = new Linear(net.widths[i], width, { dtype });
    if (i === net.widths.length - 2) return [linear];
    return net.norm ? [linear, new BatchNorm1d(width, { dtype }), new ELU()] : [linear, new ELU()];
  });
  const model = new Sequential(...layers);
  const given = data.parameters(net);
  for (const [i, { value }] of model.parameters().entries()) assign(value, load(given[i], dtype));
  return model;
}

function train(task: TrainTask, data: Data, dtype: Dtype): Run {
  const { learningRate } = task.net;
  const model = build(task.net, data, dtype);
  const loss = new SoftmaxCrossEntropy();
  const Optimizer = task.net.optimizer === 'adam' ? Adam : SGD;
  const optimizer = new Optimizer(model.parameters(), { learningRate });
  const batch = data.batch(task);
  const [x, targets] = [load(batch.x, dtype), load(batch.targets, dtype)];
  let last = Number.NaN;
  return {
    run: () => {
      last = loss.forward(model.forward(x), targets);
      optimizer.zeroGrad();
      model.accumulateGradients(loss.backward());
      optimizer.step();
    },
    answer: () => [last],
  };
}

function infer(task: InferTask, data: Data, dtype: Dtype): Run {
  const model = new Sequential(build(task.net, data, dtype), new Softmax());
  model.eval();
  const batches = data.batches().map((x) => load(x, dtype));
  let probs: NdArray[] = [];
  return {
    run: () => {
      probs = batches.map((x) => model.forward(x));
    },
    answer: () => concatenate(probs).data,
  };
}

function product(task: ProductTask, data: Data): Run {
  const [a, b] = data.operands(task).map((x) => load(x, task.dtype));
  let out = a;
  return {
    run: () => {
      out = matmul(a, b);
    },
    answer: () => out.data,
  };
}

function load({ data, shape }: Numbers, dtype: Dtype): NdArray {
  return astype(asArray(data, shape), dtype);
}
