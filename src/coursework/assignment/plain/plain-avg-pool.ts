import {
  broadcastTo,
  copy,
  fold,
  mean,
  multiply,
  type NdArray,
  type Pair,
  reshape,
  unfold,
  type WindowOptions,
  windowsOn,
} from '../../../array/index.js';

/** The average of every window, (N, C, OH, OW). `unfold` writes 0 for padding, and the mean counts it. */
export function averagesOf(x: NdArray, kernelSize: Pair, options: WindowOptions): NdArray {
  const [N, C] = x.shape;
  const { count } = windowsOn('AvgPool2d.forward', x.shape, kernelSize, options);
  const windows = reshape(unfold(x, kernelSize, options), [N, C, -1, count[0] * count[1]]); // (N, C, K, OH · OW)
  return reshape(mean(windows, { axis: 2 }), [N, C, ...count]); // (N, C, OH, OW)
}

/** dL/dx of (N, C, H, W): every pixel of a window gets 1/K of its gradient. */
export function averagesGradient(
  dout: NdArray,
  size: readonly [number, number],
  kernelSize: Pair,
  options: WindowOptions,
): NdArray {
  const [N, C, OH, OW] = dout.shape;
  const [KH, KW] = windowsOn('AvgPool2d.backward', size, kernelSize, options).kernel;
  const share = reshape(multiply(dout, 1 / (KH * KW)), [N, C, 1, OH * OW]); // (N, C, 1, OH · OW)
  const shares = copy(broadcastTo(share, [N, C, KH * KW, OH * OW])); // (N, C, K, OH · OW)
  return fold(reshape(shares, [N, C * KH * KW, OH * OW]), size, kernelSize, options); // (N, C, H, W)
}
