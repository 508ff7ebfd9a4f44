import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { InputError } from '../../../src/array/index.js';
import { imagesIn } from '../../../src/node/data/list-images.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

describe('imagesIn', () => {
  const newFolder = temporaryFolders();

  it('lists PNG, JPEG and .npy files by name, numbers in their order, and counts the rest', async () => {
    const folder = newFolder();
    for (const name of ['b10.png', 'b9.JPG', 'a.npy', 'c.jpeg', 'notes.txt', '.hidden'])
      writeFileSync(join(folder, name), '');
    mkdirSync(join(folder, 'more'));
    expect(await imagesIn(folder)).to.deep.equal({
      files: ['a.npy', 'b9.JPG', 'b10.png', 'c.jpeg'].map((name) => join(folder, name)),
      others: 2,
    });
  });

  it('leaves a file to its reader', async () => {
    const file = join(newFolder(), 'any.name');
    writeFileSync(file, '');
    expect(await imagesIn(file)).to.equal(undefined);
  });

  it('refuses a folder without images and a path that does not exist', async () => {
    const folder = newFolder();
    for (const [path, message] of [
      [folder, `${folder} has no PNG, JPEG or .npy files`],
      [join(folder, 'none'), `${join(folder, 'none')} cannot be read: there is no such file or folder (ENOENT)`],
    ]) {
      const error = await errorOf(() => imagesIn(path));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(message);
    }
  });
});
