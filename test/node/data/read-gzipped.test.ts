import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { InputError } from '../../../src/index.js';
import { readGzipped } from '../../../src/node/data/read-gzipped.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

describe('readGzipped', () => {
  const newFolder = temporaryFolders();
  const labels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 4]);

  it('reads a plain file, and a gzipped file with the suffix .gz', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'labels'), labels);
    writeFileSync(join(folder, 'labels.gz'), gzipSync(labels));
    for (const name of ['labels', 'labels.gz']) {
      expect(Buffer.compare(await readGzipped(join(folder, name), labels.length), labels)).to.equal(0);
    }
  });

  it('names what is wrong with a file in a sentence', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'folder'));
    const gzipped = gzipSync(labels);
    const damaged = Buffer.from(gzipped);
    damaged[12] ^= 0xff;
    const cases: [name: string, content: Uint8Array, sentence: string][] = [
      ['a', gzipped, 'a is gzip data; rename it to a.gz'],
      ['b.gz', labels, 'b.gz is not gzip data: it is unpacked; rename it to b'],
      ['c.gz', Buffer.from('PK\x03\x04'), 'c.gz is not gzip data: it begins like a zip archive'],
      ['d.gz', gzipped.subarray(0, 20), 'd.gz is incomplete: it cannot be unpacked (unexpected end of file)'],
      ['e.gz', damaged, 'e.gz is damaged: it cannot be unpacked'],
      ['f', Buffer.concat([labels, labels]), 'f is too long: it has 20 bytes, and this file of the set has 10'],
      ['g', Buffer.alloc(5000), 'g is too long: it has 5000 bytes'],
    ];
    for (const [name, content, sentence] of cases) {
      writeFileSync(join(folder, name), content);
      const error = await errorOf(() => readGzipped(join(folder, name), labels.length));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(join(folder, sentence));
    }
    const absent = await errorOf(() => readGzipped(join(folder, 'absent'), 10));
    expect(absent.message).to.include(`${join(folder, 'absent')} cannot be read`);
    const notFile = await errorOf(() => readGzipped(join(folder, 'folder'), 10_000));
    expect(notFile.message).to.include('folder cannot be read');
  });

  it('unpacks at most the expected length of any file', async () => {
    const folder = newFolder();
    const bomb = join(folder, 'bomb.gz');
    writeFileSync(bomb, gzipSync(Buffer.alloc(30_000_000)));
    const before = process.memoryUsage().rss;
    const error = await errorOf(() => readGzipped(bomb, 100_000));
    expect(error.message).to.equal(
      `${bomb} is too long: it has more than 100000 bytes when it is unpacked, and this file of the set has 100000`,
    );
    expect(process.memoryUsage().rss - before).to.be.below(20e6);
  });
});
