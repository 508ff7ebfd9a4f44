import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CIFAR10_CLASSES } from '../../../../src/data/cifar10-facts.js';
import { ImageSet } from '../../../../src/data/image-set.js';
import { Random } from '../../../../src/index.js';
import { claimsReport } from '../../../../src/node/experiments/experiment-report.js';
import { classImages } from '../../../../src/node/experiments/transfer/class-images.js';
import {
  allReach,
  type TransferFile,
  transferClaims,
} from '../../../../src/node/experiments/transfer/transfer-claims.js';
import {
  SOURCE_CLASSES,
  STARTS,
  TARGET_CLASSES,
  TRANSFER_PLAN,
  transferNet,
} from '../../../../src/node/experiments/transfer/transfer-plan.js';
import { transferReport } from '../../../../src/node/experiments/transfer/transfer-report.js';
import {
  featuresOf,
  loadFeatures,
  transferMeasurements,
} from '../../../../src/node/experiments/transfer/transfer-training.js';
import { errorOf, temporaryFolders } from '../../../support/temporary.js';

/** Ten classes in turn; every pixel of image i is drawn for it. */
function images(perClass: number, seed: number): ImageSet {
  const count = 10 * perClass;
  const rng = new Random(seed);
  const bytes = Uint8Array.from({ length: count * 3072 }, () => 256 * rng.next());
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return new ImageSet(
    [{ bytes, first: 0, stride: 3072, labels }],
    { channels: 3, height: 32, width: 32 },
    CIFAR10_CLASSES,
  );
}

describe('classImages', () => {
  it('takes the first images of each class in the given order, with new labels and their names', () => {
    const set = images(3, 1);
    const chosen = classImages(set, [7, 2], 2, [27, 3, 12, 7, 22, 17, 2]);
    expect(Array.from({ length: chosen.count }, (_, i) => chosen.label(i))).to.deep.equal([0, 1, 0, 1]);
    expect(chosen.classNames).to.deep.equal([CIFAR10_CLASSES[7], CIFAR10_CLASSES[2]]);
    for (const [k, i] of [27, 12, 7, 22].entries()) expect(chosen.image(k)).to.deep.equal(set.image(i));
  });

  it('takes all images of the classes by default', () => {
    const chosen = classImages(images(4, 1), [0, 9]);
    expect(chosen.count).to.equal(8);
    expect(chosen.image(1)).to.deep.equal(images(4, 1).image(9));
  });
});

describe('the experiment transfer', () => {
  const newFolder = temporaryFolders();

  it('divides the classes of CIFAR-10, and compares three starts with 50, 250 and 1,000 images per class', () => {
    expect([...SOURCE_CLASSES, ...TARGET_CLASSES].sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(TRANSFER_PLAN.sizes).to.deep.equal([50, 250, 1000]);
    const names = transferMeasurements([42, 0], false).map(({ name }) => name);
    expect(names).to.have.length(2 * (1 + 9));
    expect(names).to.include.members(['source-seed42', 'scratch-50-seed42', 'full-250-seed0', 'frozen-1000-seed0']);
  });

  it('lets a start that needs the pre-trained net wait for it, but not the one from scratch', () => {
    const after = transferMeasurements([0], true).map((job) => job.after);
    const [source, ...targets] = after;
    expect(source).to.equal(undefined);
    expect(targets).to.deep.equal([1, 2, 3].flatMap(() => [undefined, 'source-seed0', 'source-seed0']));
  });

  it('carries every array over to the new net except those of the classifier', () => {
    const [from, to, fresh] = ['a', 'b', 'b'].map((seed) => transferNet([4, 4, 8, 8, 8], seed));
    loadFeatures(to, featuresOf(from));
    const [source, loaded, before] = [from, to, fresh].map((net) => Object.entries(net.stateDict()));
    expect(loaded.length).to.be.above(20);
    const heads = loaded.slice(-2).map(([path]) => path);
    for (const [i, [path, { data }]] of loaded.entries()) {
      expect(data, path).to.deep.equal((heads.includes(path) ? before : source)[i][1].data);
    }
    expect(loaded[loaded.length - 2][1].data).to.not.deep.equal(source[source.length - 2][1].data);
    expect(() => loadFeatures(to, undefined)).to.throw('has no features');
  });

  it('trains every start on the same images, and from scratch without the pre-trained net', async function () {
    this.timeout(60_000);
    const out = newFolder();
    const loaded = { train: images(20, 1), test: images(20, 2) };
    const steps: number[] = [];
    const context = {
      cifar10: async () => loaded as never,
      onStep: async (step: number) => {
        steps.push(step);
      },
    };
    const jobs = transferMeasurements([42], true).filter(({ name }) => !/-(10|20)-/.test(name));
    const names = ['source-seed42', 'scratch-5-seed42', 'full-5-seed42', 'frozen-5-seed42'];
    expect(jobs.map(({ name }) => name)).to.deep.equal(names);
    expect((await errorOf(() => jobs[2].measure(out, context))).message).to.include(
      'needs the result of source-seed42',
    );
    const files: TransferFile[] = [];
    for (const job of jobs) files.push(await job.measure(out, context));
    expect(steps).to.have.length(4 * 4);
    const losses = files.map(({ result }) => result.tests.map(({ loss }) => loss));
    for (const { result } of files) expect(result.tests.map(({ step }) => step)).to.deep.equal([2, 4]);
    expect(new Set(losses.map(([, last]) => last)).size).to.equal(4);
    const again = await jobs[3].measure(out, context);
    expect(again.result).to.deep.equal(files[3].result);
    expect(await jobs[0].load(out)).to.deep.equal(files[0]);
  });

  /** The measurements of one seed: accuracies at the first and the last evaluation, by start and size. */
  function seedFiles(seed: number, of: (start: string, size: number) => [first: number, last: number]): TransferFile[] {
    return STARTS.flatMap((start) =>
      [50, 1000].map((size) => ({
        ...{ name: `${start}-${size}-seed${seed}`, settings: { seed, start, size } },
        ...{ handgrad: '0', engine: 'wasm', threads: 1, seconds: 60 },
        result: { tests: of(start, size).map((accuracy, i) => ({ step: 25 * (i + 1), accuracy, loss: 1 })) },
      })),
    );
  }

  /** What one expects: transfer helps most with few images, and frozen features are enough for them. */
  const expected = (start: string, size: number): [number, number] => {
    if (start === 'scratch') return size === 50 ? [0.3, 0.45] : [0.3, 0.6];
    if (start === 'frozen') return size === 50 ? [0.5, 0.6] : [0.5, 0.6];
    return size === 50 ? [0.45, 0.58] : [0.45, 0.66];
  };

  it('judges its claims on two seeds or more, each by its criterion', () => {
    const verdicts = (...files: TransferFile[][]) => transferClaims(files.flat()).map(({ holds }) => holds);
    expect(verdicts(seedFiles(42, expected))).to.deep.equal([null, null, null, null, null]);
    expect(verdicts(seedFiles(42, expected), seedFiles(0, expected))).to.deep.equal([true, true, true, true, true]);
    const same = () => [0.4, 0.5] as [number, number];
    // Equal accuracies: frozen features end no more than 0.01 below.
    expect(verdicts(seedFiles(42, same), seedFiles(0, same))).to.deep.equal([false, false, false, true, false]);
    expect(verdicts(seedFiles(42, expected), seedFiles(0, same))).to.deep.equal([null, null, null, true, null]);
    expect(verdicts(seedFiles(42, expected)).length).to.equal(5);
    expect(transferClaims([])).to.deep.equal([]);
  });

  it('calls a claim undecided if seeds disagree', () => {
    expect([allReach([0.1, 0.2], 0.1), allReach([0.1, 0.09], 0.1), allReach([0.01, 0.09], 0.1)]).to.deep.equal([
      true,
      null,
      false,
    ]);
    expect(allReach([0.2], 0.1)).to.equal(null);
  });

  it('says in its report which measurements of a seed are missing, and does not judge by one seed', () => {
    const files = [...seedFiles(42, expected), ...seedFiles(0, expected)];
    const isMissing = ({ settings }: TransferFile) => settings.seed === 0 && settings.start === 'frozen';
    const { parts, claims } = transferReport(files.filter((file) => !isMissing(file)));
    expect(claims.map(({ holds }) => holds)).to.deep.equal([true, true, true, null, null]);
    expect(parts).to.include(
      '**Not finished:** frozen features with 50 images and seed 0; frozen features with 1000 images and seed 0. `--resume` goes on with them.',
    );
    expect(transferReport(files).parts.filter((part) => String(part).includes('Not finished'))).to.deep.equal([]);
  });

  it('has a report with its figures, and the commands of the row that could not be reproduced', async () => {
    const out = newFolder();
    const files = [...seedFiles(42, expected), ...seedFiles(0, expected)];
    const unused = () => Promise.reject(new Error('not used'));
    const context = { out, warning: '', quick: false, loadData: unused, evaluate: unused };
    await claimsReport({ parts: files }, context, () => transferReport(files));
    const text = readFileSync(join(out, 'report.md'), 'utf8');
    expect(text).to.include('| 50 | fine-tuned | 2 | 0.4500 ± 0.0000 | 0.5800 ± 0.0000 |');
    expect(text).to.include('not reproduced here');
    expect(text).to.match(
      /npx handgrad data densenet121\nnpx handgrad train --model densenet121 --weights densenet121 /,
    );
    for (const [file] of text.matchAll(/\w+\.svg/g)) expect(existsSync(join(out, file)), file).to.equal(true);
    expect(readFileSync(join(out, 'ends.svg'), 'utf8')).to.include('>0.660</text>');
  });
});
