import {
  Adam,
  assign,
  type BackendName,
  BatchNorm1d,
  type Dtype,
  ELU,
  type Layer,
  Linear,
  matmul,
  Sequential,
  SGD,
  setBackend,
} from '../../lib/index.js';
import { version } from '../../lib/node/runs/version.js';
import { type InferTask, isImageTask, type Net, type ProductTask, type TrainTask } from '../tasks.js';
import { inference, load, openImageTask, training } from './handgrad-images.js';
import type { Data, Run, Start } from './peer.js';

/** handgrad as a user would write it. Arguments: engine, threads, and `float64` to be the judge of others. */
export const start: Start = ([engine, threads, dtype = 'float32'], data) => {
  setBackend(engine as BackendName, { threads: Number(threads) });
  return {
    versions: { handgrad: version() },
    open: (task) => {
      if (isImageTask(task)) return openImageTask(task, data, dtype as Dtype);
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
  const Optimizer = task.net.optimizer === 'adam' ? Adam : SGD;
  return training(model, new Optimizer(model.parameters(), { learningRate }), data.batch(task), dtype);
}

function infer(task: InferTask, data: Data, dtype: Dtype): Run {
  return inference(build(task.net, data, dtype), data.batches(), dtype);
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
