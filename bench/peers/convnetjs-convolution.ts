import convnetjs, { type Vol } from 'convnetjs';
import { samePadding } from '../image-nets.js';
import { samplesOfEach } from '../protocol.js';
import type { ConvolutionTask } from '../tasks.js';
import type { Data, Numbers, Run } from './peer.js';

/**
 * A convolution of ConvNetJS, image by image and in float64. Its volumes are (H, W, C). Its biases stay 0; it always
 * adds them.
 */
export function openConvolution(task: ConvolutionTask, data: Data): Run {
  const { size, kernel, inputs, outputs } = task;
  const given = data.convolution(task);
  const layer = new convnetjs.ConvLayer({
    ...{ in_sx: size, in_sy: size, in_depth: inputs },
    ...{ sx: kernel, filters: outputs, pad: samePadding(kernel) },
  });
  layer.filters = volumes(given.weight);
  const images = volumes(given.x);
  const upstream = volumes(given.dout).map(({ w }) => w);
  let out: Vol[] = [];
  return {
    run: () => {
      for (const { dw } of layer.filters) dw.fill(0);
      out = images.map((image, i) => {
        const one = layer.forward(image);
        one.dw = upstream[i];
        layer.backward();
        return one;
      });
    },
    answer: () =>
      samplesOfEach([
        channelsFirst(
          out.map(({ w }) => w),
          outputs,
        ),
        channelsFirst(
          images.map(({ dw }) => dw),
          inputs,
        ),
        channelsFirst(
          layer.filters.map(({ dw }) => dw),
          inputs,
        ),
      ]),
  };
}

/** The arrays (C, H, W) of an array (N, C, H, W). */
function volumes({ data, shape }: Numbers): Vol[] {
  const [count, channels, height, width] = shape;
  return Array.from({ length: count }, (_, n) => {
    const volume = new convnetjs.Vol(width, height, channels, 0);
    const pixels = height * width;
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) volume.w[p * channels + c] = data[(n * channels + c) * pixels + p];
    }
    return volume;
  });
}

/** Arrays (H, W, C) as one array (N, C, H, W). */
function channelsFirst(arrays: readonly Float64Array[], channels: number): Float64Array {
  const [{ length }] = arrays;
  const pixels = length / channels;
  const all = new Float64Array(arrays.length * length);
  for (const [n, array] of arrays.entries()) {
    for (let i = 0; i < length; i++) all[n * length + (i % channels) * pixels + Math.floor(i / channels)] = array[i];
  }
  return all;
}
