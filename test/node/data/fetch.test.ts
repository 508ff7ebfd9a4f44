import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { create } from 'tar';
import { ALL_FILES } from '../../../src/data/cifar10-facts.js';
import { InputError } from '../../../src/index.js';
import { fetchNpmPackage, fromArchive } from '../../../src/node/data/fetch.js';
import { createWhole } from '../../../src/node/data/folders.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

describe('createWhole', () => {
  const newFolder = temporaryFolders();

  it('makes a folder appear complete, also over an empty one', async () => {
    const target = join(newFolder(), 'a', 'set');
    for (let i = 0; i < 2; i++) {
      await createWhole(target, async (partial) => {
        expect(existsSync(target)).to.equal(i === 1);
        writeFileSync(join(partial, 'file'), 'whole');
      }).catch((error) => {
        expect(i).to.equal(1);
        expect(error.message).to.equal(
          `${target} already has other files; name an empty folder, or one that does not exist`,
        );
      });
      expect(readFileSync(join(target, 'file'), 'utf8')).to.equal('whole');
    }
    const empty = newFolder();
    await createWhole(empty, async (partial) => writeFileSync(join(partial, 'file'), 'whole'));
    expect(readdirSync(empty)).to.deep.equal(['file']);
  });

  it('lets one of several writers win at the same time, and tells the others, whole in every case', async () => {
    const parent = newFolder();
    const target = join(parent, 'set');
    const writers = [0, 1, 2, 3, 4].map((own) =>
      createWhole(target, async (partial) => {
        writeFileSync(join(partial, 'first'), `${own}`);
        await new Promise((done) => setTimeout(done, 20));
        writeFileSync(join(partial, 'second'), `${own}`);
      }),
    );
    const results = await Promise.allSettled(writers);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).to.have.length(4);
    for (const { reason } of refused)
      expect(reason.message).to.match(/was written by another process at the same time; what it wrote is kept$/);
    const [first, second] = ['first', 'second'].map((name) => readFileSync(join(target, name), 'utf8'));
    expect(first).to.equal(second);
    expect(results[Number(first)].status).to.equal('fulfilled');
    expect(readdirSync(parent)).to.deep.equal(['set']);
  });

  it('leaves nothing when filling it fails', async () => {
    const parent = newFolder();
    const error = await errorOf(() =>
      createWhole(join(parent, 'set'), async (partial) => {
        writeFileSync(join(partial, 'file'), 'half');
        throw new Error('no more');
      }),
    );
    expect(error.message).to.equal('no more');
    expect(readdirSync(parent)).to.deep.equal([]);
  });

  it('is not there after its process was killed, and the next one clears up', async function () {
    this.timeout(30_000);
    const parent = newFolder();
    const target = join(parent, 'set');
    const script = `
      import { writeFileSync } from 'node:fs';
      import { createWhole } from ${JSON.stringify(new URL('../../../lib/node/data/folders.js', import.meta.url).href)};
      await createWhole(${JSON.stringify(target)}, (partial) => {
        writeFileSync(partial + '/file', 'half');
        console.log('writing');
        return new Promise(() => setInterval(() => {}, 1000));
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(existsSync(target)).to.equal(false);
    expect(readdirSync(parent).length).to.equal(1);
    await createWhole(target, async (partial) => writeFileSync(join(partial, 'file'), 'whole'));
    expect(readdirSync(parent)).to.deep.equal(['set']);
  });

  it('never replaces a file, and replaces a folder only if told to, at the end', async () => {
    const parent = newFolder();
    writeFileSync(join(parent, 'thesis.txt'), 'precious');
    const error = await errorOf(() => createWhole(join(parent, 'thesis.txt'), async () => {}));
    expect(error).to.be.instanceOf(InputError);
    expect(readFileSync(join(parent, 'thesis.txt'), 'utf8')).to.equal('precious');

    const target = join(parent, 'set');
    mkdirSync(target);
    writeFileSync(join(target, 'file'), 'old');
    await errorOf(() => createWhole(target, async () => Promise.reject(new Error('away')), { replace: true }));
    expect(readFileSync(join(target, 'file'), 'utf8')).to.equal('old');
    await createWhole(target, async (partial) => writeFileSync(join(partial, 'file'), 'new'), { replace: true });
    expect(readFileSync(join(target, 'file'), 'utf8')).to.equal('new');
  });

  it('removes the folders that it created if filling fails', async () => {
    const parent = newFolder();
    await errorOf(() => createWhole(join(parent, 'a', 'b', 'set'), async () => Promise.reject(new Error('away'))));
    expect(readdirSync(parent)).to.deep.equal([]);
  });

  it('says so when the place cannot be written', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const error = await errorOf(() => createWhole(join(file, 'set'), async () => {}));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.include(file).and.include('cannot be written');
  });
});

describe('the official archive', () => {
  const newFolder = temporaryFolders();
  let server: Server | undefined;

  afterEach(() => server?.close());

  async function serve(listener: RequestListener): Promise<string> {
    const started = createServer(listener);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}/cifar-10-binary.tar.gz`;
  }

  const names = ALL_FILES.map(({ binary }) => binary);

  /** An archive laid out like the official one, with small files. */
  async function archive(): Promise<Buffer> {
    const folder = newFolder();
    mkdirSync(join(folder, 'cifar-10-batches-bin'));
    for (const name of [...names, 'readme.html', 'batches.meta.txt']) {
      writeFileSync(join(folder, 'cifar-10-batches-bin', name), `content of ${name}`);
    }
    await create({ gzip: true, cwd: folder, file: join(folder, 'a.tar.gz') }, ['cifar-10-batches-bin']);
    return readFileSync(join(folder, 'a.tar.gz'));
  }

  it('is fetched with progress, verified, and its six files unpacked', async () => {
    const bytes = await archive();
    const url = await serve((_request, response) => response.setHeader('content-length', bytes.length).end(bytes));
    const folder = newFolder();
    const progress: number[][] = [];
    const md5 = createHash('md5').update(bytes).digest('hex');
    await fromArchive(folder, { url, md5 }, names, {
      onProgress: (_task, done, total) => progress.push([done, total]),
    });
    expect(readdirSync(folder).sort()).to.deep.equal([...names].sort());
    expect(readFileSync(join(folder, 'test_batch.bin'), 'utf8')).to.equal('content of test_batch.bin');
    expect(progress.at(-1)).to.deep.equal([bytes.length, bytes.length]);
  });

  it('is refused when it is another, absent, or the server does not answer', async () => {
    const url = await serve((request, response) =>
      response.writeHead(request.url?.endsWith('?no') ? 404 : 200).end('other'),
    );
    const wrong = await errorOf(() => fromArchive(newFolder(), { url, md5: 'c32a' }, names));
    expect(wrong).to.be.instanceOf(InputError);
    expect(wrong.message).to.match(/arrived with md5 [0-9a-f]{32}, not c32a$/);
    const absent = await errorOf(() => fromArchive(newFolder(), { url: `${url}?no`, md5: '' }, names));
    expect(absent.message).to.equal(`${url}?no could not be fetched: the server answered 404 Not Found`);
    server?.close();
    server?.closeAllConnections();
    const silent = await errorOf(() => fromArchive(newFolder(), { url, md5: '' }, names));
    expect(silent).to.be.instanceOf(InputError);
    expect(silent.message).to.match(/could not be fetched: .*ECONNREFUSED/);
  });
});

describe('fetchNpmPackage', () => {
  const newFolder = temporaryFolders();
  const client = process.env.npm_execpath;

  afterEach(() => {
    if (client === undefined) delete process.env.npm_execpath;
    else process.env.npm_execpath = client;
  });

  /** Puts a program in the place of the npm client: it sees npm's arguments. */
  function standIn(script: string): void {
    const path = join(newFolder(), 'npm-cli.js');
    writeFileSync(path, `const { writeFileSync } = require('node:fs'); const args = process.argv.slice(2);\n${script}`);
    process.env.npm_execpath = path;
  }

  const integrity = `sha512-${createHash('sha512').update('tarball').digest('base64')}`;
  const wanted = { spec: 'some-set@1.0.0', integrity, bytes: 7 };
  const pack = `writeFileSync(args[args.indexOf('--pack-destination') + 1] + '/some-set-1.0.0.tgz', 'tarball');`;

  it('asks npm to pack the package, and verifies the integrity', async () => {
    standIn(`if (args[0] !== 'pack' || args[1] !== 'some-set@1.0.0') process.exit(9); ${pack}`);
    const folder = newFolder();
    const seen: [string, number, number][] = [];
    const tarball = await fetchNpmPackage(wanted, folder, { onProgress: (...step) => seen.push(step) });
    expect(readFileSync(tarball, 'utf8')).to.equal('tarball');
    expect(seen.at(-1)).to.deep.equal(['fetching', 7, 7]);
  });

  it('refuses another tarball, and passes on what npm complains of', async () => {
    standIn(pack);
    const other = await errorOf(() => fetchNpmPackage({ ...wanted, integrity: 'sha512-AAAA' }, newFolder()));
    expect(other).to.be.instanceOf(InputError);
    expect(other.message).to.equal(`some-set@1.0.0 arrived with integrity ${integrity}, not sha512-AAAA`);
    standIn(
      `console.error('npm error code ENOTFOUND\\nnpm error errno ENOTFOUND\\nnpm error getaddrinfo ENOTFOUND'); process.exit(1);`,
    );
    const failed = await errorOf(() => fetchNpmPackage(wanted, newFolder()));
    expect(failed).to.be.instanceOf(InputError);
    expect(failed.message).to.include('some-set@1.0.0 could not be fetched with npm: getaddrinfo ENOTFOUND; another');
  });

  it('stops when it is told to', async () => {
    standIn('setInterval(() => {}, 1000);');
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    const error = await errorOf(() => fetchNpmPackage(wanted, newFolder(), { signal: controller.signal }));
    expect(error.name).to.equal('AbortError');
  });
});
