import { readFileSync } from 'node:fs';
import type { Nested, Pair } from '../../src/index.js';

/** A layer's values and gradients by PyTorch; see make_fixtures.py and make_image_fixtures.py in test/fixtures. */
export interface LayerFixture {
  name: string;
  settings: {
    alpha?: number;
    eps?: number;
    momentum?: number;
    groups?: number;
    kernelSize?: Pair;
    stride?: Pair;
    padding?: Pair;
  };
  x: Nested;
  parameters: Record<string, Nested>;
  dout: Nested;
  out: Nested;
  dx: Nested;
  gradients: Record<string, Nested>;
  /** Whether the layer is in evaluation mode. */
  evaluation?: boolean;
  /** What a layer's state holds besides parameters, before and after the forward. */
  buffers?: Record<string, Nested>;
  buffersAfter?: Record<string, Nested>;
}

/** A loss's value and gradient by PyTorch. */
export interface LossFixture {
  name: string;
  x: Nested;
  targets: Nested;
  loss: number;
  dx: Nested;
}

/** Ten steps of SGD by PyTorch. */
export interface TrainingFixture {
  norm: 'none' | 'layer' | 'batch' | 'group';
  normPosition: 'before-linear' | 'before-activation';
  activation: 'elu' | 'gelu' | 'relu' | 'tanh';
  learningRate: number;
  initial: Record<string, Nested>;
  batches: { x: Nested; labels: number[] }[];
  losses: number[];
  final: Record<string, Nested>;
  /** The logits of the last batch, in evaluation. */
  evaluation: Nested;
}

/** Ten steps of Adam on a narrow ConvNet by PyTorch; see make_image_fixtures.py. */
export interface ConvNetFixture {
  widths: number[];
  learningRate: number;
  initial: Record<string, Nested>;
  /** The gradients of the first step. */
  gradients: Record<string, Nested>;
  batches: { x: Nested; labels: number[] }[];
  losses: number[];
  /** The logits of the last batch, in evaluation. */
  evaluation: Nested;
}

/** The path of a file in test/fixtures. */
export function fixturePath(name: string): URL {
  return new URL(`../fixtures/${name}`, import.meta.url);
}

/** The bytes of a file in test/fixtures. */
export function fixtureBytes(name: string): Uint8Array {
  return readFileSync(fixturePath(name));
}

/** The text of a file in test/fixtures. */
export function fixtureText(name: string): string {
  return readFileSync(fixturePath(name), 'utf8');
}

const json = <T>(name: string): T => JSON.parse(fixtureText(name));

export const layerFixtures = [...json<LayerFixture[]>('layers.json'), ...json<LayerFixture[]>('images.json')];
export const lossFixtures = json<LossFixture[]>('losses.json');
export const convnetFixture = json<ConvNetFixture>('convnet.json');
export const trainingFixtures = json<TrainingFixture[]>('training.json');
