import { decodeBase64 } from './base64.js';
import { VECTORS } from './generated/vectors-wasm.js';

/**
 * Functions of every element in single precision, several elements at a time: `assembly/vectors.ts` at work on ordinary
 * typed arrays. WebAssembly sees only a memory of its own, so the arrays pass through it in pieces small enough to stay in
 * the processor's nearest cache; what is copied there and back costs less than a loop in JavaScript does.
 */

/** Functions of two numbers. */
export type BinaryFunction = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';
/** Functions of one number; those of ELU have a parameter. */
export type UnaryFunction = 'square' | 'sqrt' | 'exp' | 'expm1' | 'tanh' | 'elu' | 'eluSlope';

/** A matrix whose rows are dense (`column` 1) or repeat one number (`column` 0), `row` elements from one row to the next. */
export interface Rows {
  data: Float32Array;
  offset: number;
  row: number;
  column: 0 | 1;
}

/** What an engine can do to vectors faster than a loop does. */
export interface Vectors {
  /** out = f(x, y), with out dense and of the given size. */
  binary(name: BinaryFunction, out: Float32Array, columns: number, x: Rows, y: Rows): void;
  /** out = f(x). */
  unary(name: UnaryFunction, out: Float32Array, x: Float32Array, parameter?: number): void;
  /** y += scale · x; y and x are the same memory or share none. */
  addScaled(y: Float32Array, x: Float32Array, scale: number): void;
}

/** What vectors.ts exports. */
type Exports = Record<BinaryFunction, (bytes: number, out: number, x: number, y: number) => void> &
  Record<UnaryFunction, (bytes: number, out: number, x: number, parameter: number) => void> & {
    addScaled: (bytes: number, out: number, x: number, y: number, scale: number) => void;
  };

/** Elements a piece: three pieces of 16 kB are half of a first cache. */
const PIECE = 4096;
/** The pieces begin here; what lies below is the code's own: its constants. */
const FIRST = 2048;

/** Three places for pieces: where they lie, in bytes and as arrays. */
interface Places {
  f: Exports;
  out: number;
  x: number;
  y: number;
  outPiece: Float32Array;
  xPiece: Float32Array;
  yPiece: Float32Array;
}

let places: Places | undefined;

function open(): Places {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(decodeBase64(VECTORS)), { env: { memory } });
  const [out, x, y] = [0, 1, 2].map((place) => FIRST + place * 4 * PIECE);
  const [outPiece, xPiece, yPiece] = [out, x, y].map((start) => new Float32Array(memory.buffer, start, PIECE));
  return { f: exports as Exports, out, x, y, outPiece, xPiece, yPiece };
}

/** The functions on WebAssembly; only where it has SIMD. */
export const wasmVectors: Vectors = {
  binary(name, out, columns, x, y) {
    places ??= open();
    const rows = out.length / columns;
    const height = Math.max(1, Math.floor(PIECE / columns));
    for (let row = 0; row < rows; row += height) {
      for (let column = 0; column < columns; column += PIECE) {
        const piece = { row, column, height: Math.min(height, rows - row), width: Math.min(PIECE, columns - column) };
        const again = row > 0 && columns <= PIECE;
        fill(places.xPiece, x, piece, again);
        fill(places.yPiece, y, piece, again);
        const count = piece.height * piece.width;
        places.f[name](4 * count, places.out, places.x, places.y);
        out.set(places.outPiece.subarray(0, count), row * columns + column);
      }
    }
  },

  unary(name, out, x, parameter = 0) {
    places ??= open();
    for (let start = 0; start < x.length; start += PIECE) {
      const count = Math.min(PIECE, x.length - start);
      places.xPiece.set(x.subarray(start, start + count));
      places.f[name](4 * count, places.out, places.x, parameter);
      out.set(places.outPiece.subarray(0, count), start);
    }
  },

  addScaled(y, x, scale) {
    places ??= open();
    for (let start = 0; start < x.length; start += PIECE) {
      const count = Math.min(PIECE, x.length - start);
      places.xPiece.set(x.subarray(start, start + count));
      places.yPiece.set(y.subarray(start, start + count));
      places.f.addScaled(4 * count, places.out, places.y, places.x, scale);
      y.set(places.outPiece.subarray(0, count), start);
    }
  },
};

/** Some rows of some columns. */
interface Piece {
  row: number;
  column: number;
  height: number;
  width: number;
}

/** Copies a piece of a matrix; one that repeats its first row is left as it stands from the time before. */
function fill(to: Float32Array, from: Rows, { row, column, height, width }: Piece, again: boolean): void {
  if (from.row === 0 && again) return;
  const start = from.offset + row * from.row + column * from.column;
  if (from.row === width && from.column === 1) {
    to.set(from.data.subarray(start, start + height * width));
    return;
  }
  for (let i = 0; i < height; i++) {
    const at = start + i * from.row;
    if (from.column === 1) to.set(from.data.subarray(at, at + width), i * width);
    else to.fill(from.data[at], i * width, (i + 1) * width);
  }
}
