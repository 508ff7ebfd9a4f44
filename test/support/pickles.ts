/** Pickles as Python 2 wrote those of CIFAR-10 (protocol 2, byte strings), made by hand. */

const ascii = (text: string) => Buffer.from(text, 'latin1');
const shortString = (text: string) => Buffer.concat([Buffer.from([0x55, text.length]), ascii(text)]); // U
const global = (module: string, name: string) => ascii(`c${module}\n${name}\n`);
const smallInt = (value: number) => Buffer.from([0x4b, value]); // K
const int = (value: number) => {
  const bytes = Buffer.alloc(5);
  bytes[0] = 0x4a; // J
  bytes.writeInt32LE(value, 1);
  return bytes;
};
const longString = (content: Uint8Array) => {
  const head = Buffer.alloc(5);
  head[0] = 0x54; // T
  head.writeUInt32LE(content.length, 1);
  return Buffer.concat([head, content]);
};

/** The pickle with the images and labels of one binary file of 10,000 records. */
export function batchPickle(records: Uint8Array): Uint8Array {
  const pixels = Buffer.alloc(10_000 * 3072);
  const labels: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    labels.push(records[i * 3073]);
    pixels.set(records.subarray(i * 3073 + 1, (i + 1) * 3073), i * 3072);
  }
  return labeledPickle(pixels, { labels });
}

/** The pickle of images of 3,072 bytes, with lists of labels by key. */
export function labeledPickle(pixels: Uint8Array, labels: Readonly<Record<string, readonly number[]>>): Uint8Array {
  const lists = Object.entries(labels).flatMap(([key, values]) => [
    shortString(key),
    ascii(']('),
    ...values.map(smallInt),
    ascii('e'),
  ]);
  return Buffer.concat([
    Buffer.from([0x80, 2]),
    ascii('}('), // an empty dictionary, and a mark
    shortString('batch_label'),
    shortString('training batch'),
    ...lists,
    shortString('data'),
    ...[global('numpy.core.multiarray', '_reconstruct'), global('numpy', 'ndarray')],
    ...[smallInt(0), ascii('\x85'), shortString('b'), ascii('\x87R')], // (ndarray, (0,), 'b'), called
    ...[ascii('('), smallInt(1), int(pixels.length / 3072), int(3072), ascii('\x86')], // version, shape
    ...[global('numpy', 'dtype'), shortString('u1'), smallInt(0), smallInt(1), ascii('\x87R')],
    ...[ascii('('), smallInt(3), shortString('|'), ascii('NNN'), int(-1), int(-1), smallInt(0), ascii('tb')],
    ascii('\x89'), // not in Fortran order
    longString(pixels),
    ascii('tb'),
    ascii('u.'),
  ]);
}

/** A pickle of protocol 5, as NumPy writes it: 10,000 black images of class 7, the last pixel white. */
export function protocol5Pickle(): Uint8Array {
  const pixels = Buffer.alloc(10_000 * 3072);
  pixels[pixels.length - 1] = 255;
  const text = (content: string) => Buffer.concat([Buffer.from([0x8c, content.length]), ascii(content)]);
  const length = Buffer.alloc(8);
  length.writeUInt32LE(pixels.length);
  return Buffer.concat([
    ...[Buffer.from([0x80, 5]), ascii('}('), text('data')],
    ...[text('numpy.core.numeric'), text('_frombuffer'), ascii('\x93(')],
    ...[ascii('\x96'), length, pixels], // a bytearray
    ...[text('numpy'), text('dtype'), ascii('\x93'), text('u1'), ascii('\x89\x88\x87R')],
    ...[ascii('('), smallInt(3), text('|'), ascii('NNN'), int(-1), int(-1), smallInt(0), ascii('tb')],
    ...[int(10_000), int(3072), ascii('\x86'), text('C'), ascii('tR')],
    ...[text('labels'), ascii(']('), Buffer.alloc(20_000, smallInt(7)), ascii('eu.')],
  ]);
}

/** A pickle that calls a function of Python with one text. */
export function globalPickle(module: string, name: string, argument: string): Uint8Array {
  return Buffer.concat([Buffer.from([0x80, 2]), global(module, name), shortString(argument), ascii('\x85R.')]);
}
