import { negative, shapeText, subtract, transpose, zerosLike } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';
import { difference, flat, near, sameShape } from './array-difference.js';
import type { Diagnosis, Hypothesis } from './hypothesis.js';

/** Mistakes that can occur in any array. */
export const GENERAL_MISTAKES: readonly Hypothesis[] = [
  {
    id: 'zeros',
    text: 'All values are zero. Did you forget to compute this array, or to add or return it?',
    candidate: ({ want }) => zerosLike(want),
  },
  { id: 'sign', text: 'analytic = −numeric. The sign is wrong.', candidate: ({ want }) => negative(want) },
  {
    id: 'transposed',
    text: 'The values are right, but transposed. Check the order of the factors and each transpose.',
    candidate: ({ want }) => (want.shape.length === 2 ? transpose(want) : undefined),
  },
  {
    id: 'overwritten',
    text: 'This is right only if grad was 0 before. backward must add to grad, not overwrite it.',
    candidate: ({ want, start }) => start && subtract(want, start),
  },
  {
    id: 'dout passed through',
    text: 'This is dout itself. Multiply it by the derivative.',
    candidate: ({ array, terms }) => (array === 'dx' ? terms.dout : undefined),
  },
];

/** What needs no hypothesis of its own: wrong shapes, constant factors, arrays that are partly right. */
export function generalDiagnosis(seen: Observation): Diagnosis | undefined {
  const { got, want } = seen;
  if (!sameShape(got, want)) return wrongShape(seen);
  return notFinite(seen) ?? exchanged(seen) ?? factor(seen) ?? halves(seen) ?? oneRow(seen) ?? shifted(seen);
}

function wrongShape({ got, want }: Observation): Diagnosis | undefined {
  const backwards = [...want.shape].reverse();
  if (want.shape.length === 2 && got.shape.join() === backwards.join()) {
    return near(got, transpose(want))
      ? {
          id: 'transposed',
          text: `The values are right, but transposed. The shape is ${shapeText(got.shape)} and should be ${shapeText(want.shape)}.`,
        }
      : { id: 'shape transposed', text: 'The shape is transposed. Are the factors in the right order?' };
  }
  if (want.shape.length === 0)
    return { id: 'not summed', text: 'This is an array, but it should be one number. Is a sum missing?' };
  if (got.shape.length > want.shape.length) {
    return { id: 'not summed', text: 'There are too many axes. Is the sum over the batch missing?' };
  }
  return undefined;
}

function notFinite({ got }: Observation): Diagnosis | undefined {
  const values = flat(got);
  if (values.every(Number.isFinite)) return undefined;
  const all = values.every((value) => !Number.isFinite(value));
  return {
    id: 'not finite',
    text: all
      ? 'Every value is NaN or ∞. Is there a division by 0, or a variable that was never set?'
      : 'Some values are NaN or ∞. Does an exponential overflow, or is there a logarithm of 0?',
  };
}

function exchanged({ array, got, want, siblings = {} }: Observation): Diagnosis | undefined {
  const other = Object.keys(siblings).find((name) => name !== array && near(got, siblings[name]));
  return other === undefined || near(siblings[other], want)
    ? undefined
    : { id: 'exchanged', text: `This is ${other}. Did you swap the two?` };
}

/** A constant factor, and the size that it equals, if any. */
function factor({ array, got, want, case: { sizes } }: Observation): Diagnosis | undefined {
  const [a, b] = [flat(got), flat(want)];
  const largest = b.reduce((best, value, i) => (Math.abs(value) > Math.abs(b[best]) ? i : best), 0);
  const ratio = a[largest] / b[largest];
  if (!Number.isFinite(ratio) || Math.abs(ratio) < 1e-9 || (b.length < 2 && !isNamed(ratio, sizes))) return undefined;
  if (!b.every((value, i) => Math.abs(a[i] - ratio * value) <= 1e-9 * Math.abs(ratio * b[largest]))) return undefined;
  const [mine, right] = array.startsWith('d') ? ['analytic', 'numeric'] : ['yours', 'right'];
  for (const [letter, size] of Object.entries(sizes)) {
    if (size < 2) continue;
    if (close(ratio, size)) {
      return {
        id: `times ${letter}`,
        text: `${mine} = ${letter} × ${right}, with ${letter} = ${size}. Is the factor 1/${letter} missing?`,
      };
    }
    if (close(ratio, 1 / size)) {
      return {
        id: `over ${letter}`,
        text: `${mine} = ${right} / ${letter}, with ${letter} = ${size}. Did you use a mean instead of a sum, or divide twice?`,
      };
    }
  }
  const text = `${mine} = ${Number(ratio.toPrecision(6))} × ${right} everywhere. This is a constant factor.`;
  return {
    id: 'constant factor',
    text: close(ratio, 1 / Math.LN2) || close(ratio, Math.LOG10E) ? `${text} Did you use the natural logarithm?` : text,
  };
}

function isNamed(ratio: number, sizes: Readonly<Record<string, number>>): boolean {
  const values = Object.values(sizes).filter((size) => size > 1);
  return (
    values.some((size) => close(ratio, size) || close(ratio, 1 / size)) ||
    close(ratio, 1 / Math.LN2) ||
    close(ratio, Math.LOG10E)
  );
}

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(b);

/** Right only where x is positive, or only where x is negative. */
function halves({ got, want, terms: { x } }: Observation): Diagnosis | undefined {
  if (!x || !sameShape(x, want)) return undefined;
  const [a, b, inputs] = [flat(got), flat(want), flat(x)];
  const right = (keep: (value: number) => boolean) => {
    const places = inputs.flatMap((value, i) => (keep(value) ? [i] : []));
    return places.length >= 2 && places.every((i) => Math.abs(a[i] - b[i]) <= 1e-9 * Math.max(1, Math.abs(b[i])));
  };
  if (right((value) => value > 0)) {
    return { id: 'negative branch', text: 'This is right only where x > 0. Check the negative branch.' };
  }
  return right((value) => value < 0)
    ? { id: 'positive branch', text: 'This is right only where x < 0. Check the positive branch.' }
    : undefined;
}

function oneRow({ got, want }: Observation): Diagnosis | undefined {
  if (want.shape.length < 2 || want.shape[0] < 2) return undefined;
  const [a, b] = [flat(got), flat(want)];
  const width = want.size / want.shape[0];
  const rowIsRight = (row: number) => {
    return Array.from({ length: width }, (_, i) => row * width + i).every(
      (i) => Math.abs(a[i] - b[i]) <= 1e-9 * Math.max(1, Math.abs(b[i])),
    );
  };
  const rows = Array.from({ length: want.shape[0] }, (_, row) => rowIsRight(row));
  return rows[0] && !rows.slice(1).some(Boolean)
    ? { id: 'first row only', text: 'Only row 0 is right. Do the other rows of the batch use their own values?' }
    : undefined;
}

function shifted({ got, want, array }: Observation): Diagnosis | undefined {
  if (want.size < 3) return undefined;
  const { got: a, want: b, scale } = difference(got, want);
  const moved = flat(subtract(got, want));
  const constant = moved.every((value) => Math.abs(value - (a - b)) <= 1e-9 * scale);
  return constant
    ? {
        id: 'shifted',
        text: `Every value of ${array} is off by ${(a - b).toPrecision(6)}. Is a term missing, or is there one too many?`,
      }
    : undefined;
}
