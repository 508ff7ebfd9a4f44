import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNpy } from '../../lib/index.js';
import { convolutionFile, operandFile } from '../data.js';
import { type ImageNet, imageParameters } from '../image-nets.js';
import {
  type ConvolutionTask,
  IMAGE_FILES,
  IMAGES_A_FILE,
  type InferImagesTask,
  type Net,
  type ProductTask,
  parameterShapes,
  type Task,
  type TrainImagesTask,
  type TrainTask,
} from '../tasks.js';

/** A library under measurement, in its own process. */
export interface Peer {
  versions: Record<string, string>;
  /** Makes a task ready to run: the data in the library's own arrays. Throws `Cannot` for what it is not made for. */
  open(task: Task): Run | Promise<Run>;
}

/** Starts a peer with the arguments of its configuration. */
export type Start = (args: readonly string[], data: Data) => Peer | Promise<Peer>;

/** A task that is ready to run. */
export interface Run {
  /** Does it once: this is what is timed. */
  run(): void | Promise<void>;
  /** The answer of the last run. */
  answer(): ArrayLike<number> | Promise<ArrayLike<number>>;
  close?(): void;
}

/** Thrown for a task that a library is not made for; the message is a sentence's second half: `has no batch norm`. */
export class Cannot extends Error {}

/** An array from a file: its numbers row after row, and its shape. */
export interface Numbers {
  data: Float32Array | Float64Array;
  shape: readonly number[];
}

/** The files that the parent wrote. */
export class Data {
  constructor(readonly folder: string) {}

  /** The first so many images and their one-hot targets. */
  batch({ batch }: TrainTask): { x: Numbers; targets: Numbers } {
    return { x: this.firstRows('images', batch), targets: this.firstRows('targets', batch) };
  }

  /** The same for an image net: x is (N, 3, 32, 32). */
  imageBatch({ batch }: TrainImagesTask): { x: Numbers; targets: Numbers } {
    return { x: asImages(this.firstRows('images', batch)), targets: this.firstRows('targets', batch) };
  }

  /** The images of an inference in batches, each (N, 3, 32, 32). */
  imageBatches({ batch, images }: InferImagesTask): Numbers[] {
    const { data, shape } = this.firstRows('images', images);
    return Array.from({ length: images / batch }, (_, i) =>
      asImages({ data: data.slice(i * batch * shape[1], (i + 1) * batch * shape[1]), shape: [batch, shape[1]] }),
    );
  }

  /** An image net's parameters in the order of `imageParameters`. */
  imageParameters({ name, layers }: ImageNet): Numbers[] {
    return imageParameters(layers).map((_, i) => this.read(`${name}-${i}`));
  }

  /** The images, weight and gradient of the output of a convolution. */
  convolution(task: ConvolutionTask): { x: Numbers; weight: Numbers; dout: Numbers } {
    const [x, weight, dout] = (['x', 'weight', 'dout'] as const).map((part) => this.read(convolutionFile(task, part)));
    return { x, weight, dout };
  }

  /** All images, in batches. */
  batches(): Numbers[] {
    return Array.from({ length: IMAGE_FILES }, (_, i) => this.read(`images-${i}`));
  }

  /** A net's parameters, layer after layer: weight, bias and, where there is a batch norm, gamma, beta. */
  parameters(net: Net): Numbers[] {
    return parameterShapes(net).map((_, i) => this.read(`${net.name}-${i}`));
  }

  /** Both operands of a product. */
  operands(task: ProductTask): [a: Numbers, b: Numbers] {
    return [this.read(operandFile(task, 'a')), this.read(operandFile(task, 'b'))];
  }

  private firstRows(name: string, rows: number): Numbers {
    const files = Array.from({ length: Math.ceil(rows / IMAGES_A_FILE) }, (_, i) => this.read(`${name}-${i}`));
    const [, columns] = files[0].shape;
    const data = new Float32Array(rows * columns);
    for (const [i, file] of files.entries()) {
      const at = i * file.data.length;
      data.set(file.data.subarray(0, data.length - at), at);
    }
    return { data, shape: [rows, columns] };
  }

  private read(name: string): Numbers {
    const { data, shape } = decodeNpy(readFileSync(join(this.folder, `${name}.npy`)), name);
    return { data, shape };
  }
}

function asImages({ data, shape }: Numbers): Numbers {
  return { data, shape: [shape[0], 3, 32, 32] };
}

/** A matrix with its rows as columns. */
export function transposed({ data, shape }: Numbers): Numbers {
  const [rows, columns] = shape;
  const turned = data.slice();
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  return { data: turned, shape: [columns, rows] };
}

/** The parameters of one layer: `gamma` and `beta` where a batch norm follows. */
export interface LayerParameters<T> {
  weight: T;
  bias: T;
  gamma?: T;
  beta?: T;
}

/** Groups a net's flat list of parameters by layer. */
export function byLayer<T>({ widths, norm }: Net, parameters: readonly T[]): LayerParameters<T>[] {
  const rest = [...parameters];
  return widths.slice(1).map((_, i) => {
    const normed = norm && i < widths.length - 2;
    const [weight, bias, gamma, beta] = rest.splice(0, normed ? 4 : 2);
    return { weight, bias, gamma, beta };
  });
}

/** The version of an installed package, of the bench's own or of the library's. */
export function packageVersion(name: string): string {
  const places = ['../node_modules', '../../node_modules'];
  const files = places.map((place) => new URL(`${place}/${name}/package.json`, import.meta.url));
  const file = files.find((file) => existsSync(file));
  return file ? JSON.parse(readFileSync(file, 'utf8')).version : 'missing';
}
