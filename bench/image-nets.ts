/**
 * The convolutional nets of the bench as lists of layers, from which every library builds the same net. Images are
 * (N, C, H, W). The Python libraries get the lists as JSON.
 */

/** One layer. Convolutions have stride 1, a bias, and the padding that keeps the size of the image. */
export type LayerSpec =
  | { layer: 'conv'; inputs: number; outputs: number; kernel: number }
  | { layer: 'norm'; channels: number }
  | { layer: 'relu' }
  /** The maximum of each window. A padded pixel never wins. */
  | { layer: 'pool'; kernel: number; stride: number; padding: number }
  /** Adds its input to what its layers make of it. */
  | { layer: 'residual'; layers: LayerSpec[] }
  /** The mean over the pixels: (N, C, H, W) to (N, C). */
  | { layer: 'mean' }
  | { layer: 'linear'; inputs: number; outputs: number };

/** A net of layers, up to the logits, that Adam trains. */
export interface ImageNet {
  /** The name of its parameter files. */
  name: string;
  layers: LayerSpec[];
  learningRate: number;
}

/** A parameter of an image net. */
export interface ImageParameter {
  role: 'weight' | 'bias' | 'gamma' | 'beta';
  shape: number[];
}

/** The channels of the five stages of both nets. */
const WIDTHS = [64, 128, 256, 512, 512];
const CLASSES = 10;

/** The course's ConvNet, `ConvNet` of the library: residual blocks, and a 1×1 convolution to each larger width. */
export const CONVNET: ImageNet = { name: 'convnet', layers: convnetLayers(), learningRate: 1e-4 };

/** VGG-11 with batch norm and one linear layer, `VGG` of the library. */
export const VGG11: ImageNet = { name: 'vgg11', layers: vggLayers([1, 1, 2, 2, 2]), learningRate: 1e-4 };

function convnetLayers(): LayerSpec[] {
  const stages = WIDTHS.flatMap((width, stage): LayerSpec[] => [
    ...Array.from({ length: stage === 0 ? 1 : 2 }, () => residual(width)),
    ...(stage < 3 ? [convolution(width, WIDTHS[stage + 1], 1)] : []),
    { layer: 'pool', kernel: 3, stride: 2, padding: 1 },
  ]);
  const last = WIDTHS[WIDTHS.length - 1];
  return [convolution(3, WIDTHS[0], 3), ...stages, { layer: 'norm', channels: last }, { layer: 'relu' }, ...head(last)];
}

function vggLayers(depths: readonly number[]): LayerSpec[] {
  const stages = WIDTHS.flatMap((width, stage): LayerSpec[] => [
    ...Array.from({ length: depths[stage] }, (_, i): LayerSpec[] => [
      convolution(i > 0 ? width : (WIDTHS[stage - 1] ?? 3), width, 3),
      { layer: 'norm', channels: width },
      { layer: 'relu' },
    ]).flat(),
    { layer: 'pool', kernel: 2, stride: 2, padding: 0 },
  ]);
  return [...stages, ...head(WIDTHS[WIDTHS.length - 1])];
}

function residual(width: number): LayerSpec {
  const layers: LayerSpec[] = [{ layer: 'norm', channels: width }, { layer: 'relu' }, convolution(width, width, 3)];
  return { layer: 'residual', layers };
}

function convolution(inputs: number, outputs: number, kernel: number): LayerSpec {
  return { layer: 'conv', inputs, outputs, kernel };
}

function head(width: number): LayerSpec[] {
  return [{ layer: 'mean' }, { layer: 'linear', inputs: width, outputs: CLASSES }];
}

/** The parameters of a list of layers in order: weight and bias, or gamma and beta. */
export function imageParameters(layers: readonly LayerSpec[]): ImageParameter[] {
  return layers.flatMap((spec): ImageParameter[] => {
    if (spec.layer === 'residual') return imageParameters(spec.layers);
    if (spec.layer === 'norm') {
      return [
        { role: 'gamma', shape: [spec.channels] },
        { role: 'beta', shape: [spec.channels] },
      ];
    }
    if (spec.layer !== 'conv' && spec.layer !== 'linear') return [];
    const kernel = spec.layer === 'conv' ? [spec.kernel, spec.kernel] : [];
    return [
      { role: 'weight', shape: [spec.outputs, spec.inputs, ...kernel] },
      { role: 'bias', shape: [spec.outputs] },
    ];
  });
}

/** The padding that keeps the size of the image. */
export function samePadding(kernel: number): number {
  return (kernel - 1) / 2;
}
