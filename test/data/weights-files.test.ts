import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeZip } from '../../src/array/zip-write.js';
import { array, encodeNpz, type NdArray, Random, toNested } from '../../src/index.js';
import { decodePth, decodeSafetensors, encodeSafetensors } from '../../src/weights.js';
import { flatten } from '../support/arrays.js';
import { fixtureBytes, fixtureText } from '../support/fixtures.js';

const expected: { tensors: Record<string, [values: string[], shape: number[]]> } = JSON.parse(
  fixtureText('weights/expected.json'),
);

function numberOf(text: string): number {
  return text.endsWith('inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

const pickle = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : part)));

/** An archive of torch.save with a pickle and one storage of two float32. */
function archive(data: Uint8Array): Uint8Array {
  return writeZip(
    [
      ['a/data.pkl', data],
      ['a/data/0', new Uint8Array(8)],
    ],
    'test',
  );
}

/** The pickle of {'w': a float32 tensor in storage '0'} with some offset, shape and stride, all below 128. */
function tensorPickle(offset: number, shape: number[], stride: number[]): Uint8Array {
  const tuple = (values: number[]) => [0x28, ...values.flatMap((value) => [0x4b, value]), 0x74];
  const text = (value: string) => pickle([0x8c, value.length], value);
  return pickle(
    [0x80, 2, 0x7d, ...text('w')],
    'ctorch._utils\n_rebuild_tensor_v2\n',
    [0x28, 0x28, ...text('storage')],
    'ctorch\nFloatStorage\n',
    [
      ...text('0'),
      ...text('cpu'),
      0x4b,
      2,
      0x74,
      0x51,
      0x4b,
      offset,
      ...tuple(shape),
      ...tuple(stride),
      0x89,
      0x7d,
      0x74,
    ],
    [0x52, 0x73, 0x2e],
  );
}

describe('decodePth', () => {
  for (const file of ['tensors.pth', 'tensors-legacy.pth'])
    it(`reads every type, shared, transposed, cut and expanded tensors as PyTorch wrote them: ${file}`, () => {
      const found = decodePth(fixtureBytes(`weights/${file}`));
      expect(Object.keys(found)).to.deep.equal(Object.keys(expected.tensors));
      expect(Object.keys(found).length).to.equal(20);
      for (const [key, [values, shape]] of Object.entries(expected.tensors)) {
        expect([...found[key].shape], key).to.deep.equal(shape);
        const numbers = shape.includes(0) ? [] : flatten(toNested(found[key]));
        expect(numbers, key).to.deep.equal(values.map(numberOf));
        expect(found[key].dtype, key).to.equal(/int|bool|float64/.test(key) ? 'float64' : 'float32');
      }
      expect(found.shared.data).not.to.equal(found.whole.data);
      expect(found.transposed.stride).to.deep.equal([6, 1]);
    });

  it('finds the state_dict in a checkpoint, and leaves out what is not a tensor', () => {
    const found = decodePth(fixtureBytes('weights/checkpoint.pth'));
    expect(Object.keys(found)).to.deep.equal(['a']);
    expect(toNested(found.a)).to.deep.equal([1, 2]);
  });

  it('executes nothing: a file that would run a command is refused, and so is a whole pickled net', () => {
    expect(() => decodePth(fixtureBytes('weights/hostile.pth'), 'hostile.pth')).to.throw(
      'hostile.pth is not a readable file of weights: it asks for posix.system, which no file of weights does; save net.state_dict() alone',
    );
    expect(existsSync(join(tmpdir(), 'handgrad-was-here'))).to.equal(false);
    expect(() => decodePth(fixtureBytes('weights/whole-net.pth'))).to.throw('it asks for torch.nn.modules');
  });

  it('reads the tensors that the hostile ones below are made from', () => {
    expect(toNested(decodePth(archive(tensorPickle(0, [2, 1], [1, 1]))).w)).to.deep.equal([[0], [0]]);
  });

  for (const [what, bytes, message] of [
    ['a tensor beyond its data', archive(tensorPickle(1, [2], [1])), 'reaches beyond its data'],
    ['a tensor with more axes than strides', archive(tensorPickle(0, [2, 1], [1])), 'no valid storage, offset, shape'],
    [
      'a tensor of a huge size by a stride of 0',
      archive(tensorPickle(0, [127, 127, 127, 127], [0, 0, 0, 0])),
      'more elements than',
    ],
    [
      'a pickle that jumps back',
      archive(pickle([0x80, 2, 0x42, 0xf0, 0xff, 0xff, 0xff, 0x2e])),
      'a length in it is not valid',
    ],
    ['an unfinished pickle', archive(pickle([0x80, 2, 0x7d])), 'is not a readable file of weights'],
    ['an unknown opcode', archive(pickle([0x80, 2, 0xff, 0x2e])), 'is not a readable file of weights'],
    ['a dictionary without tensors', archive(pickle([0x80, 2, 0x7d, 0x2e])), 'contains no tensors by name'],
    ['an archive of NumPy', encodeNpz({ a: array([1, 2]) }), 'it has no data.pkl'],
    ['another file', pickle('hello'), 'is not a .pth file of PyTorch'],
    ['nothing', new Uint8Array(0), 'is not a .pth file of PyTorch'],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(() => decodePth(bytes, 'x.pth')).to.throw(message);
    });

  it('refuses every file of PyTorch that is cut off, and never takes a damaged one for another', () => {
    for (const file of ['tensors.pth', 'tensors-legacy.pth']) {
      const whole = fixtureBytes(`weights/${file}`);
      for (let length = 0; length < whole.length; length += 97)
        expect(() => decodePth(whole.subarray(0, length)), `${file} of ${length} bytes`).to.throw();
    }
    const whole = fixtureBytes('weights/tensors-legacy.pth');
    const rng = new Random(5);
    for (let trial = 0; trial < 300; trial++) {
      const bytes = Uint8Array.from(whole);
      bytes[Math.floor(rng.next() * bytes.length)] ^= 1 << Math.floor(8 * rng.next());
      try {
        decodePth(bytes);
      } catch (error) {
        expect(error, String(error)).to.have.property('name', 'InputError');
      }
    }
  });
});

describe('safetensors', () => {
  const header = (entries: object) => {
    const json = new TextEncoder().encode(JSON.stringify(entries));
    return (data: Uint8Array) =>
      Uint8Array.from([json.length & 255, json.length >> 8, 0, 0, 0, 0, 0, 0, ...json, ...data]);
  };

  it('reads back what it wrote, from views too, with aligned data', () => {
    const rng = new Random(1);
    const arrays: Record<string, NdArray> = {
      'a.weight': rng.normal([3, 5]),
      double: rng.normal([2, 3], { dtype: 'float64' }),
      view: rng.normal([4, 3]).transpose(1, 0),
      scalar: rng.normal([1]),
      __proto__x: rng.normal([2]),
    };
    const bytes = encodeSafetensors(arrays);
    const found = decodeSafetensors(bytes);
    expect(Object.keys(found).sort()).to.deep.equal(Object.keys(arrays).sort());
    for (const [key, value] of Object.entries(arrays)) {
      expect(toNested(found[key])).to.deep.equal(toNested(value));
      expect(found[key].dtype).to.equal(value.dtype);
    }
    expect(bytes[0] % 8).to.equal(0);
  });

  it('reads a file that is written out byte by byte after the specification', () => {
    const bytes = header({
      __metadata__: { format: 'pt' },
      half: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
      brain: { dtype: 'BF16', shape: [1, 2], data_offsets: [4, 8] },
      count: { dtype: 'I64', shape: [], data_offsets: [8, 16] },
      none: { dtype: 'F32', shape: [0, 3], data_offsets: [16, 16] },
    })(Uint8Array.from([0, 0x3c, 0, 0xc0, 0x80, 0x3f, 0x49, 0x40, 9, 0, 0, 0, 0, 0, 0, 0]));
    const found = decodeSafetensors(bytes);
    expect(toNested(found.half)).to.deep.equal([1, -2]);
    expect(toNested(found.brain)).to.deep.equal([[1, 3.140625]]);
    expect([found.count.get(), found.count.dtype]).to.deep.equal([9, 'float64']);
    expect([...found.none.shape]).to.deep.equal([0, 3]);
  });

  for (const [what, entries, data, message] of [
    ['a gap', { a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, 8, 'there is a gap or an overlap'],
    [
      'bytes after the last array',
      { a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } },
      8,
      'its arrays have 4 bytes',
    ],
    ['missing bytes', { a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 0, 'its arrays have 4 bytes'],
    [
      'a shape that does not fit',
      { a: { dtype: 'F32', shape: [3], data_offsets: [0, 4] } },
      4,
      'has 4 bytes for F32 numbers',
    ],
    [
      'a type that it does not know',
      { a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } },
      1,
      'has the type F8_E4M3',
    ],
    ['a negative place', { a: { dtype: 'F32', shape: [1], data_offsets: [-4, 0] } }, 4, 'has no valid place'],
    ['an entry that is no object', { a: 3 }, 0, 'has the type undefined'],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(() => decodeSafetensors(header(entries)(new Uint8Array(data)), 'x.safetensors')).to.throw(message);
    });

  it('refuses files that are too short, or whose header is too long or not JSON', () => {
    for (const bytes of [
      [],
      [9, 0, 0, 0, 0, 0, 0, 0, 0x7b],
      [2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7b],
      [255, 255, 255, 255, 255, 255, 255, 255],
    ])
      expect(() => decodeSafetensors(Uint8Array.from(bytes), 'x')).to.throw('x is not a readable .safetensors file');
  });
});
