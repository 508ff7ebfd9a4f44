import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { gradeSubmission } from '../../src/coursework/grading/grade-submission.js';
import { Sandbox } from '../../src/coursework/sandbox/sandbox.js';
import { filesOf } from '../../src/coursework/task-files.js';
import { skip } from '../support/skip.js';

const files = filesOf('elu,tanh');
const right = sourcesOf(files, true);

/** Ways to allocate 64 MB that a limit on the heap of JavaScript does not see. */
const BLOCKS: Record<string, string> = {
  buffers: 'Buffer.alloc(2 ** 26, 1)',
  'shared buffers': 'new Uint8Array(new SharedArrayBuffer(2 ** 26)).fill(1)',
  'memories of WebAssembly': 'new Uint8Array(new WebAssembly.Memory({ initial: 1024 }).buffer).fill(1)',
  'shared memories of WebAssembly':
    'new Uint8Array(new WebAssembly.Memory({ initial: 1024, maximum: 1024, shared: true }).buffer).fill(1)',
};

describe('the memory of a submission', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  before(function () {
    if (process.platform !== 'linux') skip(this, 'only Linux limits the memory of a process');
    sandbox = new Sandbox();
  });
  after(() => sandbox?.close());

  it('is that of one process, because there is never a second one', async () => {
    const counts: number[] = [];
    const timer = setInterval(() => counts.push(running()), 5);
    const hidden = { 'elu.forward': [{ name: 'one', hidden: true, sizes: { N: 2, D: 4 } }] };
    const submission = { sources: new Map([...right, ['tanh.ts', 'for (;;);']]), remarks: [] };
    try {
      const { tasks } = await gradeSubmission(sandbox, submission, {
        files,
        hidden,
        timeLimit: 0.5,
        only: ['elu.forward', 'tanh.forward'],
      });
      expect(tasks.length).to.equal(2);
    } finally {
      clearInterval(timer);
    }
    expect(counts.length).to.be.at.least(20);
    expect(Math.max(...counts)).to.equal(1);
  });

  for (const [name, block] of Object.entries(BLOCKS)) {
    it(`has a limit of 768 MB also for ${name}`, async () => {
      const bomb = `const kept = []; try { for (;;) kept.push(${block}); } catch { console.log('KEPT', kept.length); }`;
      const sources = new Map([['tanh.ts', `${bomb} export class Tanh {}`]]);
      const options = { files: filesOf('tanh'), only: ['tanh.forward'] };
      const { printed } = await gradeSubmission(sandbox, { sources, remarks: [] }, options);
      const [, kept] = /KEPT (\d+)/.exec(printed) ?? [];
      expect(Number(kept), printed).to.be.within(1, 768 / 64);
    });
  }
});

/** The processes of submissions that this process has started. */
function running(): number {
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children.filter((pid) => commandOf(pid).includes('harness')).length;
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}
