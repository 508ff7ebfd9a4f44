import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { array, encodeNpy, full } from '../../../src/array/index.js';
import { LoadedRun } from '../../../src/node/runs/load-run.js';
import { predictFiles } from '../../../src/node/runs/predict-files.js';
import { runConfig } from '../../../src/node/runs/read-config.js';
import { pictureBytes } from '../../support/pictures.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

describe('predictFiles', () => {
  const newFolder = temporaryFolders();
  const config = runConfig({ model: { name: 'mlp', hidden: [] } });

  /** A net on two features, whose larger one decides. */
  const onFeatures = new LoadedRun('/run', config, {
    ...{ title: 'pairs', sample: [2], classes: ['first', 'second'] },
    inputs: { mean: full([2], 0, 'float64'), factor: 1 },
    state: { 'layers.0.weight': array([1, 0, 0, 1], [2, 2]), 'layers.0.bias': array([0, 0]) },
  });

  /** A net on gray images of one pixel. */
  const onPixels = new LoadedRun('/run', config, {
    ...{ title: 'pixels', sample: [1, 1, 1], classes: ['dark', 'bright'] },
    inputs: { mean: full([1, 1, 1], 100, 'float64'), factor: 1 },
    state: { 'layers.0.weight': array([[-1], [1]]), 'layers.0.bias': array([0, 0]) },
  });

  it('reads features from CSV files and .npy arrays', async () => {
    const folder = newFolder();
    const [csv, npy] = [join(folder, 'a.csv'), join(folder, 'b.npy')];
    writeFileSync(csv, 'x,y\n1,2\n4,3\n');
    writeFileSync(npy, encodeNpy(array([5, 1])));
    const { predictions, failures } = await predictFiles(onFeatures, [csv, npy]);
    expect(failures).to.deep.equal([]);
    expect(predictions.map(({ file, index, name, picture }) => [file, index, name, picture])).to.deep.equal([
      [csv, 0, 'second', undefined],
      [csv, 1, 'first', undefined],
      [npy, undefined, 'first', undefined],
    ]);
  });

  it('goes on after a file that cannot be used, and says why', async () => {
    const folder = newFolder();
    const [csv, image] = [join(folder, 'a.csv'), join(folder, 'b.png')];
    writeFileSync(csv, '1,2\n');
    writeFileSync(image, pictureBytes('rgb.png'));
    const told: string[] = [];
    const { predictions, failures, notes } = await predictFiles(onFeatures, [image, csv, folder], {
      onFailure: ({ error }) => told.push(error),
    });
    expect(predictions.map(({ file }) => file)).to.deep.equal([csv, csv]); // named, and in the folder
    expect(notes).to.deep.equal([`${folder} has 1 other entry, which was skipped`]);
    expect(told).to.deep.equal([`${image} is neither a CSV file nor a NumPy .npy file, and the net takes features`]);
    expect(failures.map(({ error }) => error)).to.deep.equal(told);
  });

  it('refuses numbers that are not finite, with the name of the file', async () => {
    const npy = join(newFolder(), 'x.npy');
    writeFileSync(npy, encodeNpy(array([5, NaN])));
    const { failures } = await predictFiles(onFeatures, [npy]);
    expect(failures[0].error).to.match(new RegExp(`^${npy}: .* not finite`));
  });

  it('keeps only the first pictures, in the size of a figure', async () => {
    const folder = join(newFolder(), 'many');
    mkdirSync(folder);
    for (const name of ['1.png', '2.jpg', '3.png']) writeFileSync(join(folder, name), pictureBytes('rgb.png'));
    const { predictions } = await predictFiles(onPixels, [folder], { pictures: 2 });
    expect(predictions.map(({ picture }) => picture?.width)).to.deep.equal([13, 13, undefined]);
  });

  it('stops between two files', async () => {
    const path = join(newFolder(), 'a.png');
    writeFileSync(path, pictureBytes('rgb.png'));
    const stop = new AbortController();
    const work = () => predictFiles(onPixels, [path, path], { signal: stop.signal, onPrediction: () => stop.abort() });
    expect((await errorOf(work)).name).to.equal('AbortError');
  });
});
