import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { InputError } from '../../../src/index.js';
import { PRETRAINED, pretrainedInCache, provideFile, providePretrained } from '../../../src/node/data/pretrained.js';
import { decodePth } from '../../../src/weights.js';
import { handgradHere } from '../../support/command.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

/** A file that PyTorch saved. */
const saved = readFileSync(new URL('../../fixtures/weights/net.pth', import.meta.url));
const sha256 = createHash('sha256').update(saved).digest('hex');

describe('weights that are fetched', () => {
  const newFolder = temporaryFolders();
  const cache = process.env.HANDGRAD_CACHE;
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    if (cache === undefined) delete process.env.HANDGRAD_CACHE;
    else process.env.HANDGRAD_CACHE = cache;
  });

  async function serve(listener: RequestListener, name: string): Promise<{ title: string; url: string }> {
    const started = createServer(listener);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return { title: 'the weights', url: `http://127.0.0.1:${(started.address() as AddressInfo).port}/models/${name}` };
  }

  it('arrive with progress, are verified by the digits in their name, and are fetched once', async () => {
    let requests = 0;
    const name = `net-${sha256.slice(0, 8)}.pth`;
    const file = await serve((_request, response) => {
      requests++;
      response.setHeader('content-length', saved.length).end(saved);
    }, name);
    const folder = join(newFolder(), 'a', 'weights');
    const progress: number[][] = [];
    const onProgress = (_task: string, done: number, total: number) => void progress.push([done, total]);
    const path = join(folder, name);
    expect(await provideFile(file, folder, true, { onProgress })).to.deep.equal({ path, sha256, fetched: true });
    expect(progress.at(-1)).to.deep.equal([saved.length, saved.length]);
    expect(Object.keys(decodePth(readFileSync(path), path)).length).to.be.above(0);
    expect(await provideFile(file, folder, true)).to.deep.equal({ path, sha256, fetched: false });
    expect(requests).to.equal(1);
    writeFileSync(path, 'damaged');
    const { message } = await errorOf(() => provideFile(file, folder, false));
    expect(message).to.include(`${path} is damaged: its sha256 is `);
    expect((await provideFile(file, folder, true)).fetched).to.equal(true);
    expect(readFileSync(path)).to.deep.equal(saved);
  });

  it('are refused, and leave nothing behind, if they are others, cut off, or absent', async () => {
    const name = `net-${sha256.slice(0, 8)}.pth`;
    const parent = newFolder();
    const folder = join(parent, 'weights');
    const answers: [RequestListener, RegExp][] = [
      [(_request, response) => response.end('other'), /arrived with sha256 [0-9a-f]{64}, which does not begin with /],
      [
        (_request, response) => {
          response.writeHead(200, { 'content-length': saved.length });
          response.write(saved.subarray(0, 100), () => response.destroy());
        },
        /could not be fetched: .*; fetch the file in another way, and put it into /,
      ],
      [(_request, response) => response.writeHead(404).end(), /the server answered 404 Not Found; fetch the file in /],
    ];
    for (const [answer, sentence] of answers) {
      const file = await serve(answer, name);
      const error = await errorOf(() => provideFile(file, folder, true));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.match(sentence).and.include(file.url);
      expect(readdirSync(parent)).to.deep.equal([]);
      server?.close();
    }
  });

  it('are those of torchvision, and are refused from a folder with another file of that name', async () => {
    const dataDir = newFolder();
    const path = join(dataDir, 'densenet121-a639ec97.pth');
    expect(PRETRAINED.densenet121.url.endsWith('/densenet121-a639ec97.pth')).to.equal(true);
    writeFileSync(path, 'other');
    const error = await errorOf(() => providePretrained('densenet121', { dataDir }));
    expect(error.message).to.include(`${path} is damaged`);
    const { code, stderr } = await handgradHere(['data', 'densenet121', '--data-dir', dataDir], dataDir);
    expect([code, stderr]).to.deep.equal([2, `handgrad: ${error.message}\n`]);
    const source = await handgradHere(['data', 'densenet121', '--source', 'official'], dataDir);
    expect([source.code, source.stderr]).to.deep.equal([
      2,
      `handgrad: --source official: densenet121 comes from ${PRETRAINED.densenet121.url}\n`,
    ]);
  });

  it('are asked for by the command that fetches them when a run needs them', async () => {
    process.env.HANDGRAD_CACHE = newFolder();
    const missing = await errorOf(() => pretrainedInCache('densenet121'));
    expect(missing.message).to.match(/are not in the cache: .*; `handgrad data densenet121` fetches them$/);
    mkdirSync(join(process.env.HANDGRAD_CACHE, 'densenet121'));
    writeFileSync(join(process.env.HANDGRAD_CACHE, 'densenet121', 'densenet121-a639ec97.pth'), 'other');
    const damaged = await errorOf(() => pretrainedInCache('densenet121'));
    expect(damaged.message).to.include(' are damaged: ').and.include('`handgrad data densenet121`');
  });
});
