import type { Parameter } from '../../layers/parameter.js';
import { Adam } from '../../optim/adam.js';
import { AdamW } from '../../optim/adamw.js';
import type { Optimizer } from '../../optim/optimizer.js';
import { SGD } from '../../optim/sgd.js';

/** What the optimisers of a run can be told beside the learning rate; which of it each knows, `OPTIMIZERS` says. */
export interface OptimizerSettings {
  momentum?: number;
  nesterov?: boolean;
  weightDecay?: number;
  beta1?: number;
  beta2?: number;
}

/** An optimiser by its settings, all of them, at what they are when nothing is said. */
interface OptimizerKind {
  defaults: OptimizerSettings;
  make: (parameters: readonly Parameter[], options: OptimizerSettings & { learningRate: number }) => Optimizer;
}

/** The optimisers a run can use, by name. */
export const OPTIMIZERS = {
  sgd: {
    defaults: { momentum: 0, nesterov: false, weightDecay: 0 },
    make: (parameters, options) => new SGD(parameters, options),
  },
  adam: {
    defaults: { beta1: 0.9, beta2: 0.999, weightDecay: 0 },
    make: (parameters, options) => new Adam(parameters, options),
  },
  adamw: {
    defaults: { beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
    make: (parameters, options) => new AdamW(parameters, options),
  },
} satisfies Record<string, OptimizerKind>;

export type OptimizerName = keyof typeof OPTIMIZERS;

/** Every setting that some optimiser has. */
export const OPTIMIZER_SETTINGS = ['momentum', 'nesterov', 'weightDecay', 'beta1', 'beta2'] as const;

/** Whether an optimiser has a setting. */
export function hasSetting(optimizer: OptimizerName, setting: keyof OptimizerSettings): boolean {
  return setting in OPTIMIZERS[optimizer].defaults;
}

/** All settings of an optimiser and no others: those given, and for the rest what holds when nothing is said. */
export function settingsOf(optimizer: OptimizerName, given: OptimizerSettings): OptimizerSettings {
  const own = OPTIMIZER_SETTINGS.filter((setting) => hasSetting(optimizer, setting) && given[setting] !== undefined);
  return { ...OPTIMIZERS[optimizer].defaults, ...Object.fromEntries(own.map((setting) => [setting, given[setting]])) };
}
