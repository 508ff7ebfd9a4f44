import { CONVNET, VGG11 } from './image-nets.js';
import type { ConvolutionTask, Growth, Job } from './tasks.js';

/** The jobs with convolutions. `quick` has smaller batches, whose times are not those of the full jobs. */

/** Training and inference of the image nets. Slow libraries do only the one that is not `long`. */
export function netJobs(quick: boolean): Job[] {
  if (quick) {
    return [
      { ...training('j4', 'J4', 8), long: true },
      { ...training('j5', 'J5', 32), long: true },
      { ...inference(200), long: true },
    ];
  }
  return [
    { ...training('j4', 'J4', 32), long: true },
    training('j4', 'J4', 8),
    { ...training('j5', 'J5', 128), long: true },
    { ...inference(1000), long: true },
  ];
}

function training(name: 'j4' | 'j5', label: string, batch: number): Job {
  const net = name === 'j4' ? CONVNET : VGG11;
  return { id: `${name}-${batch}`, title: `${label}, batch ${batch}`, task: { kind: 'train-images', net, batch } };
}

function inference(images: number): Job {
  return { id: 'j6', title: 'J6', task: { kind: 'infer-images', net: CONVNET, batch: 100, images } };
}

/** The bare convolutions: those of the nets' stages, and the 1×1 convolution between the first two. */
export function convolutionJobs(quick: boolean): Job[] {
  const batch = quick ? 8 : 32;
  return [
    convolutionJob(batch, 64, 64, 32, 3),
    convolutionJob(batch, 128, 128, 16, 3),
    convolutionJob(batch, 256, 256, 8, 3),
    convolutionJob(batch, 512, 512, 4, 3),
    convolutionJob(batch, 64, 128, 32, 1),
  ];
}

/** The time of a 3×3 convolution by batch, channels and size of the image; fewer points with `quick`. */
export function convolutionGrowths(quick: boolean): Growth[] {
  const batches = quick ? [1, 8, 64] : [1, 2, 4, 8, 16, 32, 64, 128];
  const channels = quick ? [16, 64, 256] : [8, 16, 32, 64, 128, 256, 512];
  const sizes = quick ? [4, 16, 32] : [2, 4, 8, 16, 32, 64];
  const points = (list: readonly number[], jobAt: (at: number) => Job) => list.map((at) => ({ at, job: jobAt(at) }));
  return [
    {
      of: 'convolution',
      axis: 'batch (64 channels, 16 × 16)',
      points: points(batches, (at) => convolutionJob(at, 64, 64, 16, 3)),
    },
    {
      of: 'convolution',
      axis: 'channels (batch 32, 16 × 16)',
      points: points(channels, (at) => convolutionJob(32, at, at, 16, 3)),
    },
    {
      of: 'convolution',
      axis: 'height and width (batch 32, 64 channels)',
      points: points(sizes, (at) => convolutionJob(32, 64, 64, at, 3)),
    },
  ];
}

function convolutionJob(batch: number, inputs: number, outputs: number, size: number, kernel: number): Job {
  const task: ConvolutionTask = { kind: 'convolution', batch, inputs, outputs, size, kernel };
  const title = `${kernel}×${kernel}, ${inputs} → ${outputs}, ${size} × ${size}`;
  return { id: `convolution-${batch}x${inputs}x${outputs}x${size}x${kernel}`, title, task };
}
