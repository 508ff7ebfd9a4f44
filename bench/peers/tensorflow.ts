import '@tensorflow/tfjs-backend-cpu';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { isImageTask } from '../tasks.js';
import { openByHand } from './by-hand.js';
import type { Operations } from './operations.js';
import { Cannot, type Start } from './peer.js';
import { openImageTask } from './tensorflow-images.js';
import { lendThreads } from './tensorflow-threads.js';
import { matmulTransposed } from './transposes.js';

/**
 * TensorFlow.js. The steps are written by hand with explicit transposes: its gradients, and `matMul` told to
 * transpose, fall to a path that is ten times slower. Arguments: back end, threads, and `outputs-first` for weights
 * as PyTorch's lie.
 */
export const start: Start = async ([backend, threads, layout], data) => {
  const outputsFirst = layout === 'outputs-first';
  if (backend === 'wasm') {
    if (Number(threads) > 1) lendThreads(Number(threads), data.folder);
    wasm.setThreadsCount(Number(threads));
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no back end ${backend} here`);
  await tf.ready();
  if (backend === 'wasm' && wasm.getThreadsCount() !== Number(threads)) {
    throw new Error(`TensorFlow.js started ${wasm.getThreadsCount()} threads in place of ${threads}`);
  }
  return {
    versions: { 'TensorFlow.js': tf.version_core },
    open: (task) => {
      if (task.kind === 'product' && task.dtype === 'float64') throw new Cannot('has no float64');
      if (task.kind === 'product' && outputsFirst) throw new Cannot('has no weights in products');
      if (isImageTask(task) && outputsFirst) throw new Cannot('has one layout of convolutions alone');
      if (isImageTask(task)) return openImageTask(task, data);
      return openByHand({ ...operations, outputsFirst }, task, data);
    },
  };
};

const operations: Operations<tf.Tensor2D> = {
  array: (data, shape) => tf.tensor2d(data as Float32Array, [...shape]),
  numbers: (a) => a.dataSync(),
  matmul: (a, b, transposed) => {
    if (transposed === undefined) return tf.matMul(a, b);
    return tf.tidy(() =>
      matmulTransposed(a, b, transposed, { multiply: (a, b) => tf.matMul(a, b), transpose: (a) => tf.transpose(a) }),
    );
  },
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
  divide: (a, b) => tf.div(a, b),
  scale: (a, factor) => tf.mul(a, factor),
  sqrt: (a, epsilon) => tf.sqrt(tf.add(a, epsilon)),
  shift: (a, amount) => tf.add(a, amount),
  sumRows: (a) => tf.sum(a, 0, true),
  elu: (x) => tf.elu(x),
  eluBackward: (x, dout) => tf.mul(dout, tf.exp(tf.minimum(x, 0))),
  softmax: (logits) => tf.softmax(logits),
  crossEntropy: (probs, targets) => {
    const [rows] = probs.shape;
    return -tf.sum(tf.mul(targets, tf.log(probs))).dataSync()[0] / rows;
  },
  tidy: (make) => tf.tidy(make),
  release: (arrays) => tf.dispose([...arrays]),
};
