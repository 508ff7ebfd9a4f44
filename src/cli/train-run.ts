import { join } from 'node:path';
import { PIXELS } from '../data/pixel-scale.js';
import type { StateDict } from '../layers/module.js';
import type { MLP } from '../models/mlp.js';
import { DATASETS } from '../node/data/datasets.js';
import type { LoadedSet } from '../node/data/loaded-set.js';
import { curvesSvg } from '../node/plots/curves.js';
import type { Checkpoint } from '../node/runs/checkpoint.js';
import type { CheckpointFolder } from '../node/runs/checkpoint-folder.js';
import { Checkpointer } from '../node/runs/checkpointer.js';
import { optimizerOf } from '../node/runs/recipe.js';
import {
  clearRemains,
  clearResults,
  clearRunFolder,
  RUN_FILES,
  writeJson,
  writeModel,
  writeWhole,
} from '../node/runs/run-folder.js';
import { changesThatShow, environment, type RunRecord, writeRecord } from '../node/runs/run-record.js';
import { writeReport } from '../node/runs/run-report.js';
import { testSource, trainingSource } from '../node/runs/run-sources.js';
import { scheduleOf } from '../node/runs/schedule-setting.js';
import { testName } from '../node/runs/split.js';
import { augmentationChances, batchOrder, buildModel } from '../node/runs/train-config.js';
import { WeightAverage } from '../optim/weight-average.js';
import { AveragedTests } from '../training/averaging.js';
import { bestEntry } from '../training/history.js';
import { captureRun, type RunParts, restoreRun } from '../training/run-state.js';
import { DivergedError, Trainer } from '../training/trainer.js';
import { engineText } from './backend.js';
import { type Console, duration, grouped } from './console.js';
import { RunProgress } from './run-progress.js';
import { INTERRUPTED } from './signals.js';
import { confusionLines, netText, parameterText, runDocument } from './summary.js';

/** One run of `handgrad train`, from its first line, or from a checkpoint, to its last. */
export interface TrainRun {
  folder: string;
  record: RunRecord;
  checkpoints: CheckpointFolder;
  data: LoadedSet;
  /** Whether a page with all pictures is written too. */
  report: boolean;
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
  const progress = new RunProgress(out, config, from?.state.trainer.step);
  const { trainer, averaged } = trainerOf(run, model, progress);
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
  await writeResults(run, trainer, diverged ? undefined : (averaged?.tested ?? model.stateDict()));
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
function trainerOf(
  { record, checkpoints, data, signal, from }: TrainRun,
  model: MLP,
  progress: RunProgress,
): { trainer: Trainer; averaged: AveragedTests | undefined } {
  const { config, checkpointEvery } = record;
  const scale = PIXELS[config.pixels](data.train);
  const augmentation = augmentationChances(config);
  const optimizer = optimizerOf(config, model.parameters(), config.learningRate);
  const averaged =
    optimizer instanceof WeightAverage ? new AveragedTests(model, optimizer, testSource(data.train, scale)) : undefined;
  const capture = (): Checkpoint => ({ settings: config, state: captureRun(parts) });
  const checkpointer = new Checkpointer(checkpoints, checkpointEvery, capture);
  const trainer = new Trainer({
    ...config,
    model,
    loss: model.loss(),
    optimizer,
    schedule: scheduleOf(config.schedule, config.warmup, config.maxSteps),
    train: trainingSource(config, data.train, scale, augmentation),
    test: testSource(data.test, scale),
    rng: batchOrder(config),
    signal,
    around: averaged && ((look) => averaged.during(look)),
    onStep: (report) => progress.step(report),
    onEvaluation: (entry) => progress.evaluation(entry),
    betweenSteps: (step, ending) => checkpointer.betweenSteps(step, ending),
  });
  const parts: RunParts = { model, optimizer, trainer, streams: { model: model.rng, augmentation } };
  if (from) restoreRun(parts, from.state);
  return { trainer, averaged };
}

/** Writes model, if its weights are worth keeping, and curves, and at last the history, which says that all is there. */
async function writeResults(
  run: TrainRun,
  { history, evaluation }: Trainer,
  weights: StateDict | undefined,
): Promise<void> {
  const { folder, data } = run;
  const { config } = run.record;
  const { hidden, dataset } = config;
  if (weights) await writeModel(folder, weights);
  const last = history.evaluations.at(-1);
  if (last) {
    const net = hidden.length > 0 ? `MLP ${hidden.join(', ')}` : 'linear net';
    const title = `${net} on ${DATASETS[dataset].title}: ${testName(config)} accuracy ${last.testAccuracy.toFixed(3)}`;
    await writeWhole(join(folder, RUN_FILES.curves), await curvesSvg(history, title, testName(config)));
  }
  if (run.report && weights && evaluation) await writeReport(folder, { config, data, weights, history, evaluation });
  await writeJson(join(folder, RUN_FILES.history), history);
}

/** Says what was learned, in words or as one JSON document. */
function tell(
  { folder, record, data, report, out }: TrainRun,
  { history, evaluation }: Trainer,
  seconds: number,
): void {
  const last = history.evaluations.at(-1);
  const best = bestEntry(history);
  if (evaluation && last && best) {
    out.note(`\nconfusion matrix of the ${testName(record.config)} set at step ${last.step}, a row a true class:`);
    for (const line of confusionLines(evaluation, data.test.classNames)) out.note(line);
    const better = best.step === last.step ? '' : ` (best ${best.testAccuracy.toFixed(4)} at step ${best.step})`;
    out.note(
      `\n${testName(record.config)} accuracy ${last.testAccuracy.toFixed(4)} at step ${last.step}${better}, after ${duration(seconds)}`,
    );
    out.note(`curves: ${join(folder, RUN_FILES.curves)}`);
    if (report && history.stopped?.reason !== 'diverged') out.note(`report: ${join(folder, RUN_FILES.report)}`);
  }
  out.note(`run:    ${folder}`);
  if (history.stopped) process.stderr.write(`handgrad: ${history.stopped.message}\n`);
  if (history.stopped?.reason === 'interrupted' && record.checkpointEvery !== 'none')
    out.note(`\nhandgrad train --resume ${folder} goes on from here`);
  out.result(runDocument(folder, record, history, { confusion: evaluation?.confusion ?? null, seconds }));
}
