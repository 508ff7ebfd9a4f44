import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { create } from 'tar';
import {
  CIFAR100_CLASSES,
  CIFAR100_FILES,
  CIFAR100_RECORD_BYTES,
  type Cifar100File,
  COARSE_OF_FINE,
} from '../../../src/data/cifar100-facts.js';
import { at, InputError } from '../../../src/index.js';
import { type LoadCifar100Options, loadCifar100, provideFrom } from '../../../src/node/data/cifar100.js';
import { readCifar100 } from '../../../src/node/data/cifar100-read.js';
import { loadCifar10 } from '../../../src/node.js';
import { handgrad } from '../../support/command.js';
import { labeledPickle } from '../../support/pickles.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

/** Records of the binary version, in which image i has the fine label i mod 100, and its first pixel says which image it is. */
function records(images: number): Uint8Array {
  const bytes = new Uint8Array(images * CIFAR100_RECORD_BYTES);
  for (let i = 0; i < images; i++) {
    const start = i * CIFAR100_RECORD_BYTES;
    bytes.set([COARSE_OF_FINE[i % 100], i % 100, i % 256], start);
  }
  return bytes;
}

describe('CIFAR-100', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();
  const files: Cifar100File[] = CIFAR100_FILES.map((file, i) => ({ ...file, images: i === 0 ? 400 : 200 }));

  function binaryFolder(change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): string {
    const folder = newFolder();
    for (const { binary, images } of files) writeFileSync(join(folder, binary), change(records(images)));
    return folder;
  }

  it('has a hundred fine classes in twenty coarse ones of five', () => {
    expect(CIFAR100_CLASSES.fine.length).to.equal(100);
    expect(CIFAR100_CLASSES.coarse.length).to.equal(20);
    for (let coarse = 0; coarse < 20; coarse++)
      expect(COARSE_OF_FINE.filter((each) => each === coarse).length, String(coarse)).to.equal(5);
    const named = (fine: string) => CIFAR100_CLASSES.coarse[COARSE_OF_FINE[CIFAR100_CLASSES.fine.indexOf(fine)]];
    expect(['apple', 'worm', 'streetcar', 'wolf'].map(named)).to.deep.equal([
      'fruit_and_vegetables',
      'non-insect_invertebrates',
      'vehicles_2',
      'large_carnivores',
    ]);
  });

  it('reads the binary version with fine or coarse labels', async () => {
    const zero = new Float32Array(3072);
    const place = { folder: binaryFolder(), format: 'binary' } as const;
    const fine = await readCifar100(place, 'fine', { files });
    expect([fine.train.count, fine.test.count, fine.train.classNames.length]).to.deep.equal([400, 200, 100]);
    expect([fine.train.label(150), fine.train.label(399)]).to.deep.equal([50, 99]);
    expect(at(fine.train.batch([150], zero).x, 0, 0, 0, 0)).to.equal(150);
    const coarse = await readCifar100(place, 'coarse', { files });
    expect([coarse.test.label(150), coarse.test.classNames.length]).to.deep.equal([COARSE_OF_FINE[50], 20]);
    expect(at(coarse.test.batch([150], zero).x, 0, 0, 0, 0)).to.equal(150);
  });

  const WRONG: Record<string, [change: (bytes: Uint8Array) => Uint8Array, said: RegExp]> = {
    'is too short': [
      (bytes) => bytes.subarray(1),
      /train\.bin is incomplete, or not a CIFAR-100 file: it has 1229599 bytes/,
    ],
    'has a label above 99': [
      (bytes) => bytes.fill(200, CIFAR100_RECORD_BYTES + 1, CIFAR100_RECORD_BYTES + 2),
      /train\.bin is not a CIFAR-100 file: image 1 has the fine label 200, not 0 to 99/,
    ],
    'has a coarse label of another class': [
      (bytes) => bytes.fill(19, 0, 1),
      /train\.bin is damaged or not a CIFAR-100 file: image 0 has the fine label 0 and the coarse label 19, not 4/,
    ],
    'has a class too often': [
      (bytes) =>
        bytes
          .fill(0, 1, 2)
          .fill(4, 0, 1)
          .fill(0, CIFAR100_RECORD_BYTES + 1, CIFAR100_RECORD_BYTES + 2)
          .fill(4, CIFAR100_RECORD_BYTES, CIFAR100_RECORD_BYTES + 1),
      /train\.bin is damaged: it has 5 images of the class apple, not 4/,
    ],
  };
  for (const [what, [change, said]] of Object.entries(WRONG)) {
    it(`refuses a file that ${what}, by its name`, async () => {
      const place = { folder: binaryFolder(change), format: 'binary' } as const;
      const error = await errorOf(() => readCifar100(place, 'fine', { files }));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.match(said);
    });
  }

  it('says of a folder what it is instead', async () => {
    const empty = newFolder();
    const load = async (folder: string, options: LoadCifar100Options = {}) =>
      (await errorOf(() => loadCifar100({ dataDir: folder, ...options }))).message.replace(folder, 'DIR');
    expect(await load(empty)).to.match(
      /^DIR does not contain CIFAR-100: it has neither train and test, nor train\.bin/,
    );
    expect(await load(join(empty, 'no'))).to.include('does not exist');
    writeFileSync(join(empty, 'train.bin'), '');
    expect(await load(empty)).to.equal('DIR is incomplete: test.bin is missing');
    writeFileSync(join(empty, 'test.bin'), '');
    const asOther = (await errorOf(() => loadCifar10({ dataDir: empty }))).message;
    expect(asOther).to.equal(`${empty} contains CIFAR-100, not CIFAR-10; --dataset cifar100 trains on it`);
    const tens = newFolder();
    for (const name of ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'])
      writeFileSync(join(tens, name), '');
    expect(await load(tens)).to.match(/^DIR contains CIFAR-10, not CIFAR-100/);
    expect(await load(empty, { labels: 'rough' as 'fine' })).to.equal(
      'loadCifar100: expected labels to be fine or coarse, got "rough"',
    );
  });

  describe('from an archive', () => {
    let server: Server | undefined;
    afterEach(() => server?.close());

    it('is fetched, verified, and loaded again from the folder; a damaged file is named', async () => {
      const folder = newFolder();
      const python = join(folder, 'cifar-100-python');
      mkdirSync(python);
      const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
      const pickled = files.map((file) => {
        const all = records(file.images);
        const column = (at: number) =>
          Array.from({ length: file.images }, (_, i) => all[i * CIFAR100_RECORD_BYTES + at]);
        const pixels = Buffer.concat(
          Array.from({ length: file.images }, (_, i) =>
            all.subarray(i * CIFAR100_RECORD_BYTES + 2, (i + 1) * CIFAR100_RECORD_BYTES),
          ),
        );
        const bytes = labeledPickle(pixels, { fine_labels: column(1), coarse_labels: column(0) });
        writeFileSync(join(python, file.pickle), bytes);
        return { ...file, md5: md5(bytes) };
      });
      await create({ gzip: true, cwd: folder, file: join(folder, 'a.tar.gz') }, ['cifar-100-python']);
      const archive = readFileSync(join(folder, 'a.tar.gz'));
      const started = createServer((_request, response) => response.end(archive));
      server = started;
      await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(started.address() as AddressInfo).port}/cifar-100-python.tar.gz`;
      const from = { url, md5: md5(archive), files: pickled };
      const dataDir = join(newFolder(), 'set');
      const fetched = await provideFrom(from, { dataDir, labels: 'coarse' });
      expect([fetched.fetched, fetched.train.count, fetched.train.label(7)]).to.deep.equal([
        true,
        400,
        COARSE_OF_FINE[7],
      ]);
      expect(readdirSync(dataDir).sort()).to.deep.equal(['test', 'train']);
      expect((await provideFrom(from, { dataDir })).fetched).to.equal(false);
      const other = [pickled[0], { ...pickled[1], md5: 'c32a' }];
      const error = await errorOf(() => provideFrom({ ...from, files: other }, { dataDir }));
      expect(error.message).to.match(/test is damaged: its md5 is [0-9a-f]{32}, that of CIFAR-100 is c32a$/);
      const wrong = await errorOf(() => provideFrom({ ...from, md5: 'c32a' }, { dataDir: join(newFolder(), 'set') }));
      expect(wrong.message).to.match(/arrived with md5 [0-9a-f]{32}, not c32a$/);
    });
  });

  it('trains, evaluates and predicts with handgrad, with coarse labels, from files of the full size', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'set'));
    for (const { binary, images } of CIFAR100_FILES) writeFileSync(join(cwd, 'set', binary), records(images));
    const run = async (line: string) => {
      const { code, stdout, stderr } = await handgrad(line.split(' '), cwd);
      expect(code, stderr).to.equal(0);
      return JSON.parse(stdout);
    };
    const trained = await run(
      'train --dataset cifar100 --labels coarse --data-dir set --hidden 10 --max-steps 2 --eval-every 2 --out run --json --report',
    );
    expect(trained.history.firstLoss).to.be.closeTo(Math.log(20), 0.02);
    const { labels, data } = JSON.parse(readFileSync(join(cwd, 'run', 'config.json'), 'utf8'));
    expect([labels, data.classes.length, data.title]).to.deep.equal(['coarse', 20, 'CIFAR-100']);
    const evaluated = await run('evaluate run --data-dir set --json');
    expect([evaluated.testAccuracy, evaluated.confusion.length]).to.deep.equal([trained.testAccuracy, 20]);
    const found = await run('data cifar100 --data-dir set --json');
    expect([found.train, found.test, found.classes.length]).to.deep.equal([50_000, 10_000, 100]);
    const refused = await handgrad(['train', '--labels', 'coarse', '--max-steps', '1'], cwd);
    expect([refused.code, refused.stderr]).to.deep.equal([
      2,
      'handgrad: --labels coarse is for --dataset cifar100, not for --dataset cifar10\n',
    ]);
  });
});
