import { join } from 'node:path';
import type { LoadedCifar10 } from '../data/cifar10.js';
import { centred } from '../data/source.js';
import type { MLP } from '../models/mlp.js';
import { curvesSvg } from '../plots/curves.js';
import type { Checkpoint } from '../training/checkpoint.js';
import type { CheckpointFolder } from '../training/checkpoint-folder.js';
import { Checkpointer } from '../training/checkpointer.js';
import { augmentationChances, batchOrder, buildModel } from '../training/config.js';
import { bestEntry } from '../training/history.js';
import { optimizerOf } from '../training/recipe.js';
import {
  clearRemains,
  clearResults,
  clearRunFolder,
  RUN_FILES,
  writeJson,
  writeModel,
  writeWhole,
} from '../training/run-folder.js';
import { captureRun, type RunParts, restoreRun } from '../training/run-state.js';
import { scheduleOf } from '../training/schedule.js';
import { trainingSource } from '../training/source.js';
import { DivergedError, Trainer } from '../training/trainer.js';
import { engineText } from './backend.js';
import { type Console, duration, grouped } from './console.js';
import { RunProgress } from './run-progress.js';
import { changesThatShow, environment, type RunRecord, writeRecord } from './run-record.js';
import { INTERRUPTED } from './signals.js';
import { confusionLines, netText, parameterText, runDocument } from './summary.js';

/** One run of `handgrad train`, from its first line, or from a checkpoint, to its last. */
export interface TrainRun {
  folder: string;
  record: RunRecord;
  checkpoints: CheckpointFolder;
  data: LoadedCifar10;
  signal: AbortSignal;
  out: Console;
  /** The run was there before, and `record` is from its `config.json`. */
  resumed?: boolean;
  /** Where it goes on; at its beginning without. */
  from?: Checkpoint;
}

/** Trains, writes the run's files, and says what came of it; returns the exit code. */
export async function trainRun(run: TrainRun): Promise<number> {
  const { config } = run.record;
  const { data, from, out } = run;
  const model = buildModel(config, data.train.width, data.train.classNames.length);
  await recordRun(run);
  out.note(
    `training ${netText([model.inputs, ...config.hidden, model.classes], config)}, ` +
      `${parameterText(model.parameters())}, on ${grouped(data.train.count)} images; ${engineText()}, seed ${config.seed}`,
  );
  const progress = new RunProgress(out, config.maxSteps, from?.state.trainer.step);
  const trainer = trainerOf(run, model, progress);
  const diverged = await trainer
    .fit()
    .then(
      () => false,
      (error) => {
        if (error instanceof DivergedError) return true;
        throw error;
      },
    )
    .finally(() => out.endProgress());
  await writeResults(run, trainer, diverged ? undefined : model);
  if (!trainer.history.stopped) await clearRemains(run.folder);
  tell(run, trainer, progress.seconds());
  if (diverged) return 1;
  return trainer.history.stopped ? INTERRUPTED : 0;
}

/** Writes `config.json` before a run begins; when one goes on, only what has changed since, saying so. */
async function recordRun({ folder, record, resumed, from, out }: TrainRun): Promise<void> {
  if (resumed) await clearResults(folder);
  else await clearRunFolder(folder);
  const before = record.environment;
  record.environment = environment();
  if (from) {
    const changes = changesThatShow(before, record.environment);
    if (changes.length === 0) return;
    out.say(`the last bits of the results may differ from those of a run in one go: ${changes.join(', ')}`);
    record.earlier.push({ until: from.state.trainer.step, ...before });
  }
  await writeRecord(folder, record);
}

/** The trainer of a run, where the run begins or goes on, with checkpoints between its steps. */
function trainerOf({ record, checkpoints, data, signal, from }: TrainRun, model: MLP, progress: RunProgress): Trainer {
  const { config, checkpointEvery } = record;
  const mean = data.train.meanImage();
  const augmentation = augmentationChances(config);
  const optimizer = optimizerOf(config, model.parameters(), config.learningRate);
  const capture = (): Checkpoint => ({ settings: config, state: captureRun(parts) });
  const checkpointer = new Checkpointer(checkpoints, checkpointEvery, capture);
  const trainer = new Trainer({
    ...config,
    model,
    loss: model.loss(),
    optimizer,
    schedule: scheduleOf(config.schedule, config.warmup, config.maxSteps),
    train: trainingSource(config, data.train, mean, augmentation),
    test: centred(data.test, mean),
    rng: batchOrder(config),
    signal,
    onStep: (report) => progress.step(report),
    onEvaluation: (entry) => progress.evaluation(entry),
    betweenSteps: (step, ending) => checkpointer.betweenSteps(step, ending),
  });
  const parts: RunParts = { model, optimizer, trainer, streams: { model: model.rng, augmentation } };
  if (from) restoreRun(parts, from.state);
  return trainer;
}

/** Writes model, if its weights are worth keeping, and curves, and at last the history, which says that all is there. */
async function writeResults({ folder, record }: TrainRun, { history }: Trainer, model: MLP | undefined): Promise<void> {
  const { hidden } = record.config;
  if (model) await writeModel(folder, model.stateDict());
  const last = history.evaluations.at(-1);
  if (last) {
    const net = hidden.length > 0 ? `MLP ${hidden.join(', ')}` : 'linear net';
    const title = `${net} on CIFAR-10: test accuracy ${last.testAccuracy.toFixed(3)}`;
    await writeWhole(join(folder, RUN_FILES.curves), await curvesSvg(history, title));
  }
  await writeJson(join(folder, RUN_FILES.history), history);
}

/** Says what was learned, in words or as one JSON document. */
function tell({ folder, record, data, out }: TrainRun, { history, evaluation }: Trainer, seconds: number): void {
  const last = history.evaluations.at(-1);
  const best = bestEntry(history);
  if (evaluation && last && best) {
    out.note(`\nconfusion matrix of the test set at step ${last.step}, a row a true class:`);
    for (const line of confusionLines(evaluation, data.test.classNames)) out.note(line);
    const better = best.step === last.step ? '' : ` (best ${best.testAccuracy.toFixed(4)} at step ${best.step})`;
    out.note(
      `\ntest accuracy ${last.testAccuracy.toFixed(4)} at step ${last.step}${better}, after ${duration(seconds)}`,
    );
    out.note(`curves: ${join(folder, RUN_FILES.curves)}`);
  }
  out.note(`run:    ${folder}`);
  if (history.stopped) process.stderr.write(`handgrad: ${history.stopped.message}\n`);
  if (history.stopped?.reason === 'interrupted' && record.checkpointEvery !== 'none')
    out.note(`\nhandgrad train --resume ${folder} goes on from here`);
  out.result(runDocument(folder, record, history, { confusion: evaluation?.confusion ?? null, seconds }));
}
