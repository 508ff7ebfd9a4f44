import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { InputError, Random } from '../../../src/index.js';
import { DEFAULTS, runConfig } from '../../../src/node/runs/read-config.js';
import { endedHistory } from '../../../src/node/runs/resume-run.js';
import type { RunConfig } from '../../../src/node/runs/run-config.js';
import { environment, readRecord, writeRecord } from '../../../src/node/runs/run-record.js';
import { damagedJson } from '../../support/json-damage.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

const MEGABYTE = 2 ** 20;

describe('the JSON files of a run', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  const history = {
    firstLoss: 2.5,
    evaluations: [
      { step: 700, epoch: 3, trainLoss: 1.9, trainAccuracy: 0.3, testLoss: 1.8, testAccuracy: 0.4 },
      { step: 1400, epoch: 6, trainLoss: 1.6, trainAccuracy: 0.4, testLoss: 1.5, testAccuracy: 0.48 },
    ],
    stopped: null,
  };

  /** Reads a file after each of 1,000 changes: right, or refused with a sentence, fast and in little memory. */
  async function readDamaged(path: string, text: string, read: (changed: unknown) => Promise<void>): Promise<number> {
    const rng = new Random(`damaged ${text.length}`);
    const before = process.memoryUsage().rss;
    let refusals = 0;
    for (let n = 0; n < 1000; n++) {
      const changed = damagedJson(text, rng);
      writeFileSync(path, changed);
      const begun = performance.now();
      try {
        await read(parsed(changed));
      } catch (error) {
        expect(error, `change ${n}: ${changed.slice(0, 2000)}`).to.be.instanceOf(InputError);
        expect(String(error).length).to.be.below(1500);
        refusals++;
      }
      expect(performance.now() - begun, `change ${n}`).to.be.below(2000);
      expect(process.memoryUsage().rss - before, `change ${n}`).to.be.below(200 * MEGABYTE);
    }
    return refusals;
  }

  it('config.json is read right or refused with a sentence: 1,000 seeded changes', async () => {
    const folder = newFolder();
    const model = { name: 'mlp' as const, hidden: [100, 50], norm: 'batch' as const, dropout: 0.2 };
    const config = runConfig({ model, augment: 'flip,shift:4', schedule: 'cosine', warmup: 10, momentum: 0.9 });
    const data = { title: 'CIFAR-10', sample: [3, 32, 32], classes: ['cat', 'dog'] };
    await writeRecord(folder, { config, data, checkpointEvery: 'minute', environment: environment(), earlier: [] });
    const path = join(folder, 'config.json');
    const text = JSON.stringify({ ...config, data, ...environment(), checkpointEvery: 'minute' });
    const refusals = await readDamaged(path, text, async (changed) => {
      const { config: read } = await readRecord(folder);
      expect(Object(changed)).to.deep.include(onlyGiven(read, changed));
    });
    expect(refusals).to.be.within(400, 900);
  });

  it('history.json is read right or refused with a sentence: 1,000 seeded changes', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'checkpoints'));
    const path = join(folder, 'history.json');
    const refusals = await readDamaged(path, JSON.stringify(history), async (changed) => {
      const { stopped, evaluations, firstLoss } = Object(changed);
      const read = await endedHistory(folder, DEFAULTS);
      if (read === undefined) {
        expect(stopped.reason).to.equal('interrupted');
        return;
      }
      expect([read.firstLoss, read.evaluations.length]).to.deep.equal([firstLoss, evaluations.length]);
      for (const { testAccuracy, testR2 } of read.evaluations)
        expect(testAccuracy ?? testR2)
          .to.be.a('number')
          .and.to.be.at.most(1);
    });
    expect(refusals).to.be.within(700, 990);
  });

  it('a history names its first wrong entry, and what it should be', async () => {
    const folder = newFolder();
    const path = join(folder, 'history.json');
    const [first, second] = history.evaluations;
    const stop = { reason: 'diverged', step: 700, message: 'a loss' };
    for (const [change, sentence] of [
      [{ evaluations: [{}] }, "no valid 'evaluations[0].step': expected a whole number from 1 up"],
      [{ evaluations: [null] }, "no valid 'evaluations[0].step'"],
      [{ evaluations: [first, { ...second, testAccuracy: 99 }] }, "'evaluations[1].testAccuracy': expected a number f"],
      [{ evaluations: [first, { ...second, trainLoss: null }] }, "no valid 'evaluations[1].trainLoss'"],
      [{ evaluations: [second, first] }, "'evaluations[1].step': expected more steps than the one before it"],
      [{ evaluations: [first] }, 'history.json ends at step 700, and config.json has 1400 steps'],
      [{ firstLoss: '2.3' }, "no valid 'firstLoss': expected a finite number or null"],
      [{ stopped: undefined }, "is not the history of a run: it has no 'evaluations' or no 'stopped'"],
      [{ stopped: { ...stop, reason: 'bored' } }, "no valid 'stopped.reason': expected interrupted or diverged"],
      [{ stopped: stop }, "no valid 'stopped.step': expected at least the step of the last evaluation"],
    ] as const) {
      writeFileSync(path, JSON.stringify({ ...history, ...change }));
      const error = await errorOf(() => endedHistory(folder, DEFAULTS));
      expect(error).to.be.instanceOf(InputError);
      expect(error.message).to.include(sentence);
    }
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The settings that a file gives. Those that it leaves out have the values that older files imply. */
function onlyGiven(config: RunConfig, file: unknown): object {
  const { model: _, ...settings } = config;
  const given = Object.entries(settings).filter(
    ([name, value]) => value !== undefined && Object.hasOwn(Object(file), name),
  );
  return Object.fromEntries(given);
}
