/**
 * `handgrad train` and `handgrad train --resume` on 230 images of 3 × 4 × 4 pixels, so that a test can kill it often: all of the
 * command but flags and CIFAR-10. A folder that holds a run is gone on with.
 *
 *     node tiny-run.mjs FOLDER '{"config": {…}, "every": 1, "killAt": 12, "nobody": true}'
 *
 * `killAt` kills the process inside its n-th call to the file system; in the middle, where that is a write. `killAtWrite` does it
 * in the middle of its n-th write. `nobody` gives up root's right to write everywhere.
 */
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const [folder, text] = process.argv.slice(2);
const { config, every, killAt, killAtWrite, nobody } = JSON.parse(text);

const { ImageSet } = await import('../../lib/node.js');
const { Random, setBackend } = await import('../../lib/index.js');

function images(count, seed) {
  const rng = new Random(seed);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  const bytes = Uint8Array.from({ length: count * 48 }, (_, i) => 60 * labels[Math.floor(i / 48)] + 100 * rng.next());
  const shape = { channels: 3, height: 4, width: 4 };
  return new ImageSet([{ bytes, first: 0, stride: 48, labels }], shape, ['a', 'b', 'c']);
}

/** From here on, counts what is asked of the file system, and dies in the call that it is told to. */
async function armed() {
  let calls = 0;
  const guard = (object, name, dying) => {
    const original = object[name];
    object[name] = async function (...args) {
      if (++calls === (killAt ?? killAtWrite)) {
        await dying?.call(this, ...args);
        process.kill(process.pid, 'SIGKILL');
      }
      return original.apply(this, args);
    };
  };
  const handle = await fs.open(folder);
  const FileHandle = Object.getPrototypeOf(handle);
  await handle.close();
  guard(FileHandle, 'writeFile', function (content) {
    const bytes = Buffer.from(content);
    return this.write(bytes, 0, Math.floor(bytes.length / 2));
  });
  if (killAtWrite) return;
  guard(FileHandle, 'sync');
  for (const name of ['open', 'rename', 'rm', 'mkdir']) guard(fs, name);
  syncBuiltinESMExports();
}

const { executeRun } = await import('../../lib/node/runs/execute-run.js');
const { endedHistory, lastCheckpoint } = await import('../../lib/node/runs/resume-run.js');
const { environment, readRecord } = await import('../../lib/node/runs/run-record.js');
const { stopSignal } = await import('../../lib/cli/signals.js');
const { CheckpointFolder } = await import('../../lib/node/runs/checkpoint-folder.js');
const { runConfig } = await import('../../lib/node/runs/read-config.js');
const { InputError } = await import('../../lib/index.js');
await import('../../lib/node/plots/curves.js');

async function run() {
  const say = (line) => process.stdout.write(`${line}\n`);
  const listener = { onWarning: say, onNote: say, onStart: () => say('training') };
  const resumed = existsSync(join(folder, 'config.json'));
  const fresh = { config: runConfig(config), environment: environment(), earlier: [] };
  const record = { ...(resumed ? await readRecord(folder) : fresh), checkpointEvery: every };
  if (resumed && (await endedHistory(folder, record.config)) !== undefined) return 0;
  const checkpoints = new CheckpointFolder(join(folder, 'checkpoints'));
  const from = resumed ? await lastCheckpoint(folder, checkpoints, record.config, listener) : undefined;
  const data = { train: images(170, 1), test: images(60, 2), folder: '', fetched: false };
  const signal = stopSignal(() => {});
  const { history } = await executeRun({ ...listener, folder, record, checkpoints, data, signal, resumed, from });
  if (history.stopped) process.stderr.write(`handgrad: ${history.stopped.message}\n`);
  return history.stopped ? (history.stopped.reason === 'diverged' ? 1 : 130) : 0;
}

setBackend('wasm', { threads: 1 });
if (nobody && process.getuid() === 0) process.setuid(65534);
if (killAt ?? killAtWrite) await armed();
try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`handgrad: ${error.message}\n`);
  process.exitCode = 2;
}
