import {
  at,
  full,
  type NdArray,
  type Pair,
  setAt,
  type WindowOptions,
  windowsOn,
  zeros,
} from '../../../array/index.js';

/** The maximum of every window, and its position y · W + x in its channel: of equal values, the first. */
export function maximaOf(x: NdArray, kernelSize: Pair, options: WindowOptions): { out: NdArray; indices: NdArray } {
  const [N, C, H, W] = x.shape;
  const { kernel, stride, padding, count } = windowsOn('MaxPool2d.forward', x.shape, kernelSize, options);
  const out = full([N, C, ...count], -Infinity, x.dtype); // (N, C, OH, OW)
  const indices = zeros([N, C, ...count], x.dtype); // (N, C, OH, OW)
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) {
      for (let i = 0; i < count[0]; i++) {
        for (let j = 0; j < count[1]; j++) {
          const [top, left] = [i * stride[0] - padding[0], j * stride[1] - padding[1]];
          for (let p = Math.max(0, top); p < Math.min(H, top + kernel[0]); p++) {
            for (let q = Math.max(0, left); q < Math.min(W, left + kernel[1]); q++) {
              if (at(x, n, c, p, q) <= at(out, n, c, i, j)) continue;
              setAt(out, [n, c, i, j], at(x, n, c, p, q));
              setAt(indices, [n, c, i, j], p * W + q);
            }
          }
        }
      }
    }
  }
  return { out, indices };
}

/** dL/dx of (N, C, H, W): every window gives its gradient to its maximum. */
export function maximaGradient(dout: NdArray, indices: NdArray, [H, W]: readonly [number, number]): NdArray {
  const [N, C, OH, OW] = dout.shape;
  const dx = zeros([N, C, H, W], dout.dtype);
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) {
      for (let i = 0; i < OH; i++) {
        for (let j = 0; j < OW; j++) {
          const position = at(indices, n, c, i, j);
          const [p, q] = [Math.floor(position / W), position % W];
          setAt(dx, [n, c, p, q], at(dx, n, c, p, q) + at(dout, n, c, i, j)); // windows may overlap
        }
      }
    }
  }
  return dx;
}
