import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolders } from '../support/temporary.js';

describe('a command that runs in the process of its caller', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  it('leaves the channel to the parent process as it is, so that the caller still gets messages', async () => {
    const program = new URL('../../lib/cli/program.js', import.meta.url).href;
    const cwd = newFolder();
    const file = join(cwd, 'caller.mjs');
    writeFileSync(
      file,
      `import { runProgram } from '${program}';
      process.on('message', (text) => process.send('got ' + text, () => process.disconnect()));
      await runProgram(['train', '--hidden', 'many']);
      await runProgram(['train', '--resume', 'nothing']);
      process.send('ready');`,
    );
    const caller = fork(file, { cwd, silent: true, execArgv: [] });
    const ended = once(caller, 'exit');
    expect(await Promise.race([once(caller, 'message'), ended])).to.deep.equal(['ready', undefined]);
    await new Promise((done) => setTimeout(done, 200)); // an emptied event loop would have ended it
    caller.send('a message');
    expect(await Promise.race([once(caller, 'message'), ended])).to.deep.equal(['got a message', undefined]);
    await ended;
  });
});
