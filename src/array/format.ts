import { assertMemory, assertNoMoreOptions, assertOptions, inWords } from './checks.js';
import { type ElementFormat, elementFormat } from './format-elements.js';
import type { IndexArray, NdArray } from './types.js';

/** The options of `format`, each with NumPy's default. */
export interface FormatOptions {
  /** The most digits after the decimal point, from 0 to 20. Default: 8. */
  readonly digits?: number;
  /** An array with more elements is summarized with `...`. Default: 1000. */
  readonly threshold?: number;
  /** How many elements a summary shows at both ends of each axis. Default: 3. */
  readonly edgeItems?: number;
  /** The most characters of a line. Default: 75. */
  readonly lineWidth?: number;
}

/** What separates elements, and what stands in front of the text in its first line. */
interface Frame {
  readonly separator: string;
  readonly prefix: string;
}

/**
 * An array as text, as NumPy prints it: rows below each other, columns aligned, every element with the fewest digits
 * that tell it from its neighbors, `...` for the middle of a large array.
 *
 * `format(array([[1, 2.5], [-3, 1 / 3]]), { digits: 3 })` gives
 * ```
 * [[ 1.     2.5  ]
 *  [-3.     0.333]]
 * ```
 *
 * @returns the text that `numpy.array2string(x, precision=digits)` gives, with the same numbers
 * @throws DtypeError if `x` is not an ndarray, RangeError for a wrong or misspelled option
 */
export function format(x: NdArray | IndexArray, options: FormatOptions = {}): string {
  assertMemory('format', 'x', x);
  return formatted('format', x, options, { separator: ' ', prefix: '' });
}

/**
 * An array as NumPy's `repr` shows it: `array([[1., 2.]], dtype=float32)`. The dtype is left out if it is float64. An
 * array that is summarized or empty says its shape.
 *
 * @throws DtypeError or ShapeError for an array that somebody damaged
 */
export function describeArray(x: NdArray | IndexArray): string {
  assertMemory('describeArray', 'x', x);
  const summarized = x.size > 1000;
  const empty = x.size === 0;
  const extras = [
    ...((empty && x.shape.length > 1) || summarized ? [`shape=${tuple(x.shape)}`] : []),
    ...(x.dtype === 'float64' && !empty ? [] : [`dtype=${x.dtype}`]),
  ].join(', ');
  const end = extras === '' ? ')' : ',';
  const frame = { separator: ', ', prefix: 'array(' };
  const text = `array(${formatted('describeArray', x, { lineWidth: 75 - end.length }, frame)}${end}`;
  if (extras === '') return text;
  const lastLine = text.length - (text.lastIndexOf('\n') + 1);
  return `${text}${lastLine + extras.length + 2 > 75 ? `\n${' '.repeat(6)}` : ' '}${extras})`;
}

function tuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

function formatted(call: string, x: NdArray | IndexArray, options: FormatOptions, frame: Frame): string {
  assertOptions(call, options);
  const { digits = 8, threshold = 1000, edgeItems = 3, lineWidth = 75, ...rest } = options;
  assertNoMoreOptions(call, rest);
  for (const [name, value, least, most] of [
    ['digits', digits, 0, 20],
    ['threshold', threshold, 0, Number.POSITIVE_INFINITY],
    ['edgeItems', edgeItems, 1, Number.POSITIVE_INFINITY],
    ['lineWidth', lineWidth, 1, Number.POSITIVE_INFINITY],
  ] as const) {
    if (!(Number.isInteger(value) || value === Number.POSITIVE_INFINITY) || value < least || value > most) {
      const range = `from ${least} ${most === 20 ? 'to 20' : 'up'}`;
      throw new RangeError(`${call}: expected ${name} to be a whole number ${range}, got ${inWords(value)}`);
    }
  }
  if (x.size === 0) return '[]';
  const edge = x.size > threshold ? edgeItems : Number.POSITIVE_INFINITY;
  const shown = x.shape.map((size) => shownPositions(size, edge));
  const values: number[] = [];
  const collect = (index: readonly number[]): void => {
    if (index.length === shown.length) values.push(x.get(...index));
    else for (const i of shown[index.length]) if (i >= 0) collect([...index, i]);
  };
  collect([]);
  const element = elementFormat(values, x.dtype as 'float32' | 'float64' | 'int32', digits);
  return layOut(x, shown, element, frame, lineWidth);
}

/** The positions along an axis that are shown; −1 stands for those between. */
function shownPositions(size: number, edge: number): number[] {
  if (size <= 2 * edge) return Array.from({ length: size }, (_, i) => i);
  const front = Array.from({ length: edge }, (_, i) => i);
  return [...front, -1, ...front.map((i) => size - edge + i)];
}

/** Puts the elements into brackets, one row per line, and breaks rows that are longer than a line. */
function layOut(
  x: NdArray | IndexArray,
  shown: readonly (readonly number[])[],
  element: ElementFormat,
  { separator, prefix }: Frame,
  lineWidth: number,
): string {
  const comma = separator.trimEnd();
  const walk = (index: readonly number[], indent: string, width: number): string => {
    const axis = index.length;
    if (axis === shown.length) return element(x.get(...index));
    const parts = shown[axis].map((i) => (i < 0 ? '...' : walk([...index, i], `${indent} `, width - 1)));
    if (axis < shown.length - 1) {
      const gap = comma + '\n'.repeat(shown.length - 1 - axis) + indent;
      return `[${parts.join(gap)}]`;
    }
    return `[${brokenRow(parts, separator, indent, width - Math.max(comma.length, 1)).slice(indent.length)}]`;
  };
  return walk([], ' '.repeat(prefix.length + 1), lineWidth);
}

function brokenRow(words: readonly string[], separator: string, indent: string, width: number): string {
  const lines: string[] = [];
  let line = indent;
  words.forEach((word, i) => {
    if (line.length + word.length > width && line.length > indent.length) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += word + (i < words.length - 1 ? separator : '');
  });
  return [...lines, line].join('\n');
}
