import type { Parameter } from '../../layers/parameter.js';
import {
  FROM_ZERO,
  optional,
  type Setting,
  type SettingKind,
  SHARE,
  SWITCH,
  setting,
  type ValuesOf,
} from '../../models/setting.js';
import { Adam } from '../../optim/adam.js';
import { AdamW } from '../../optim/adamw.js';
import type { Optimizer } from '../../optim/optimizer.js';
import { SGD } from '../../optim/sgd.js';
import { WeightAverage } from '../../optim/weight-average.js';

/** A setting that only some optimizers have, and whose default is the optimizer's. */
function own<T>(kind: SettingKind<T>, help: string): Setting<T | undefined> {
  return setting(optional(kind, undefined), { default: undefined, implied: undefined, help });
}

/**
 * The settings that some optimizers have, one row each. `OPTIMIZERS` says which optimizer has which, and its
 * defaults.
 */
export const OPTIMIZER_SETTINGS = {
  momentum: own(
    SHARE,
    'for sgd: the share of the velocity that a step keeps; with 0.9, take a tenth of the learning rate (default: 0)',
  ),
  nesterov: own(SWITCH, 'for sgd: take the gradient at the point where the momentum leads'),
  weightDecay: own(FROM_ZERO, 'pull of the weights toward 0 (default: 0; adamw 0.01)'),
  beta1: own(SHARE, 'for adam, adamw: the share of the mean gradient that a step keeps (default: 0.9)'),
  beta2: own(SHARE, 'for adam, adamw: the same for the mean squared gradient (default: 0.999)'),
};

/** Settings of optimizers. An optimizer has some of them. */
export type OptimizerSettings = Partial<ValuesOf<typeof OPTIMIZER_SETTINGS>>;

/** An optimizer of a run: the settings that it has, with their defaults, and how to make it. */
interface OptimizerKind {
  defaults: OptimizerSettings;
  make: (parameters: readonly Parameter[], options: OptimizerSettings & { learningRate: number }) => Optimizer;
}

/** The optimizers that a run can use, by name. */
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

/** The names of all settings in `OPTIMIZER_SETTINGS`. */
export const OPTIMIZER_SETTING_NAMES = Object.keys(OPTIMIZER_SETTINGS) as (keyof OptimizerSettings)[];

/** Whether an optimizer has a setting. */
export function hasSetting(optimizer: OptimizerName, setting: keyof OptimizerSettings): boolean {
  return setting in OPTIMIZERS[optimizer].defaults;
}

/** All settings of an optimizer and no others: those that are given, and the defaults of the rest. */
export function settingsOf(optimizer: OptimizerName, given: OptimizerSettings): OptimizerSettings {
  const own = OPTIMIZER_SETTING_NAMES.filter((name) => hasSetting(optimizer, name) && given[name] !== undefined);
  return { ...OPTIMIZERS[optimizer].defaults, ...Object.fromEntries(own.map((name) => [name, given[name]])) };
}

/** What determines the optimizer of a run. */
export interface OptimizerConfig extends OptimizerSettings {
  optimizer: OptimizerName;
  learningRate: number;
  /** The decay of an exponential moving average of the weights; 0 for none. */
  average: number;
}

/** The optimizer of a run; with `average`, a `WeightAverage` around it. */
export function makeOptimizer(config: OptimizerConfig, parameters: readonly Parameter[]): Optimizer {
  const { optimizer, learningRate, average } = config;
  const made = OPTIMIZERS[optimizer].make(parameters, { learningRate, ...settingsOf(optimizer, config) });
  return average > 0 ? new WeightAverage(made, { decay: average }) : made;
}
