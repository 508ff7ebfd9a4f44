import { join } from 'node:path';
import { backend, backendDescription, threads } from '../array/index.js';
import type { LoadedCifar10 } from '../data/cifar10.js';
import { centred } from '../data/source.js';
import type { MLP } from '../models/mlp.js';
import { curvesSvg } from '../plots/curves.js';
import { augmentationChances, batchOrder, buildModel, type TrainConfig } from '../training/config.js';
import { bestEntry } from '../training/history.js';
import { optimizerOf } from '../training/recipe.js';
import { clearRunFolder, RUN_FILES, writeJson, writeModel, writeWhole } from '../training/run-folder.js';
import { scheduleOf } from '../training/schedule.js';
import { trainingSource } from '../training/source.js';
import { DivergedError, Trainer } from '../training/trainer.js';
import { engineText } from './backend.js';
import { type Console, duration, grouped } from './console.js';
import { RunProgress } from './run-progress.js';
import { INTERRUPTED } from './signals.js';
import { confusionLines, netText, parameterText } from './summary.js';
import { version } from './version.js';

/** One run of `handgrad train`, from its first line to its last. */
export interface TrainRun {
  folder: string;
  config: TrainConfig;
  data: LoadedCifar10;
  signal: AbortSignal;
  out: Console;
}

/** Trains, writes the run's files, and says what came of it; returns the exit code. */
export async function trainRun(run: TrainRun): Promise<number> {
  const { folder, config, data, out } = run;
  const model = buildModel(config, data.train.width, data.train.classNames.length);
  await clearRunFolder(folder);
  await writeJson(join(folder, RUN_FILES.config), {
    ...config,
    handgrad: version(),
    engine: backend(),
    engineVersion: backendDescription(),
    threads: threads(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  });
  out.note(
    `training ${netText([model.inputs, ...config.hidden, model.classes], config)}, ` +
      `${parameterText(model.parameters())}, on ${grouped(data.train.count)} images; ${engineText()}, seed ${config.seed}`,
  );
  const progress = new RunProgress(out, config.maxSteps);
  const trainer = trainerOf(run, model, progress);
  const diverged = await trainer.fit().then(
    () => false,
    (error) => {
      if (error instanceof DivergedError) return true;
      throw error;
    },
  );
  out.endProgress();
  await writeResults(run, trainer, diverged ? undefined : model);
  tell(run, trainer, progress.seconds());
  if (diverged) return 1;
  return trainer.history.stopped ? INTERRUPTED : 0;
}

function trainerOf({ config, data, signal }: TrainRun, model: MLP, progress: RunProgress): Trainer {
  const mean = data.train.meanImage();
  return new Trainer({
    ...config,
    model,
    loss: model.loss(),
    optimizer: optimizerOf(config, model.parameters(), config.learningRate),
    schedule: scheduleOf(config.schedule, config.warmup, config.maxSteps),
    train: trainingSource(config, data.train, mean, augmentationChances(config)),
    test: centred(data.test, mean),
    rng: batchOrder(config),
    signal,
    onStep: (report) => progress.step(report),
    onEvaluation: (entry) => progress.evaluation(entry),
  });
}

/** Writes history and curves, and the model if its weights are worth keeping. */
async function writeResults({ folder, config }: TrainRun, { history }: Trainer, model: MLP | undefined): Promise<void> {
  await writeJson(join(folder, RUN_FILES.history), history);
  if (model) await writeModel(folder, model.stateDict());
  const last = history.evaluations.at(-1);
  if (!last) return;
  const net = config.hidden.length > 0 ? `MLP ${config.hidden.join(', ')}` : 'linear net';
  const title = `${net} on CIFAR-10: test accuracy ${last.testAccuracy.toFixed(3)}`;
  await writeWhole(join(folder, RUN_FILES.curves), await curvesSvg(history, title));
}

/** Says what was learned, in words or as one JSON document. */
function tell({ folder, config, data, out }: TrainRun, { history, evaluation }: Trainer, seconds: number): void {
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
  out.result({
    out: folder,
    config,
    engine: backend(),
    threads: threads(),
    testAccuracy: last?.testAccuracy ?? null,
    testLoss: last?.testLoss ?? null,
    best: best ?? null,
    confusion: evaluation?.confusion ?? null,
    seconds,
    history,
  });
}
