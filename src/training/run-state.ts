import type { Random, RandomState } from '../array/index.js';
import type { Module, StateDict } from '../layers/module.js';
import type { Optimizer, OptimizerState } from '../optim/optimizer.js';
import type { Trainer } from './trainer.js';
import type { TrainerState } from './trainer-options.js';

/** The parts of a run that change while it goes on. */
export interface RunParts {
  /** The net, whose parameters and running statistics change. */
  model: Module;
  /** Its moments or velocity change, and the number of its updates. */
  optimizer: Optimizer;
  /** Its position in the epoch changes, and its history. */
  trainer: Trainer;
  /** Whatever is drawn from, by any name: dropout's masks, augmentation. The trainer sees to the order of the batches. */
  streams: Readonly<Record<string, Random>>;
}

/** All that they have to remember to go on as if they had never stopped. */
export interface RunState {
  /** Parameters and running statistics. */
  model: StateDict;
  /** Moments or velocity, and the number of updates. */
  optimizer: OptimizerState;
  /** The position in the epoch, and the history. */
  trainer: TrainerState;
  /** Where each random stream stands, by its name in `RunParts`. */
  streams: Record<string, RandomState>;
}

/**
 * The state of a run between two steps, as copies.
 *
 * @param parts as they are; nothing is changed
 */
export function captureRun({ model, optimizer, trainer, streams }: RunParts): RunState {
  const states = Object.entries(streams).map(([name, rng]) => [name, rng.state()]);
  return {
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
    trainer: trainer.state(),
    streams: Object.fromEntries(states),
  };
}

/**
 * Sets the parts of a run, made anew by the same settings, to the state of an earlier one.
 *
 * @param parts net, optimiser, trainer and every random stream are changed
 * @param state what `captureRun` gave
 * @throws Error, ShapeError or DtypeError when a stream or an array is missing, unknown or does not fit
 */
export function restoreRun({ model, optimizer, trainer, streams }: RunParts, state: RunState): void {
  const [own, saved] = [Object.keys(streams).sort().join(', '), Object.keys(state.streams).sort().join(', ')];
  if (own !== saved) throw new Error(`restoreRun: expected random streams ${own || 'none'}, got ${saved || 'none'}`);
  model.loadStateDict(state.model);
  optimizer.loadStateDict(state.optimizer);
  trainer.restore(state.trainer);
  for (const [name, rng] of Object.entries(streams)) rng.restore(state.streams[name]);
}
