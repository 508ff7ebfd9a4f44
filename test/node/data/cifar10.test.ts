import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { encode } from 'fast-png';
import { ALL_FILES } from '../../../src/data/cifar10-facts.js';
import { InputError } from '../../../src/index.js';
import { recordsOf } from '../../../src/node/data/cifar10-fetch.js';
import { type LoadedCifar10, loadCifar10 } from '../../../src/node.js';
import { cifar10Folder, realCifar10 } from '../../support/cifar10.js';
import { batchPickle, globalPickle } from '../../support/pickles.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

describe('the real CIFAR-10', () => {
  const newFolder = temporaryFolders();
  let set: LoadedCifar10;

  before(async function () {
    set = await realCifar10(this);
  });

  /** A folder with the real files, as links, except the named ones. */
  function folderWithout(...names: string[]): string {
    const folder = newFolder();
    for (const { binary } of ALL_FILES) {
      if (!names.includes(binary)) symlinkSync(join(cifar10Folder, binary), join(folder, binary));
    }
    return folder;
  }

  it('has 5,000 training and 1,000 test images a class, and begins with the known labels', () => {
    for (const [half, each] of [
      [set.train, 5000],
      [set.test, 1000],
    ] as const) {
      const counts = Array<number>(10).fill(0);
      for (let i = 0; i < half.count; i++) counts[half.label(i)]++;
      expect(counts).to.deep.equal(Array(10).fill(each));
    }
    expect(Array.from({ length: 10 }, (_, i) => set.train.label(i))).to.deep.equal([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
  });

  it('has the known channel means and deviations', () => {
    const expected = [
      [0.4914, 0.24703],
      [0.48216, 0.24349],
      [0.44653, 0.26159],
    ];
    const pixels = 1024;
    expected.forEach(([mean, deviation], channel) => {
      let [total, squares] = [0, 0];
      for (let i = 0; i < set.train.count; i++) {
        const image = set.train.image(i);
        for (let p = channel * pixels; p < (channel + 1) * pixels; p++) {
          total += image[p];
          squares += image[p] * image[p];
        }
      }
      const n = set.train.count * pixels;
      expect(total / n / 255).to.be.closeTo(mean, 5e-6);
      expect(Math.sqrt(squares / n - (total / n) ** 2) / 255).to.be.closeTo(deviation, 5e-6);
    });
  }).timeout(60_000);

  it('is drawn as batches of float32 less the mean image, with one-hot targets', () => {
    const mean = set.train.meanImage();
    const { x, targets } = set.train.batch([49_999, 0], mean);
    expect([x.shape, x.dtype, targets.shape]).to.deep.equal([[2, 3, 32, 32], 'float32', [2, 10]]);
    expect(x.get(0, 0, 0, 17)).to.equal(Math.fround(set.train.image(49_999)[17] - mean[17]));
    expect(targets.get(1, 6)).to.equal(1);
    expect(() => set.train.image(50_000)).to.throw('expected the position of an image, from 0 to 49999, got 50000');
  });

  it('is read in at most 260 MB of memory, all 60,000 images', () => {
    const script = `
      import { existsSync, readFileSync } from 'node:fs';
      import { loadCifar10 } from ${JSON.stringify(new URL('../../../lib/node.js', import.meta.url).href)};
      const set = await loadCifar10();
      // Linux counts in maxRSS what the process that started this one had; VmHWM is this one's own.
      const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
      const peak = Number(/VmHWM:\\s+(\\d+) kB/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
      console.log(set.train.count + set.test.count, peak / 1024);`;
    const [count, peak] = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    }).split(' ');
    expect(Number(count)).to.equal(60_000);
    expect(Number(peak)).to.be.lessThan(260);
  });

  it('is read from a folder of the Python version, and from one that holds the unpacked archive', async function () {
    this.timeout(60_000);
    const folder = newFolder();
    mkdirSync(join(folder, 'cifar-10-batches-py'));
    for (const { binary, pickle } of ALL_FILES) {
      writeFileSync(
        join(folder, 'cifar-10-batches-py', pickle),
        batchPickle(readFileSync(join(cifar10Folder, binary))),
      );
    }
    const pickled = await loadCifar10({ dataDir: folder });
    expect(pickled.folder).to.equal(join(folder, 'cifar-10-batches-py'));
    for (const i of [0, 9999, 10_000, 49_999]) {
      expect(pickled.train.label(i)).to.equal(set.train.label(i));
      expect(Buffer.compare(pickled.train.image(i), set.train.image(i))).to.equal(0);
    }
    const parent = newFolder();
    symlinkSync(cifar10Folder, join(parent, 'cifar-10-batches-bin'));
    expect((await loadCifar10({ dataDir: parent })).test.count).to.equal(10_000);
  });

  it('comes out of the PNG files of the npm package byte for byte', function () {
    this.timeout(60_000);
    const records = readFileSync(join(cifar10Folder, 'test_batch.bin'));
    const data = new Uint8Array(10_000 * 1024 * 3);
    const labels: number[] = [];
    for (let i = 0; i < 10_000; i++) {
      labels.push(records[i * 3073]);
      for (let p = 0; p < 1024; p++) {
        for (let c = 0; c < 3; c++) data[(i * 1024 + p) * 3 + c] = records[i * 3073 + 1 + c * 1024 + p];
      }
    }
    const png = encode({ width: 1024, height: 10_000, channels: 3, depth: 8, data }, { zlib: { level: 1 } });
    expect(Buffer.compare(recordsOf(png, labels, 'test_batch.png'), records)).to.equal(0);
    const small = encode({ width: 2, height: 1, channels: 3, depth: 8, data: new Uint8Array(6) });
    expect(() => recordsOf(small, labels, 'small.png')).to.throw(
      InputError,
      'small.png has 2 × 1 pixels of 3 × 8 bits',
    );
  });

  it('is refused with a sentence that names a file that is missing, incomplete, damaged or of another set', async () => {
    const missing = folderWithout('data_batch_2.bin', 'test_batch.bin');
    const incomplete = await errorOf(() => loadCifar10({ dataDir: missing }));
    expect(incomplete).to.be.instanceOf(InputError);
    expect(incomplete.message).to.equal(`${missing} is incomplete: data_batch_2.bin, test_batch.bin missing`);

    const original = readFileSync(join(cifar10Folder, 'data_batch_3.bin'));
    const cases: [bytes: Uint8Array, sentence: string][] = [
      [original.subarray(0, 1_000_000), 'is incomplete, or not a CIFAR-10 file: it has 1000000 bytes, not 30730000'],
      [Buffer.concat([original, Buffer.alloc(1)]), 'is not a CIFAR-10 file: it has 30730001 bytes, not 30730000'],
      [changed(original, 3073 * 5, 77), 'is not a CIFAR-10 file: image 5 has label 77, not 0 to 9'],
      [changed(original, 20_000_000, original[20_000_000] ^ 1), 'is damaged: its images have md5'],
    ];
    for (const [bytes, sentence] of cases) {
      const folder = folderWithout('data_batch_3.bin');
      writeFileSync(join(folder, 'data_batch_3.bin'), bytes);
      const error = await errorOf(() => loadCifar10({ dataDir: folder }));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(join(folder, 'data_batch_3.bin')).and.include(sentence);
      rmSync(folder, { recursive: true });
    }
  }).timeout(60_000);
});

describe('a folder that is no CIFAR-10', () => {
  const newFolder = temporaryFolders();

  it('is refused when it is empty or absent', async () => {
    const folder = newFolder();
    for (const dataDir of [folder, join(folder, 'absent')]) {
      const error = await errorOf(() => loadCifar10({ dataDir }));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(
        dataDir === folder ? `${dataDir} does not contain CIFAR-10` : `${dataDir} does not exist`,
      );
    }
  });

  it('is refused if its pickles are damaged, belong to another set, or would call a function', async () => {
    const folder = newFolder();
    const cases: [bytes: Uint8Array, sentence: string][] = [
      [Buffer.from('not a pickle'), 'is not a readable pickle of CIFAR-10'],
      [
        Buffer.from([0x80, 2, 0x7d, 0x2e]),
        "is not a pickle of CIFAR-10: its 'data' is not a uint8 array of 10000 × 3072",
      ],
      [globalPickle('os', 'system', 'touch owned'), 'it asks for os.system, which no pickle of CIFAR does'],
    ];
    for (const [bytes, sentence] of cases) {
      for (const { pickle } of ALL_FILES) writeFileSync(join(folder, pickle), bytes);
      const error = await errorOf(() => loadCifar10({ dataDir: folder }));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(join(folder, 'data_batch_1')).and.include(sentence);
    }
  });
});

function changed(bytes: Uint8Array, position: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[position] = value;
  return copy;
}
