import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeParts } from '../../../src/node/experiments/make-parts.js';
import { finishedPart, type Part, partPath, writePart } from '../../../src/node/experiments/parts.js';
import { temporaryFolders } from '../../support/temporary.js';

describe('makeParts', () => {
  const newFolder = temporaryFolders();
  const part = (name: string, work: number, seed = 1): Part<number> => ({
    name,
    settings: { seed },
    work,
    measure: async () => work,
  });

  /** Makes parts in this process, and says in which order. */
  async function made(out: string, parts: Part<number>[], resume: boolean, failing = '') {
    mkdirSync(join(out, 'parts'), { recursive: true });
    const [order, lines]: string[][] = [[], []];
    const { finished, failed } = await makeParts(parts, {
      out,
      jobs: 1,
      resume,
      signal: new AbortController().signal,
      say: (line) => lines.push(line),
      run: async (name) => {
        order.push(name);
        if (name === failing) return { failure: 'exit code 1: no' };
        const { settings, work } = parts.find((each) => each.name === name) ?? part('', 0);
        await writePart(out, { name, settings, handgrad: '0', engine: 'wasm', threads: 1, seconds: 1, result: work });
        return { document: {} };
      },
    });
    return { order, lines, finished: finished.map(({ name, result }) => [name, result]), failed };
  }

  it('makes the longest first, and gives them in their own order', async () => {
    const { order, finished } = await made(newFolder(), [part('a', 1), part('b', 3), part('c', 2)], false);
    expect(order).to.deep.equal(['b', 'c', 'a']);
    expect(finished).to.deep.equal([
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ]);
  });

  it('keeps what is finished with --resume, unless its settings have changed or its file is no such', async () => {
    const out = newFolder();
    await made(out, [part('a', 1), part('b', 2), part('c', 3)], false);
    writeFileSync(partPath(out, 'c'), '{ half');
    const { order, lines } = await made(out, [part('a', 1), part('b', 2, 9), part('c', 3)], true);
    expect(order).to.deep.equal(['c', 'b']);
    expect(lines[0]).to.equal('a: kept');
    expect(JSON.parse(readFileSync(partPath(out, 'b'), 'utf8')).settings).to.deep.equal({ seed: 9 });
    expect((await made(out, [part('a', 1)], false)).order).to.deep.equal(['a']);
  });

  it('says what failed, and makes the others', async () => {
    const out = newFolder();
    const { finished, failed } = await made(out, [part('a', 2), part('b', 1)], false, 'a');
    expect(failed).to.deep.equal([{ name: 'a', failure: 'exit code 1: no' }]);
    expect(finished).to.deep.equal([['b', 1]]);
    expect(await finishedPart(out, part('a', 2))).to.equal(undefined);
  });
});
