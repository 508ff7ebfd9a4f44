import { expect } from 'chai';
import { copyFloats } from '../../src/kernels/copy.js';
import { copyFloats as copyAnywhere } from '../../src/kernels/no-copy.js';

const sizes = [0, 1, 1000, 2 ** 14 - 1, 2 ** 14, 2 ** 14 + 3, 100_003];

type Floats = Float32Array | Float64Array;
type FloatsType = { new (buffer: ArrayBufferLike): Floats; readonly BYTES_PER_ELEMENT: number };

function ordinary(floats: FloatsType, length: number): Floats {
  return new floats(new ArrayBuffer((length + 10) * floats.BYTES_PER_ELEMENT));
}

function shared(floats: FloatsType, length: number): Floats {
  return new floats(new SharedArrayBuffer((length + 10) * floats.BYTES_PER_ELEMENT));
}

describe('copyFloats', () => {
  for (const [way, copy] of [
    ['in Node', copyFloats],
    ['elsewhere', copyAnywhere],
  ] as const) {
    it(`copies just what it is given ${way}, to and from memory that threads share`, () => {
      for (const floats of [Float32Array, Float64Array] as FloatsType[]) {
        for (const [from, to] of [
          [ordinary, shared],
          [shared, ordinary],
          [ordinary, ordinary],
        ]) {
          for (const size of sizes) {
            const source = from(floats, size);
            for (let i = 0; i < source.length; i++) source[i] = Math.sin(i);
            const target = to(floats, size).fill(7);
            copy(target, 3, source.subarray(5, 5 + size));
            for (let i = 0; i < target.length; i++) {
              const expected = i >= 3 && i < 3 + size ? source[i + 2] : 7;
              if (target[i] !== expected) expect.fail(`${size} numbers: ${target[i]} in place ${i}, not ${expected}`);
            }
          }
        }
      }
    });
  }
});
