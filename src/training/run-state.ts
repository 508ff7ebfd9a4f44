import { assertMethods, assertRandom, checkedOptions, type Random, type RandomState } from '../array/index.js';
import { assertModule, type Module, type StateDict } from '../layers/module.js';
import { assertOptimizer, type Optimizer, type OptimizerState } from '../optim/optimizer.js';
import type { Trainer } from './trainer.js';
import type { TrainerState } from './trainer-options.js';

/** The parts of a run that change while it goes on. */
export interface RunParts {
  /** The net, with its parameters and running statistics. */
  model: Module;
  /** The optimizer, with its moments or velocity and the number of its updates. */
  optimizer: Optimizer;
  /** The trainer, with its position in the epoch and its history. */
  trainer: Trainer;
  /**
   * Every other source of randomness, by any name: dropout's masks, augmentation. The trainer keeps the order of the
   * batches.
   */
  streams: Readonly<Record<string, Random>>;
}

/** Everything that these parts need in order to continue as if the run had not stopped. */
export interface RunState {
  /** Parameters and running statistics. */
  model: StateDict;
  /** Moments or velocity, and the number of updates. */
  optimizer: OptimizerState;
  /** The position in the epoch, and the history. */
  trainer: TrainerState;
  /** The state of each random stream, by its name in `RunParts`. */
  streams: Record<string, RandomState>;
}

/**
 * The state of a run between two steps, as copies.
 *
 * @param parts stay unchanged
 */
export function captureRun(parts: RunParts): RunState {
  const { model, optimizer, trainer, streams } = checkedParts('captureRun', parts);
  const states = Object.entries(streams).map(([name, rng]) => [name, rng.state()]);
  return {
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
    trainer: trainer.state(),
    streams: Object.fromEntries(states),
  };
}

/**
 * Sets the parts of a new run, created with the same settings, to the state of an earlier one.
 *
 * @param parts net, optimizer, trainer and every random stream are changed
 * @param state what `captureRun` returned
 * @throws Error, ShapeError or DtypeError when a stream or an array is missing, unknown, or does not fit
 */
export function restoreRun(parts: RunParts, state: RunState): void {
  const { model, optimizer, trainer, streams } = checkedParts('restoreRun', parts);
  for (const [name, part] of Object.entries(checkedOptions('restoreRun', state)))
    assertMethods('restoreRun', `state.${name}`, part, [], 'what captureRun returned');
  assertMethods('restoreRun', 'state.streams', state.streams, [], 'what captureRun returned');
  const [own, saved] = [Object.keys(streams).sort().join(', '), Object.keys(state.streams).sort().join(', ')];
  if (own !== saved) throw new Error(`restoreRun: expected random streams ${own || 'none'}, got ${saved || 'none'}`);
  model.loadStateDict(state.model);
  optimizer.loadStateDict(state.optimizer);
  trainer.restore(state.trainer);
  for (const [name, rng] of Object.entries(streams)) rng.restore(state.streams[name]);
}

function checkedParts(call: string, parts: RunParts): RunParts {
  const { model, optimizer, trainer, streams } = checkedOptions(call, parts);
  assertModule(call, model);
  assertOptimizer(call, optimizer);
  assertMethods(call, 'trainer', trainer, ['fit', 'state', 'restore'], 'a Trainer');
  assertMethods(call, 'streams', streams, [], 'an object of Randoms by name');
  for (const rng of Object.values(streams)) assertRandom(call, rng);
  return parts;
}
