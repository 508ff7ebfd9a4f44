import * as handgrad from 'handgrad';
import {
  array,
  assign,
  astype,
  checkLayer,
  copy,
  type GradientReport,
  type Layer,
  multiply,
  type NdArray,
  namedParametersOf,
  numericalGradient,
  ones,
  Random,
  reshape,
  setBackend,
  subtract,
  TOLERANCE,
} from 'handgrad';
import * as validation from 'handgrad/validation';
import * as arrays from '../../../../lib/array/index.js';
import { diagnose } from '../../../../src/coursework/diagnosis/diagnose.js';
import { testCase } from '../../../../src/coursework/grading/test-case.js';
import type { ArrayResult, Exercise, Result, Settings } from './exercise.js';

interface Checked {
  layer: Layer;
  x: NdArray;
}

/** Runs the code of the editor, and checks the layer that it hands to `check`. */
export function checkCode(code: string, { kind, right }: Pick<Exercise, 'kind' | 'right'>, settings: Settings): Result {
  setBackend('reference'); // the functions of the code itself, not the fast loops that the library has for them
  const none: Result = { layer: '', passed: false, arrays: [], remarks: [], curve: [] };
  try {
    const { layer, x } = evaluated(code, settings);
    const result = settings.dtype === 'float64' ? inDouble(layer, x, kind, settings) : inSingle(layer, x, settings);
    if (result.passed && right !== undefined && !sameForward(layer, x, right, settings)) {
      const remark =
        'The gradients fit, but forward no longer computes what this layer does. Change only the gradients.';
      return { ...result, passed: false, remarks: [...result.remarks, remark] };
    }
    return result;
  } catch (cause) {
    return { ...none, failure: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) };
  }
}

/** What the code gives to `check`. Everything that the library exports, and all of array/, is there by its name. */
function evaluated(code: string, { dtype, inputs }: Settings): Checked {
  const rng = new Random(7);
  const found: Checked[] = [];
  const { default: _, ...library } = { default: undefined, ...arrays, ...validation, ...handgrad };
  const scope: Record<string, unknown> = {
    ...library,
    dtype,
    normal: (shape: number[]) => {
      const values = rng.normal(shape, { dtype });
      return inputs === 'kinks' ? handgrad.map(values, (value) => (Math.abs(value) < 0.4 ? 0 : value)) : values;
    },
    check: (layer: Layer, x: NdArray) => found.push({ layer, x }),
  };
  new Function(...Object.keys(scope), `'use strict';{\n${code}\n}`)(...Object.values(scope));
  const [checked] = found;
  if (!checked) throw new Error('the code never calls check(layer, x)');
  return checked;
}

function sameForward(layer: Layer, x: NdArray, right: string, settings: Settings): boolean {
  const reference = evaluated(right, settings);
  const [mine, wanted] = [layer.forward(copy(x)), reference.layer.forward(copy(x))];
  const apart = subtract(mine, wanted);
  return handgrad.max(handgrad.abs(apart)) <= 1e-6;
}

function upstream(layer: Layer, x: NdArray, { dout }: Settings): NdArray {
  const { shape } = layer.forward(copy(x));
  return dout === 'ones' ? ones(shape, 'float64') : new Random(11).normal(shape, { dtype: 'float64' });
}

/** The check of the library, and every element of both gradients. */
function inDouble(layer: Layer, x: NdArray, kind: string, settings: Settings): Result {
  const dout = upstream(layer, x, settings);
  const report = checkLayer(layer, x, { dout });
  const pairs = gradients(layer, x, dout, (values) => values);
  const terms: Record<string, NdArray> = { x, dout };
  for (const [name, { value }] of namedParametersOf(layer)) terms[name] = copy(value);
  const seenCase = testCase({ sizes: sizesOf(x, dout), options: optionsOf(layer) });
  const arrays = pairs.map(({ name, analytic, numeric, exact }): ArrayResult => {
    const own = compared(name, analytic, numeric);
    const row = report.rows.find((one) => one.array === name);
    if (!row) return own;
    const result = { ...own, ...ofRow(row) };
    if (row.passed) return result;
    if (own.passed) return { ...result, diagnosis: `backward must add into ${name}.grad, not replace what it holds.` };
    const seen = { aspect: `d${name}`, array: `d${name}`, got: analytic, want: exact, terms, case: seenCase };
    return { ...result, diagnosis: diagnose(kind, seen)?.text };
  });
  const remarks = [...report.problems, ...report.warnings];
  return { layer: report.layer, passed: report.passed, arrays, remarks, curve: curveOf(layer, x, dout) };
}

function ofRow({ passed, error, allowed, index, analytic, numeric }: GradientReport['rows'][number]) {
  return { passed, allowed, index, worst: [analytic, numeric] as [number, number], error };
}

/** The same comparison in single precision, where the rounding of forward is larger than what a check looks for. */
function inSingle(layer: Layer, x: NdArray, settings: Settings): Result {
  const dout = upstream(layer, x, settings);
  const pairs = gradients(layer, astype(x, 'float64'), dout, (values) => astype(values, 'float32'));
  const arrays = pairs.map(({ name, analytic, numeric }) => compared(name, analytic, numeric));
  const remark =
    'float32 has seven digits, and a difference over a step of 10⁻⁵ loses five of them. Check gradients in float64.';
  return {
    layer: layer.constructor.name,
    passed: arrays.every(({ passed }) => passed),
    arrays,
    remarks: [remark],
    curve: [],
  };
}

interface Pair {
  name: string;
  analytic: NdArray;
  numeric: NdArray;
  /** The numeric gradient with the leading error removed (Richardson), for the diagnosis. */
  exact: NdArray;
}

/** Both gradients of x and of each parameter, whole. */
function gradients(layer: Layer, x: NdArray, dout: NdArray, cast: (values: NdArray) => NdArray): Pair[] {
  const parameters = namedParametersOf(layer);
  for (const [, { grad }] of parameters) assign(grad, 0);
  layer.forward(cast(copy(x)));
  const dx = copy(layer.backward(cast(copy(dout))));
  const added = parameters.map(([, { grad }]) => copy(grad));
  const own = (name: string, analytic: NdArray, value: NdArray, outputAt: (moved: NdArray) => NdArray): Pair => {
    const slope = (step: number) =>
      numericalGradient((moved) => astype(outputAt(moved), 'float64'), value, { dout, step });
    const [long, short] = [slope(1e-3), slope(5e-4)];
    const exact = subtract(multiply(short, 4 / 3), multiply(long, 1 / 3));
    return { name, analytic: astype(analytic, 'float64'), numeric: slope(1e-5), exact };
  };
  const pairs = [own('x', dx, x, (moved) => layer.forward(cast(moved)))];
  for (const [i, [name, { value }]] of parameters.entries()) {
    const original = copy(value);
    const outputAt = (moved: NdArray) => {
      assign(value, cast(moved));
      return layer.forward(cast(copy(x)));
    };
    pairs.push(own(name, added[i], astype(original, 'float64'), outputAt));
    assign(value, original);
  }
  return pairs;
}

function compared(name: string, analytic: NdArray, numeric: NdArray): ArrayResult {
  const shape = [...numeric.shape];
  const [a, n] = [flat(analytic), flat(numeric)];
  const scale = Math.max(...a.map(Math.abs), ...n.map(Math.abs));
  const allowed = TOLERANCE.absolute + TOLERANCE.relative * scale;
  let worst = 0;
  for (const [i, value] of n.entries()) if (!(Math.abs(a[i] - value) <= Math.abs(a[worst] - n[worst]))) worst = i;
  const error = a.length === n.length ? Math.abs(a[worst] - n[worst]) : Number.NaN;
  const index: number[] = [];
  for (let axis = shape.length - 1, rest = worst; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  return {
    name,
    shape,
    analytic: a,
    numeric: n,
    passed: error <= allowed,
    error,
    allowed,
    index,
    worst: [a[worst], n[worst]],
  };
}

/** The options of a layer that known mistakes depend on. */
function optionsOf(layer: Layer): Record<string, number> {
  const alpha: unknown = Reflect.get(layer, 'alpha');
  return typeof alpha === 'number' ? { alpha } : {};
}

/** The letters with which the grader names sizes. */
function sizesOf(x: NdArray, dout: NdArray): Record<string, number> {
  const [N, D] = x.shape;
  return { N, D, ...(dout.shape[1] !== D ? { M: dout.shape[1] } : {}) };
}

/** The largest error of dx for steps from 1 to 10⁻¹². */
function curveOf(layer: Layer, x: NdArray, dout: NdArray): Result['curve'] {
  layer.forward(copy(x));
  const dx = flat(layer.backward(copy(dout)));
  return Array.from({ length: 25 }, (_, i) => 10 ** (-i / 2)).map((step) => {
    const numeric = flat(numericalGradient((moved) => layer.forward(moved), x, { dout, step }));
    return { step, error: Math.max(...numeric.map((value, i) => Math.abs(value - dx[i]))) };
  });
}

function flat(values: NdArray): number[] {
  const line = values.shape.length === 0 ? array([values.get()]) : reshape(values, [-1]);
  return Array.from({ length: line.shape[0] }, (_, i) => line.get(i));
}
