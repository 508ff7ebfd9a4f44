import { shapeText } from '../../array/index.js';
import { TOLERANCE } from '../../gradcheck/index.js';
import { difference, flat, sameShape } from '../diagnosis/array-difference.js';
import { diagnose } from '../diagnosis/diagnose.js';
import type { Diagnosis } from '../diagnosis/hypothesis.js';
import type { TestResult } from './observation.js';

/** What is wrong with one array. */
export interface Finding {
  /** Such as `dx`. */
  aspect: string;
  /** The name of the test case. */
  case: string;
  hidden: boolean;
  /** A sentence or two. */
  text: string;
  diagnosis?: Diagnosis;
  /**
   * The worst element: its index, the returned value, and the right value (for a gradient, from finite differences).
   */
  worst?: { index: number[]; analytic: number; numeric: number };
}

/** What is wrong with the result of a test. Undefined if nothing is. */
export function findingOf(file: string, found: TestResult): Finding | undefined {
  const about = { aspect: found.aspect, case: found.case.name, hidden: found.case.hidden };
  if ('problem' in found) return { ...about, text: found.problem };
  const { got, want } = found;
  if (!sameShape(got, want)) {
    const text = `${found.array} has shape ${shapeText(got.shape)}, expected ${shapeText(want.shape)}`;
    return { ...about, text, diagnosis: diagnose(file, found) };
  }
  const { index, got: analytic, want: right, error, scale } = difference(got, want);
  if (error <= TOLERANCE.absolute + TOLERANCE.relative * scale) return undefined;
  const numeric = found.numeric?.(index) ?? right;
  const names = found.numeric ? ['analytic', 'numeric'] : ['yours', 'right'];
  const place = index.length > 0 ? ` of shape ${shapeText(want.shape)}, worst at [${index.join(', ')}]` : '';
  const text = `${found.array}${place}: ${names[0]} ${digits(analytic)}, ${names[1]} ${digits(numeric)}`;
  return { ...about, text, diagnosis: diagnose(file, found), worst: { index, analytic, numeric } };
}

const digits = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(10)) : value).toString();

/**
 * Whether a right gradient looks like finite differences: a hint for the teacher that costs no points. A formula in
 * float64 is right to 13 digits or more. A finite difference loses half of them, with errors of both signs. A different
 * ε has errors of one sign. In float32 the errors are larger, or every value is a float32 number. Where x is far from 0
 * formulas also lose digits, so those cases are skipped.
 */
export function looksNumerical(found: TestResult): boolean {
  if ('problem' in found || !sameShape(found.got, found.want)) return false;
  const { got, want, numeric, array, case: given } = found;
  if (!numeric || array !== 'dx' || given.mean !== 0) return false;
  const [a, b] = [flat(got), flat(want)];
  if (a.every((value) => value === Math.fround(value))) return false;
  const scale = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const off = a.map((value, i) => (value - b[i]) / scale);
  const noisy = off.filter((share) => Math.abs(share) > 2e-13);
  const above = noisy.filter((share) => share > 0).length;
  const mixed = above >= noisy.length / 5 && above <= (4 * noisy.length) / 5;
  return noisy.length >= a.length / 2 && mixed && off.every((share) => Math.abs(share) < 5e-9);
}
