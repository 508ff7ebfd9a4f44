import { array, type NdArray, oneHot, Random } from 'handgrad';

/** Samples to learn: points and their labels, or values of a function. */
export interface Samples {
  /** (N, 2) as rows, or (N, 1) for a function. */
  points: number[][];
  /** The class of each point, or the value at it. */
  labels: number[];
}

/** Something for a net to learn. */
export interface Problem {
  title: string;
  /** The number of classes; 1 for a function. */
  outputs: number;
  /** Draws one sample as JavaScript that also stands in the program for the reader. */
  draw: (n: number, rng: Random) => { point: number[]; label: number };
  /** The body of `draw`, as the program prints it. */
  code: readonly string[];
}

/** Samples in a set. */
export const COUNT = 300;

export const PROBLEMS: Readonly<Record<string, Problem>> = {
  spirals: {
    title: 'spirals',
    outputs: 3,
    draw: (n, rng) => {
      const label = n % 3;
      const radius = (n + 1) / COUNT;
      const angle = 6 * radius + 2.094 * label + 0.1 * rng.nextNormal();
      return { point: [radius * Math.cos(angle), radius * Math.sin(angle)], label };
    },
    code: [
      'const label = n % 3;',
      'const radius = (n + 1) / 300;',
      'const angle = 6 * radius + 2.094 * label + 0.1 * rng.nextNormal();',
      'return { point: [radius * Math.cos(angle), radius * Math.sin(angle)], label };',
    ],
  },
  circles: {
    title: 'circles',
    outputs: 2,
    draw: (n, rng) => {
      const label = n % 2;
      const angle = 2 * Math.PI * rng.next();
      const radius = 0.45 + 0.4 * label + 0.07 * rng.nextNormal();
      return { point: [radius * Math.cos(angle), radius * Math.sin(angle)], label };
    },
    code: [
      'const label = n % 2;',
      'const angle = 2 * Math.PI * rng.next();',
      'const radius = 0.45 + 0.4 * label + 0.07 * rng.nextNormal();',
      'return { point: [radius * Math.cos(angle), radius * Math.sin(angle)], label };',
    ],
  },
  xor: {
    title: 'XOR',
    outputs: 2,
    draw: (n, rng) => {
      const [left, low] = [n % 2, (n >> 1) % 2];
      const around = (side: number) => (side ? 0.5 : -0.5) + 0.17 * rng.nextNormal();
      return { point: [around(left), around(low)], label: left ^ low };
    },
    code: [
      'const [left, low] = [n % 2, (n >> 1) % 2];',
      'const around = (side) => (side ? 0.5 : -0.5) + 0.17 * rng.nextNormal();',
      'return { point: [around(left), around(low)], label: left ^ low };',
    ],
  },
  regression: {
    title: 'sin 5x',
    outputs: 1,
    draw: (_n, rng) => {
      const x = 2 * rng.next() - 1;
      return { point: [x], label: 0.7 * Math.sin(5 * x) + 0.07 * rng.nextNormal() };
    },
    code: [
      'const x = 2 * rng.next() - 1;',
      'return { point: [x], label: 0.7 * Math.sin(5 * x) + 0.07 * rng.nextNormal() };',
    ],
  },
};

/** A set of samples. Another name of the set gives other samples of the same problem. */
export function samplesOf(problem: string, set: 'train' | 'test'): Samples {
  const rng = new Random(set);
  const drawn = Array.from({ length: COUNT }, (_, n) => PROBLEMS[problem].draw(n, rng));
  return { points: drawn.map(({ point }) => point), labels: drawn.map(({ label }) => label) };
}

/** The samples as a net takes them: (N, D) and (N, C). */
export function arraysOf(problem: string, { points, labels }: Samples): { x: NdArray; targets: NdArray } {
  const { outputs } = PROBLEMS[problem];
  return { x: array(points), targets: outputs > 1 ? oneHot(labels, outputs) : array(labels.map((value) => [value])) };
}
