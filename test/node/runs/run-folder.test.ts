import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { array, InputError, toNested } from '../../../src/index.js';
import { discardFolder, makeFolder } from '../../../src/node/data/folders.js';
import {
  assertNoRun,
  clearRunFolder,
  readJson,
  readModel,
  writeJson,
  writeModel,
  writeWhole,
} from '../../../src/node/runs/run-folder.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

describe('a run folder', () => {
  const newFolder = temporaryFolders();

  it('is created, also if an empty one exists, and may not hold a run', async () => {
    const parent = newFolder();
    const run = join(parent, 'a', 'run');
    expect(await makeFolder(run)).to.deep.equal({ folder: run, created: join(parent, 'a') });
    expect(await makeFolder(run)).to.deep.equal({ folder: run, created: undefined });
    writeFileSync(join(parent, 'a', 'run', 'config.json'), '{}');
    const error = await errorOf(() => assertNoRun(run));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.include('already holds a config.json; choose another --out, or overwrite it with --force');
  });

  it('is removed with the parent folders that were created for it, and no others', async () => {
    const parent = newFolder();
    await discardFolder(await makeFolder(join(parent, 'a', 'b', 'run')));
    expect(readdirSync(parent)).to.deep.equal([]);
    const kept = await makeFolder(join(parent, 'a', 'b', 'run'));
    writeFileSync(join(parent, 'a', 'other'), '');
    await discardFolder(kept);
    expect(readdirSync(parent, { recursive: true }).sort()).to.deep.equal(['a', join('a', 'other')]);
    const there = await makeFolder(parent);
    await discardFolder(there);
    expect(readdirSync(parent)).to.deep.equal(['a']);
  });

  it('is refused if one of its files exists, which may belong to the user', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'model.npz'), 'precious');
    expect((await errorOf(() => assertNoRun(folder))).message).to.include('already holds a model.npz');
    expect(readFileSync(join(folder, 'model.npz'), 'utf8')).to.equal('precious');
  });

  it('is refused at once where no folder can be created', async () => {
    const error = await errorOf(() => makeFolder('/proc/handgrad/run'));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.include('/proc/handgrad/run cannot be written');
  });

  it('loses only the files of the earlier run when it is cleared', async () => {
    const folder = newFolder();
    for (const file of ['config.json', 'model.npz', 'notes.txt']) writeFileSync(join(folder, file), '');
    await clearRunFolder(folder);
    expect(readdirSync(folder)).to.deep.equal(['notes.txt']);
  });

  it('is refused if it cannot be created', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    for (const out of [file, join(file, 'run')]) {
      const error = await errorOf(() => makeFolder(out));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(`${out} cannot be written`);
    }
  });

  it('returns the model and the JSON that were written', async () => {
    const folder = newFolder();
    await writeModel(folder, { 'layers.0.weight': array([[1.5, -2]]) });
    expect(toNested((await readModel(folder))['layers.0.weight'])).to.deep.equal([[1.5, -2]]);
    await writeJson(join(folder, 'config.json'), { a: [1] });
    expect(await readJson(join(folder, 'config.json'))).to.deep.equal({ a: [1] });
    expect(readdirSync(folder).sort()).to.deep.equal(['config.json', 'model.npz']);
  });

  it('keeps the old file, and no part of the new one, when writing fails', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'model.npz', 'in-the-way'), { recursive: true });
    const error = await errorOf(() => writeWhole(join(folder, 'model.npz'), 'new'));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.include(join(folder, 'model.npz')).and.include('cannot be written');
    expect(readdirSync(folder)).to.deep.equal(['model.npz']);
  });

  it('names the file that is missing or damaged', async () => {
    const folder = newFolder();
    expect((await errorOf(() => readModel(folder))).message).to.include(
      `${join(folder, 'model.npz')} cannot be read; a run folder holds config.json`,
    );
    writeFileSync(join(folder, 'config.json'), '{"hidden": [');
    expect((await errorOf(() => readJson(join(folder, 'config.json')))).message).to.include(
      'config.json is not valid JSON',
    );
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).to.equal('{"hidden": [');
  });
});
