import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ArraySet } from '../../../src/data/array-set.js';
import { array, encodeNpz, type NdArray, toNested } from '../../../src/index.js';
import type { WantedTargets } from '../../../src/node/data/loaded-set.js';
import { loadOwnSet } from '../../../src/node/data/own-set.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

const newFolder = temporaryFolders();

/** Writes files into a new folder, and returns the path of the first. */
function write(files: Record<string, string | Uint8Array>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return join(folder, Object.keys(files)[0]);
}

async function load(path: string, wanted: WantedTargets = {}, notes: string[] = []) {
  const { train, test } = await loadOwnSet(path, ['cifar10'], { ...wanted, onNote: (note) => notes.push(note) });
  if (!(train instanceof ArraySet && test instanceof ArraySet)) throw new Error('not arrays');
  return { train, test };
}

const refused = async (path: string, wanted?: WantedTargets) => (await errorOf(() => load(path, wanted))).message;

/** Ten rows of two features in two classes. */
const TABLE = `size,"weight, kg",kind\n${Array.from({ length: 10 }, (_, i) => `${i / 8},${1e9 + i},${i % 2 ? 'cat' : 'dog'}`).join('\n')}\n`;

describe('a CSV file as a data set', () => {
  it('learns the only column of words, keeps real numbers as they are, and divides each class in the same way each time', async () => {
    const notes: string[] = [];
    const path = write({ 'pets.csv': TABLE });
    const { train, test } = await load(path, {}, notes);
    expect([train.classNames, train.featureNames, train.sample]).to.deep.equal([
      ['cat', 'dog'],
      ['size', 'weight, kg'],
      [2],
    ]);
    expect([train.count, test.count, test.label(0) + test.label(1)]).to.deep.equal([8, 2, 1]);
    expect(notes).to.deep.equal(['2 of the 10 rows, a fifth of each class, are for the test']);
    const rows = [train, test].flatMap(({ x }) => toNested(x) as number[][]).sort(([a], [b]) => a - b);
    expect(rows).to.deep.equal(Array.from({ length: 10 }, (_, i) => [i / 8, 1e9 + i]));
    const { x, targets } = test.batch([1], [0, 1e9]);
    expect([x.dtype, x.get(0, 1)]).to.deep.equal(['float32', test.x.get(1, 1) - 1e9]); // subtracted before float32
    expect(targets.get(0, test.label(1))).to.equal(1);
    expect(toNested((await load(path)).test.x)).to.deep.equal(toNested(test.x));
  });

  it('puts the training rows into a random order, so that held-out rows are of every class', async () => {
    const sorted = Array.from({ length: 60 }, (_, i) => `${i},${i < 30 ? 'a' : 'b'}`).join('\n');
    const { train } = await load(write({ 'sorted.csv': `x,label\n${sorted}` }));
    const last = train.slice(train.count - 12, train.count);
    const labels = Array.from({ length: last.count }, (_, i) => last.label(i));
    expect(labels).to.include(0).and.include(1);
  });

  it('learns columns by name or position, sorts classes that are numbers, and leaves out a column without a name', async () => {
    const notes: string[] = [];
    const path = write({ 'x.csv': ',a,b\n0,1,10\n1,3,2\n2,5,10.0\n3,7,2\n4,9,2\n5,9,10' });
    const { train } = await load(path, { target: 'b' }, notes);
    expect([train.classNames, train.featureNames]).to.deep.equal([['2', '10'], ['a']]);
    expect(notes[0]).to.match(/^a column without a name in .* was left out$/);
    const plain = await load(write({ 'x.csv': '1,0\n3,1\n5,0\n7,1\n' }), { target: '2' });
    expect([plain.train.classNames, plain.train.featureNames]).to.deep.equal([['0', '1'], undefined]);
    expect((await load(write({ 'x.csv': '5.1,iris a\n4,iris b\n4,iris b\n5,iris a' }))).train.sample).to.deep.equal([
      1,
    ]);
  });

  it('learns numbers with the task regression, also several', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${i / 4},${-i}`).join('\n');
    const path = write({ 'x.csv': `a,y,z\n${rows}` });
    const notes: string[] = [];
    const one = await load(path, { task: 'regression' }, notes);
    expect([one.train.targetNames, one.train.classNames, one.test.count]).to.deep.equal([['y'], [], 4]);
    expect(notes.join()).to.include('a random fifth, are for the test');
    const two = await load(path, { task: 'regression', target: 'z, y' });
    expect([two.train.targetNames, two.train.featureNames]).to.deep.equal([['z', 'y'], ['a']]);
    const comma = await load(write({ 'x.csv': TABLE.replaceAll(/cat|dog/g, '3') }), {
      task: 'regression',
      target: 'weight, kg',
    });
    expect(comma.train.targetNames).to.deep.equal(['weight, kg']);
    expect(two.train.targets.get(3, 0)).to.equal(-4 * two.train.targets.get(3, 1));
  });

  it('keeps the parts of a folder with train.csv and test.csv', async () => {
    const train = write({ 'train.csv': 'a,label\n1,x\n2,y\n3,x', 'test.csv': 'a,label\n9,y\n' });
    const { test } = await load(join(train, '..'));
    expect([toNested(test.x), test.label(0)]).to.deep.equal([[[9]], 1]);
    writeFileSync(join(train, '..', 'test.csv'), 'a,label\n9,z\n');
    expect(await refused(join(train, '..'))).to.match(
      /test\.csv, line 2, column 'label': there is no class z in train/,
    );
    writeFileSync(join(train, '..', 'test.csv'), 'b,label\n9,x\n');
    expect(await refused(join(train, '..'))).to.match(
      /test\.csv has other columns than train\.csv: b, label, not a, label/,
    );
  });

  for (const [what, content, sentence, wanted] of [
    ['a missing value', 'a,label\n1,x\n,y\n', /x\.csv, line 3, column 'a': the value is missing/],
    ['a missing label', 'a,label\n1,x\n2,NA\n', /x\.csv, line 3, column 'label': the value is missing/],
    ['text in a number column', 'a,b,label\n1,2,x\n1,tall,y\n', /line 3, column 'b': expected a number, got 'tall'/],
    ['no label column', 'a,b\n1,2\n3,4\n', /has no label column; name the column to learn with --target: a, b/],
    [
      'two label columns',
      'a,label,class\n1,x,y\n',
      /several columns that may be the label: column 'label', column 'class'/,
    ],
    ['one class', 'a,label\n1,x\n2,x\n', /column 'label' has only one class, x; expected two or more/],
    ['a class per row', 'a,label\n1,p\n2,q\n3,r\n', /column 'label' has a class of its own for each of the 3 rows/],
    [
      'a label that is a number',
      'a,y\n1,2.5\n2,3\n',
      /line 2, column 'y': 2\.5 is not a class; --loss mse learns numbers/,
    ],
    [
      'a target that is not there',
      TABLE,
      /--target height: .* has no column 'height'; it has size, weight, kg, kind/,
      { target: 'height' },
    ],
    ['several targets of classes', TABLE, /--target size,kind: one column holds the classes/, { target: 'size,kind' }],
    ['a label column alone', 'label\nx\ny\nx\n', /has no columns except column 'label'/],
    [
      'words to learn as numbers',
      TABLE,
      /line 2, column 'kind': expected a number, got 'dog'/,
      { task: 'regression', target: 'kind' },
    ],
    ['a row too long', 'a,label\n1,x,2\n', /line 2: expected 2 columns, as in the first line, got 3/],
    ['nothing', '', /x\.csv is empty/],
    ['bytes that are not text', new Uint8Array([0xff, 0xd8, 0xff]), /x\.csv is not a CSV file of text in UTF-8/],
    ['one row of each class', 'a,label\n1,x\n2,y\n', /a class of its own for each of the 2 rows/],
  ] as const)
    it(`is refused with the line and the column: ${what}`, async () => {
      expect(await refused(write({ 'x.csv': content }), wanted)).to.match(sentence);
    });
});

describe('an .npz file of real numbers', () => {
  const rows = (N: number, D: number, from = 0) =>
    array(
      Array.from({ length: N * D }, (_, i) => from + i / 7),
      [N, D],
      'float64',
    );
  const labels = (N: number) => array(Array.from({ length: N }, (_, i) => i % 2));
  const npz = (arrays: Record<string, NdArray>) => write({ 'x.npz': encodeNpz(arrays) });

  it('keeps rows of any width as they are, also below 0 and above 255', async () => {
    const x = rows(5, 300, -50);
    const { train, test } = await load(
      npz({ x_train: x, y_train: labels(5), x_test: rows(2, 300), y_test: labels(2) }),
    );
    expect([train.sample, train.classNames, test.count]).to.deep.equal([[300], ['0', '1'], 2]);
    expect(toNested(train.x)).to.deep.equal(toNested(x));
  });

  it('learns one number or several, from rows or from images', async () => {
    const wanted = { task: 'regression' } as const;
    const one = await load(npz({ x_train: rows(10, 3), y_train: rows(10, 1) }), wanted);
    expect([one.train.targetNames, one.train.count, one.test.count]).to.deep.equal([['y'], 8, 2]);
    const images = array(
      Array.from({ length: 40 }, (_, i) => i),
      [10, 2, 2],
    );
    const two = await load(npz({ x_train: images, y_train: rows(10, 2) }), wanted);
    expect([two.train.targetNames, two.train.sample]).to.deep.equal([
      ['y 1', 'y 2'],
      [1, 2, 2],
    ]);
  });

  it('is refused with the name of the array: not finite, too few targets, rows of another width', async () => {
    const x = rows(4, 2);
    for (const [arrays, sentence, wanted] of [
      [{ x_train: array([1, NaN], [2, 1]), y_train: labels(2) }, /x_train has values that are NaN or infinite/],
      [{ x_train: x, y_train: labels(3) }, /x_train has 4 rows, and y_train has 3 labels/],
      [
        { x_train: x, y_train: labels(4), x_test: rows(2, 3), y_test: labels(2) },
        /rows of x_test and x_train have diff/,
      ],
      [{ x_train: x, y_train: array([1, 2, Infinity, 4]) }, /y_train has values that are NaN/, { task: 'regression' }],
    ] as const)
      expect(await refused(npz(arrays), wanted)).to.match(sentence);
  });
});
