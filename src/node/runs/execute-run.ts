import { join } from 'node:path';
import { assertCallbacks } from '../../array/index.js';
import type { NetInputs } from '../../data/net-inputs.js';
import type { StateDict } from '../../layers/module.js';
import { freezeFeatures } from '../../models/freeze.js';
import type { Model } from '../../models/model.js';
import { modelKind } from '../../models/model-table.js';
import { WeightAverage } from '../../optim/weight-average.js';
import { AveragedEvaluation } from '../../training/averaging.js';
import type { Evaluation } from '../../training/evaluate.js';
import { type History, type HistoryEntry, testScore } from '../../training/history.js';
import { captureRun, type RunParts, restoreRun } from '../../training/run-state.js';
import { scoreText } from '../../training/score-text.js';
import { DivergedError, Trainer } from '../../training/trainer.js';
import type { StepReport } from '../../training/trainer-options.js';
import { datasetOf } from '../data/datasets.js';
import { isThere } from '../data/folders.js';
import { checkedLoadOptions, type LoadOptions } from '../data/loaded-set.js';
import { curvesSvg } from '../plots/curves.js';
import type { Checkpoint } from './checkpoint.js';
import type { CheckpointFolder } from './checkpoint-folder.js';
import { Checkpointer } from './checkpointer.js';
import { startFrom } from './initial-weights.js';
import { makeOptimizer } from './optimizer-kinds.js';
import { augmentationStream, batchOrder, buildModel, lossOf, modelSizeOf } from './run-config.js';
import { inUnits, netDataOf, type RunData } from './run-data.js';
import {
  assertStillThere,
  clearRemains,
  clearResults,
  clearRunFolder,
  RUN_FILES,
  writeInputs,
  writeJson,
  writeModel,
  writeWhole,
} from './run-folder.js';
import { changesOfBits, environment, type RunRecord, writeRecord } from './run-record.js';
import { writeRunReport } from './run-report.js';
import { netInputs, testSource, trainingSource } from './run-sources.js';
import { scheduleOf } from './schedule-setting.js';
import { testName } from './split.js';

/** The progress of a run. */
export interface RunListener {
  /** Training begins, on the training samples of `data`. `from` is the step that a resumed run continues from. */
  onStart?: (model: Model, from: number, data: RunData) => void;
  /** After each step. */
  onStep?: (report: StepReport) => void;
  /** After each evaluation. */
  onEvaluation?: (entry: HistoryEntry) => void;
  /** Something that a reader of the results should know. */
  onWarning?: (sentence: string) => void;
  /** Something for a person who waits. */
  onNote?: (sentence: string) => void;
}

/** A run that is ready to train, from its first step or from a checkpoint. */
export interface ReadyRun extends RunListener {
  folder: string;
  record: RunRecord;
  checkpoints: CheckpointFolder;
  /** The samples that it trains on, and those that it is evaluated on. */
  data: RunData;
  /** Whether to write a page with all pictures. Default: false. */
  report?: boolean;
  signal?: AbortSignal;
  /** Whether `record` is from the `config.json` of the folder. Default: false. */
  resumed?: boolean;
  /** The checkpoint to continue from. Default: none. */
  from?: Checkpoint;
}

/** How a run ended. */
export interface RunResult {
  /** The absolute path of the run folder. */
  folder: string;
  /** What its `config.json` holds. */
  record: RunRecord;
  /** What was recorded; `stopped` says why it ended early. */
  history: History;
  /** The last evaluation; undefined if there was none in this process. */
  evaluation: Evaluation | undefined;
  /** From the first step of this process to the last evaluation. */
  seconds: number;
}

/** Trains, and writes all files of the run. */
export async function executeRun(run: ReadyRun): Promise<RunResult> {
  const { folder, record, from } = run;
  const size = modelSizeOf(run.data.train);
  const model = buildModel(record.config, size);
  const { weights } = record.config;
  if (weights !== null && !from) {
    const { loaded, kept } = await startFrom(weights, model);
    const fresh = kept.length > 0 ? `; ${kept.join(' and ')} start anew` : '';
    run.onNote?.(`${loaded.length} arrays come from ${weights}${fresh}`);
  }
  const inputs = netInputs(record.config, run.data.train);
  await recordRun(run, inputs);
  run.onStart?.(model, from?.state.trainer.step ?? 0, run.data);
  const started = performance.now();
  const { trainer, averaged } = trainerOf(run, model, inputs);
  const diverged = await trainer.fit().then(
    () => false,
    (error) => {
      if (error instanceof DivergedError) return true;
      throw error;
    },
  );
  const seconds = (performance.now() - started) / 1000;
  await writeResults(run, trainer, diverged ? undefined : (averaged?.evaluated ?? model.stateDict()));
  const { history } = trainer;
  const evaluation = trainer.evaluation && inUnits<Evaluation>(trainer.evaluation, inputs);
  if (!history.stopped) await clearRemains(folder);
  return { folder, record, history, evaluation, seconds };
}

/**
 * Writes `config.json` and `inputs.npz` before a run begins. For a resumed run, only what has changed: a change of the
 * environment with a warning.
 */
async function recordRun(
  { folder, record, data, resumed, from, onWarning }: ReadyRun,
  inputs: NetInputs,
): Promise<void> {
  if (resumed) await clearResults(folder);
  else await clearRunFolder(folder);
  const before = record.environment;
  record.environment = environment();
  const changes = from ? changesOfBits(before, record.environment) : [];
  if (from && changes.length > 0) {
    onWarning?.(`the last bits of the results may differ from those of an uninterrupted run: ${changes.join(', ')}`);
    record.earlier.push({ until: from.state.trainer.step, ...before });
  }
  const isWhole = record.data !== undefined && (await isThere(join(folder, RUN_FILES.inputs)));
  if (from && changes.length === 0 && isWhole) return;
  record.data = netDataOf(record.config.dataset, data.train);
  await writeRecord(folder, record);
  await writeInputs(folder, inputs);
}

/** The trainer of a run, at its first step or at that of its checkpoint, with new checkpoints between its steps. */
function trainerOf(
  { folder, record, checkpoints, data, signal, from, onStep, onEvaluation, onWarning }: ReadyRun,
  model: Model,
  inputs: NetInputs,
): { trainer: Trainer; averaged: AveragedEvaluation | undefined } {
  const { config, checkpointEvery } = record;
  const augmentation = augmentationStream(config);
  const optimizer = makeOptimizer(config, config.freeze === 'features' ? freezeFeatures(model) : model.parameters());
  const averaged =
    optimizer instanceof WeightAverage
      ? new AveragedEvaluation(model, optimizer, testSource(config, data.train, inputs))
      : undefined;
  const capture = (): Checkpoint => ({ settings: config, state: captureRun(parts) });
  const checkpointer = new Checkpointer(checkpoints, checkpointEvery, capture);
  const { batchSize, accumulate, clipNorm, maxSteps, evalEvery } = config;
  const trainer = new Trainer({
    ...{ batchSize, accumulate, clipNorm, maxSteps, evalEvery },
    model,
    loss: lossOf(config, model),
    optimizer,
    schedule: scheduleOf(config.schedule, config.warmup, maxSteps),
    train: trainingSource(config, data.train, inputs, augmentation),
    test: testSource(config, data.test, inputs),
    rng: batchOrder(config),
    signal,
    around: averaged && ((evaluate) => averaged.during(evaluate)),
    onStep,
    onEvaluation,
    onWarning,
    betweenSteps: async (step, ending) => {
      await assertStillThere(folder);
      await checkpointer.betweenSteps(step, ending);
    },
  });
  const parts: RunParts = { model, optimizer, trainer, streams: { model: model.rng, augmentation } };
  if (from) restoreRun(parts, from.state);
  return { trainer, averaged };
}

/**
 * Writes the model, if its weights are finite, then the pictures, and then the history. A folder with a history is
 * complete.
 */
async function writeResults(
  { folder, data, record: { config }, report }: ReadyRun,
  { history, evaluation }: Trainer,
  weights: StateDict | undefined,
): Promise<void> {
  await assertStillThere(folder);
  if (weights) await writeModel(folder, weights);
  const last = history.evaluations.at(-1);
  const { model, dataset } = config;
  if (last) {
    const reached = `${testName(config)} ${scoreText(testScore(last), 3)}`;
    const title = `${modelKind(model).title(model)} on ${datasetOf(dataset).title}: ${reached}`;
    await writeWhole(join(folder, RUN_FILES.curves), await curvesSvg(history, title, testName(config)));
  }
  if (report && weights && evaluation) await writeRunReport(folder, { config, data, weights, history, evaluation });
  await writeJson(join(folder, RUN_FILES.history), history);
}

/**
 * Throws for a wrong or misspelled option of a function that runs.
 *
 * @param own the options that only this function has, and whether each is valid
 * @throws DtypeError or RangeError that names the call and the option
 */
export function assertRunOptions(call: string, options: RunListener & LoadOptions, own: readonly string[]): void {
  const { onStart, onStep, onEvaluation, onWarning, ...others } = options;
  assertCallbacks(call, { onStart, onStep, onEvaluation, onWarning });
  checkedLoadOptions<LoadOptions & Readonly<Record<string, unknown>>>(call, others, ...own);
}
