import {
  fold,
  matmul,
  type NdArray,
  type Pair,
  reshape,
  transpose,
  unfold,
  type WindowOptions,
  windowsOn,
} from '../../../array/index.js';

/** The convolution $Y_n = W U_n$, with the windows of image n as the columns of $U_n$. Returns (N, O, OH, OW). */
export function convolve(x: NdArray, weight: NdArray, windows: WindowOptions): NdArray {
  const [N, , H, W] = x.shape;
  const [O, , KH, KW] = weight.shape;
  const { count } = windowsOn('Conv2d.forward', [H, W], [KH, KW], windows); // OH and OW
  const columns = sideBySide(unfold(x, [KH, KW], windows)); // (C · KH · KW, N · OH · OW)
  const out = matmul(reshape(weight, [O, -1]), columns); // (O, N · OH · OW)
  return transpose(reshape(out, [O, N, ...count]), [1, 0, 2, 3]); // (N, O, OH, OW)
}

/** dL/dW = $\sum_n \mathrm{d}Y_n U_n^\top$, (O, C, KH, KW). */
export function kernelGradient(x: NdArray, dout: NdArray, kernelSize: Pair, windows: WindowOptions): NdArray {
  const columns = unfold(x, kernelSize, windows); // (N, C · KH · KW, OH · OW)
  const dWeight = matmul(channelsOf(dout), transpose(sideBySide(columns))); // (O, C · KH · KW)
  const [KH, KW] = windowsOn('Conv2d.backward', x.shape, kernelSize, windows).kernel;
  return reshape(dWeight, [dout.shape[1], x.shape[1], KH, KW]); // (O, C, KH, KW)
}

/** dL/dx = $\mathrm{fold}(W^\top \mathrm{d}Y_n)$ for each image, (N, C, H, W). */
export function imageGradient(weight: NdArray, dout: NdArray, size: Pair, windows: WindowOptions): NdArray {
  const [O, , KH, KW] = weight.shape;
  const dColumns = matmul(transpose(reshape(weight, [O, -1])), channelsOf(dout)); // (C · KH · KW, N · OH · OW)
  const perImage = transpose(reshape(dColumns, [dColumns.shape[0], dout.shape[0], -1]), [1, 0, 2]); // (N, C · KH · KW, OH · OW)
  return fold(perImage, size, [KH, KW], windows); // (N, C, H, W)
}

/** (N, R, P) as a matrix (R, N · P): the columns of all images side by side. */
function sideBySide(columns: NdArray): NdArray {
  return reshape(transpose(columns, [1, 0, 2]), [columns.shape[1], -1]);
}

/** (N, O, OH, OW) as a matrix (O, N · OH · OW). */
function channelsOf(dout: NdArray): NdArray {
  return reshape(transpose(dout, [1, 0, 2, 3]), [dout.shape[1], -1]);
}
