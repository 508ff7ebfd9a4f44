import convnetjs, { type Layer, type Net, type Vol } from 'convnetjs';
import { isImageTask, type Net as NetTask } from '../tasks.js';
import { openConvolution } from './convnetjs-convolution.js';
import { byLayer, Cannot, type Data, type Numbers, packageVersion, type Start } from './peer.js';

/**
 * ConvNetJS, which takes the images one by one, in float64, and counts a batch's gradients together. It has no ELU:
 * one in its own style is put into its list of layers.
 */
export const start: Start = (_args, data) => ({
  versions: { ConvNetJS: packageVersion('convnetjs') },
  open: (task) => {
    if (task.kind === 'product') throw new Cannot('has no matrix product');
    if (task.kind === 'convolution') return openConvolution(task, data);
    if (isImageTask(task) || task.net.norm) throw new Cannot('has no batch norm');
    const net = build(task.net, data);
    if (task.kind === 'train') {
      const { learningRate } = task.net;
      const options = { method: 'sgd', learning_rate: learningRate, momentum: 0, batch_size: task.batch };
      const trainer = new convnetjs.Trainer(net, options);
      const { x, targets } = data.batch(task);
      const [images, labels] = [volumes(x), rows(targets).map((row) => row.indexOf(1))];
      let loss = Number.NaN;
      return {
        run: () => {
          const losses = images.map((image, i) => trainer.train(image, labels[i]).loss);
          loss = losses.reduce((sum, value) => sum + value, 0) / images.length;
        },
        answer: () => [loss],
      };
    }
    const images = data.batches().flatMap(volumes);
    let probs: Float64Array[] = [];
    return {
      run: () => {
        probs = images.map((image) => net.forward(image).w);
      },
      answer: () => probs.flatMap((p) => Array.from(p)),
    };
  },
});

function build(task: NetTask, data: Data): Net {
  const net = new convnetjs.Net();
  const hidden = task.widths.slice(1, -1).map((width) => ({ type: 'fc', num_neurons: width }));
  net.makeLayers([
    { type: 'input', out_sx: 1, out_sy: 1, out_depth: task.widths[0] },
    ...hidden,
    { type: 'softmax', num_classes: task.widths[task.widths.length - 1] },
  ]);
  const given = byLayer(task, data.parameters(task));
  for (const layer of net.layers) {
    if (layer.filters === undefined || layer.biases === undefined) continue;
    const { weight, bias } = given.shift() ?? { weight: undefined, bias: undefined };
    if (weight === undefined || bias === undefined) throw new Error('more layers than parameters');
    for (const [i, row] of rows(weight).entries()) layer.filters[i].w.set(row);
    layer.biases.w.set(bias.data);
  }
  net.layers = net.layers.flatMap((layer, i) => {
    const activated = layer.layer_type === 'fc' && net.layers[i + 1].layer_type === 'fc';
    return activated ? [layer, new Elu(layer.out_depth)] : [layer];
  });
  return net;
}

/** ELU as ConvNetJS would have it: it reads its input's numbers and writes its input's gradient. */
class Elu implements Layer {
  readonly layer_type = 'elu';
  private input: Vol;
  private output: Vol;

  constructor(readonly out_depth: number) {
    this.input = new convnetjs.Vol(1, 1, out_depth, 0);
    this.output = this.input;
  }

  forward(x: Vol): Vol {
    this.input = x;
    this.output = new convnetjs.Vol(1, 1, this.out_depth, 0);
    for (let i = 0; i < this.out_depth; i++) this.output.w[i] = x.w[i] > 0 ? x.w[i] : Math.expm1(x.w[i]);
    return this.output;
  }

  backward(): undefined {
    const { w, dw } = this.input;
    for (let i = 0; i < this.out_depth; i++) dw[i] = this.output.dw[i] * (w[i] > 0 ? 1 : Math.exp(w[i]));
  }

  getParamsAndGrads(): [] {
    return [];
  }
}

function rows({ data, shape }: Numbers): Float32Array[] {
  const [count, columns] = shape;
  return Array.from({ length: count }, (_, i) => Float32Array.from(data.subarray(i * columns, (i + 1) * columns)));
}

function volumes(x: Numbers): Vol[] {
  return rows(x).map((row) => {
    const volume = new convnetjs.Vol(1, 1, row.length, 0);
    volume.w.set(row);
    return volume;
  });
}
