import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { readClassFolder } from '../../src/coursework/class-folder.js';
import { assignmentOf, pathIn, readSubmission } from '../../src/coursework/submission.js';
import { handgrad } from '../support/command.js';
import { skip } from '../support/skip.js';
import { errorOf, temporaryFolders } from '../support/temporary.js';

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));

describe('readSubmission', () => {
  const newFolder = temporaryFolders();

  it('reads the sources, and says of every other entry why it was skipped', async function () {
    if (process.platform !== 'linux') skip(this, 'only Linux has names that are not UTF-8');
    const folder = newFolder();
    const src = join(folder, 'src');
    mkdirSync(join(src, 'linear.js'), { recursive: true });
    mkdirSync(join(src, 'a', 'b', 'c', 'd'), { recursive: true });
    mkdirSync(pathIn(src, bytes('odd', 0xff)));
    mkdirSync(join(src, 'node_modules'));
    for (const path of ['linear.ts', 'linear.js/x.ts', 'a/b/help.ts', 'node_modules/y.ts', 'types.d.ts', 'notes.md'])
      writeFileSync(join(src, path), `// ${path}`);
    for (const name of [bytes('elu', 0xff, '.ts'), bytes('\u001b[2J.ts'), bytes('a\nb.ts'), bytes('p\u200b.ts')])
      writeFileSync(pathIn(src, name), '');
    symlinkSync('loop.ts', join(src, 'loop.ts'));
    symlinkSync('/etc/passwd', join(src, 'passwd.ts'));
    linkSync(join(src, 'notes.md'), join(src, 'hard.ts'));
    execFileSync('mkfifo', [join(src, 'pipe.ts')]);
    writeFileSync(join(src, 'big.ts'), 'x'.repeat(300_001));
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(src, 'socket.ts'), done));
    try {
      const { sources, remarks } = readSubmission(folder);
      expect([...sources]).to.deep.equal([
        ['a/b/help.ts', '// a/b/help.ts'],
        ['linear.ts', '// linear.ts'],
      ]);
      expect(remarks).to.have.members([
        'src/a/b/c/d was skipped: it is more than 3 folders deep',
        'src/a\\u{a}b.ts was skipped: its name has characters that cannot be shown',
        'src/\\u{1b}[2J.ts was skipped: its name has characters that cannot be shown',
        'src/big.ts was skipped: it has 300001 bytes, more than 300000',
        'src/elu\\xff.ts was skipped: its name has characters that cannot be shown',
        'src/hard.ts was skipped: it is a hard link',
        'src/linear.js was skipped: it is a folder with the name of a compiled file',
        'src/loop.ts was skipped: it is a link, and links are not followed',
        'src/odd\\xff was skipped: its name has characters that cannot be shown',
        'src/p\\u{200b}.ts was skipped: its name has characters that cannot be shown',
        'src/passwd.ts was skipped: it is a link, and links are not followed',
        'src/pipe.ts was skipped: it is not a plain file',
        'src/socket.ts was skipped: it is not a plain file',
      ]);
    } finally {
      server.close();
    }
  });

  it('skips a file and a folder that may not be read, and reads the others', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'src', 'closed'), { recursive: true });
    for (const name of ['linear.ts', 'secret.ts']) writeFileSync(join(folder, 'src', name), '');
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'src', 'secret.ts'), 0);
    chmodSync(join(folder, 'src', 'closed'), 0);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534); // root may read everything
    try {
      const { sources, remarks } = readSubmission(folder);
      expect([...sources.keys()]).to.deep.equal(['linear.ts']);
      expect(remarks.join()).to.match(/src\/closed was skipped: EACCES.*src\/secret\.ts was skipped: EACCES/);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(join(folder, 'src', 'closed'), 0o700);
    }
  });

  it('does not wait for an assignment.json that is a pipe, a device or a link to one, and is not flooded by it', async () => {
    for (const make of [
      (path: string) => execFileSync('mkfifo', [path]),
      (path: string) => symlinkSync('/dev/zero', path),
      (path: string) => mkdirSync(path),
      (path: string) => writeFileSync(path, `{"files":["linear"]${' '.repeat(1e6)}}`),
      (path: string) => writeFileSync(path, '{"files":["linear"],"files":["elu"]}'),
    ]) {
      const folder = newFolder();
      make(join(folder, 'assignment.json'));
      const { message } = await errorOf(() => assignmentOf(folder));
      expect(message).to.match(/assignment\.json: cannot read this file, which names the assignment: .+; give/);
    }
  });

  it('ends handgrad grade with a sentence when assignment.json is a pipe', async () => {
    const cwd = newFolder();
    execFileSync('mkfifo', [join(cwd, 'assignment.json')]);
    const { code, stderr } = await handgrad(['grade', '.'], cwd);
    expect(code).to.equal(2);
    expect(stderr).to.include(
      'assignment.json: cannot read this file, which names the assignment: it is not a plain file',
    );
  });
});

describe('readClassFolder', () => {
  const newFolder = temporaryFolders();

  it('takes folders and links of any name as submissions, and nothing else', async function () {
    if (process.platform !== 'linux') skip(this, 'only Linux has names that are not UTF-8');
    const folder = newFolder();
    for (const name of ['ada', 'Doe, Jane', '.git', '__MACOSX', 'x\u202ecod.exe']) mkdirSync(join(folder, name));
    for (const last of [0xfe, 0xff]) mkdirSync(pathIn(folder, bytes('j', last)));
    symlinkSync('ada', join(folder, 'link'));
    symlinkSync('loop', join(folder, 'loop'));
    writeFileSync(join(folder, 'notes.txt'), '');
    writeFileSync(pathIn(folder, bytes('stray', 0xff)), '');
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const { submissions, strays } = readClassFolder(folder);
    expect(submissions.map(({ name }) => name)).to.deep.equal([
      'Doe, Jane',
      'ada',
      'j\\xfe',
      'j\\xff',
      'link',
      'loop',
      'x\\u{202e}cod.exe',
    ]);
    expect(strays).to.deep.equal(['.git', '__MACOSX', 'notes.txt', 'pipe', 'stray\\xff']);
  });
});
