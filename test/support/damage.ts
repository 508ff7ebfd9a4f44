import type { Random } from '../../src/index.js';

// Values that overflow, wrap around, or ask for all memory.
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

/** A copy of a file with one to three changes: flipped bits, extreme numbers, missing, repeated or foreign parts. */
export function damaged(bytes: Uint8Array, rng: Random): Uint8Array {
  let out: Uint8Array = bytes.slice();
  const pick = (count: number) => Math.floor(rng.uniform([1]).get(0) * count);
  for (let changes = 1 + pick(3); changes > 0; changes--) {
    const at = pick(out.length);
    const length = 1 + pick(Math.min(32, out.length - at));
    switch (pick(6)) {
      case 0:
        out[at] ^= 1 << pick(8);
        break;
      case 1:
        out[at] = pick(256);
        break;
      case 2:
        writeNumber(out, at, EXTREMES[pick(EXTREMES.length)], pick(2) === 0);
        break;
      case 3:
        out = out.slice(0, at);
        break;
      case 4:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      default:
        out = Buffer.concat([out.subarray(0, at + length), out.subarray(at)]);
    }
    if (out.length === 0) break;
  }
  return out;
}

function writeNumber(out: Uint8Array, at: number, value: number, littleEndian: boolean): void {
  if (at + 4 > out.length) return;
  new DataView(out.buffer, out.byteOffset, out.byteLength).setUint32(at, value, littleEndian);
}
