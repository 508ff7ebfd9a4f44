import { VECTOR_LOOPS } from './generated/vector-loops-wasm.js';
import { LONGEST_ROW } from './longest-row.js';
import { instantiate, supportedModule } from './wasm-module.js';

/**
 * Element-wise functions in single precision: `assembly/vector-loops.ts`, applied to typed arrays. WebAssembly can
 * access only its own memory, so the arrays are copied in and out, in pieces that are small enough for the L2 cache.
 * This takes less time than a loop in JavaScript.
 */

/** Functions of two numbers. */
export type BinaryFunction = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'gate';
/** Functions of one number. Those of ELU have a parameter. */
export type UnaryFunction = 'square' | 'sqrt' | 'exp' | 'expm1' | 'tanh' | 'elu' | 'eluSlope' | 'gelu' | 'geluSlope';

/** Functions of rows and one or two numbers for each: x + a, x − a, x · a, x · a + b, out + x · a. */
export type EachFunction = 'addEach' | 'subtractEach' | 'multiplyEach' | 'scaleShiftEach' | 'addProductEach';

/** Functions of a row. */
export type RowFunction = 'softmax' | 'logSoftmax';

/**
 * A matrix whose rows are contiguous (`column` 1) or repeat one number (`column` 0), with a stride of `row` between
 * rows.
 */
export interface Rows {
  data: Float32Array;
  offset: number;
  row: number;
  column: 0 | 1;
}

/** The element-wise functions that an engine computes faster than a plain loop. All arrays are contiguous. */
export interface Vectors {
  /** out = f(x, y), where out has rows of the given number of columns. */
  binary(name: BinaryFunction, out: Float32Array, columns: number, x: Rows, y: Rows): void;
  /** out = f(x). */
  unary(name: UnaryFunction, out: Float32Array, x: Float32Array, parameter?: number): void;
  /** out = f of each row of x. Rows have at most `LONGEST_ROW` columns. */
  rows(name: RowFunction, out: Float32Array, x: Float32Array, columns: number): void;
  /**
   * A function of rows and of numbers for each row. Row i has number i modulo their count, as the channels of a batch of
   * images do. The number of columns is a multiple of four.
   */
  each(name: EachFunction, out: Float32Array, columns: number, x: Float32Array, numbers: readonly Float32Array[]): void;
  /** Adds the sum of row i of x, or of x ∘ y, to total i modulo their count. The number of columns is a multiple of four. */
  sumEach(totals: Float64Array, columns: number, x: Float32Array, y?: Float32Array): void;
  /** y += scale · x. The two are the same memory or share none. */
  addScaled(y: Float32Array, x: Float32Array, scale: number): void;
  /** Adds a row to each row of y, which has rows of the same length. The two share no memory. */
  addToRows(y: Float32Array, row: Float32Array): void;
  /** totals += each row of x, which has rows of the same length. */
  sumRows(totals: Float64Array, x: Float32Array): void;
  /** A step of gradient descent with momentum. The numbers are those of assembly/vector-loops.ts. */
  descend(arrays: [x: Float32Array, grad: Float32Array, velocity: Float32Array], numbers: readonly number[]): void;
  /** A step of Adam. The numbers are those of assembly/vector-loops.ts. */
  adam(
    arrays: [x: Float32Array, grad: Float32Array, first: Float32Array, second: Float32Array],
    numbers: readonly number[],
  ): void;
}

/** The functions that assembly/vector-loops.ts exports. Their arguments are bytes, addresses and parameters. */
type Name = BinaryFunction | EachFunction | UnaryFunction | Step;
type Step =
  | 'addScaled'
  | 'sumRows'
  | 'sumEach'
  | 'sumProductsEach'
  | 'repeatEach'
  | 'shiftedExponentials'
  | 'descend'
  | 'adam';

/** Elements per piece: four of the longest rows. Four pieces of 32 kB fit into the L2 cache. */
const PIECE = 4 * LONGEST_ROW;
/** The address of the first piece. The memory below belongs to the module, for its constants. */
const FIRST = 2048;

/** The module's functions, and the memory of four pieces: their addresses, and arrays on them. */
interface Workspace {
  f: Record<Name, (...numbers: number[]) => void>;
  at: number[];
  piece: Float32Array[];
  /** The last two pieces together, as float64. */
  doubles: Float64Array;
}

let opened: Workspace | undefined;

function workspace(): Workspace {
  opened ??= open();
  return opened;
}

function open(): Workspace {
  const module = supportedModule(VECTOR_LOOPS);
  if (!module) throw new Error('fast vectors need WebAssembly with SIMD, which this runtime does not have');
  const memory = new WebAssembly.Memory({ initial: 3 });
  const at = [0, 1, 2, 3].map((place) => FIRST + place * 4 * PIECE);
  return {
    f: instantiate(module, memory) as Workspace['f'],
    at,
    piece: at.map((start) => new Float32Array(memory.buffer, start, PIECE)),
    doubles: new Float64Array(memory.buffer, at[2], PIECE),
  };
}

/** The functions on WebAssembly, which must have SIMD. */
export const wasmVectors: Vectors = {
  binary(name, out, columns, x, y) {
    const place = workspace();
    const { f, at, piece } = place;
    const rows = out.length / columns;
    const height = Math.max(1, Math.floor(PIECE / columns));
    for (let row = 0; row < rows; row += height) {
      for (let column = 0; column < columns; column += PIECE) {
        const part = { row, column, height: Math.min(height, rows - row), width: Math.min(PIECE, columns - column) };
        const again = row > 0 && columns <= PIECE;
        fill(place, 0, x, part, again);
        fill(place, 1, y, part, again);
        const count = part.height * part.width;
        f[name](4 * count, at[2], at[0], at[1]);
        out.set(piece[2].subarray(0, count), row * columns + column);
      }
    }
  },

  unary: (name, out, x, parameter = 0) =>
    inPieces([x], [out], ({ f, at }, bytes) => f[name](bytes, at[0], at[0], parameter)),

  rows(name, out, x, columns) {
    const { f, at, piece } = workspace();
    const most = columns * 4 * Math.floor(LONGEST_ROW / columns);
    for (let start = 0; start < x.length; start += most) {
      const count = Math.min(most, x.length - start);
      const rows = count / columns;
      piece[0].set(x.subarray(start, start + count));
      f.shiftedExponentials(rows, 4 * columns, at[0], at[1], at[3]);
      if (name === 'logSoftmax') for (let i = 0; i < rows; i++) piece[3][i] = Math.log(piece[3][i]);
      f.repeatEach(rows, 4 * columns, at[2], at[3]);
      if (name === 'softmax') f.divide(4 * count, at[0], at[1], at[2]);
      else f.subtract(4 * count, at[0], at[0], at[2]);
      out.set(piece[0].subarray(0, count), start);
    }
  },

  each(name, out, columns, x, numbers) {
    const { f, at, piece } = workspace();
    inRows(out.length, columns, (row, height, width, start, end) => {
      piece[0].set(x.subarray(start, end));
      if (name === 'addProductEach') piece[1].set(out.subarray(start, end));
      for (const [k, list] of numbers.entries()) {
        for (let i = 0; i < height; i++) piece[2 + k][i] = list[(row + i) % list.length];
      }
      f[name](height, 4 * width, at[1], at[0], at[2], at[3]);
      out.set(piece[1].subarray(0, end - start), start);
    });
  },

  sumEach(totals, columns, x, y) {
    const { f, at, piece, doubles } = workspace();
    inRows(x.length, columns, (row, height, width, start, end) => {
      piece[0].set(x.subarray(start, end));
      if (y !== undefined && y !== x) piece[1].set(y.subarray(start, end));
      doubles.fill(0, 0, height);
      if (y === undefined) f.sumEach(height, 4 * width, at[2], at[0]);
      else f.sumProductsEach(height, 4 * width, at[2], at[0], y === x ? at[0] : at[1]);
      for (let i = 0; i < height; i++) totals[(row + i) % totals.length] += doubles[i];
    });
  },

  addScaled: (y, x, scale) =>
    inPieces([y, x], [y], ({ f, at }, bytes) => f.addScaled(bytes, at[0], at[0], at[1], scale)),

  addToRows(y, row) {
    const columns = row.length;
    const target = { data: y, offset: 0, row: columns, column: 1 } as const;
    this.binary('add', y, columns, target, { data: row, offset: 0, row: 0, column: 1 });
  },

  sumRows(totals, x) {
    const place = workspace();
    const { f, at, doubles } = place;
    const columns = totals.length;
    const height = Math.max(1, Math.floor(PIECE / columns));
    for (let column = 0; column < columns; column += PIECE) {
      const width = Math.min(PIECE, columns - column);
      doubles.set(totals.subarray(column, column + width));
      for (let row = 0; row * columns < x.length; row += height) {
        const part = { row, column, height: Math.min(height, x.length / columns - row), width };
        fill(place, 0, { data: x, offset: 0, row: columns, column: 1 }, part, false);
        f.sumRows(part.height, 4 * width, at[2], at[0]);
      }
      totals.set(doubles.subarray(0, width), column);
    }
  },

  descend: ([x, grad, velocity], numbers) =>
    inPieces([x, velocity, grad], [x, velocity], ({ f, at }, bytes) =>
      f.descend(bytes, at[0], at[2], at[1], ...numbers),
    ),

  adam: ([x, grad, first, second], numbers) =>
    inPieces([x, first, second, grad], [x, first, second], ({ f, at }, bytes) =>
      f.adam(bytes, at[0], at[3], at[1], at[2], ...numbers),
    ),
};

/**
 * Copies arrays of the same length into the workspace piece by piece, does the work, and copies the first pieces
 * back.
 */
function inPieces(
  read: readonly Float32Array[],
  written: readonly Float32Array[],
  work: (place: Workspace, bytes: number) => void,
): void {
  const place = workspace();
  const { length } = read[0];
  for (let start = 0; start < length; start += PIECE) {
    const end = Math.min(start + PIECE, length);
    for (const [i, array] of read.entries()) place.piece[i].set(array.subarray(start, end));
    work(place, 4 * (end - start));
    for (const [i, array] of written.entries()) array.set(place.piece[i].subarray(0, end - start), start);
  }
}

/**
 * Calls `work` for parts of a contiguous matrix that fit into a piece: several rows, or a part of one. It gets the first
 * row, the number of rows, the number of columns, and the positions of the first element and the one after the last.
 */
function inRows(
  length: number,
  columns: number,
  work: (row: number, height: number, width: number, start: number, end: number) => void,
): void {
  const rows = length / columns;
  const most = Math.max(1, Math.floor(PIECE / columns));
  for (let row = 0; row < rows; row += most) {
    const height = Math.min(most, rows - row);
    for (let column = 0; column < columns; column += PIECE) {
      const width = Math.min(PIECE, columns - column);
      const start = row * columns + column;
      work(row, height, width, start, start + height * width);
    }
  }
}

/** Some rows of some columns. */
interface Part {
  row: number;
  column: number;
  height: number;
  width: number;
}

/**
 * Copies a part of a matrix to one of the pieces. With `again`, a matrix that repeats its first row is already there.
 */
function fill(
  { f, at, piece }: Workspace,
  index: number,
  { data, offset, row: stride, column: step }: Rows,
  { row, column, height, width }: Part,
  again: boolean,
): void {
  const to = piece[index];
  const start = offset + row * stride + column * step;
  if (stride === 0 && step === 1) {
    if (again) return;
    to.set(data.subarray(start, start + width));
    const end = height * width;
    for (let done = width; done < end; done *= 2) to.copyWithin(done, 0, Math.min(done, end - done));
  } else if (step === 0) {
    for (let i = 0; i < height; i++) piece[3][i] = data[start + i * stride];
    f.repeatEach(height, 4 * width, at[index], at[3]);
  } else if (stride === width) {
    to.set(data.subarray(start, start + height * width));
  } else {
    for (let i = 0; i < height; i++) to.set(data.subarray(start + i * stride, start + i * stride + width), i * width);
  }
}
