/** The choices of the reader. */
export interface Config {
  problem: string;
  width: number;
  depth: number;
  activation: string;
  norm: string;
  init: string;
  optimizer: string;
  learningRate: number;
  batchSize: number;
  seed: number;
}

export const DEFAULTS: Config = {
  problem: 'spirals',
  width: 32,
  depth: 2,
  activation: 'tanh',
  norm: 'none',
  init: 'xavier',
  optimizer: 'adam',
  learningRate: 0.01,
  batchSize: 100,
  seed: 3,
};

/** What can be chosen for each setting, and what the page calls it. */
export const CHOICES: Readonly<
  Record<Exclude<keyof Config, 'seed'>, { label: string; values: readonly (string | number)[] }>
> = {
  problem: { label: 'Problem', values: ['spirals', 'circles', 'xor', 'regression'] },
  width: { label: 'Width', values: [1, 2, 3, 4, 8, 16, 32, 64] },
  depth: { label: 'Hidden layers', values: [0, 1, 2, 3, 4, 6, 8, 12] },
  activation: { label: 'Activation', values: ['tanh', 'relu', 'elu', 'gelu'] },
  norm: { label: 'Norm', values: ['none', 'layer', 'batch'] },
  init: {
    label: 'Initialization',
    values: ['xavier', 'kaiming', 'pytorch', 'normal:1e-4', 'normal:0.01', 'normal:1', 'zeros'],
  },
  optimizer: { label: 'Optimizer', values: ['sgd', 'momentum', 'nesterov', 'adam', 'adamw'] },
  learningRate: { label: 'Learning rate', values: [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3] },
  batchSize: { label: 'Batch', values: [1, 10, 30, 100, 300] },
};

/** The configuration in the part of an address after `#`. Unknown names and values are left at their defaults. */
export function readConfig(hash: string): Config {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const config: Record<string, string | number> = { ...DEFAULTS };
  for (const [name, { values }] of Object.entries(CHOICES)) {
    const found = values.find((value) => String(value) === given.get(name));
    if (found !== undefined) config[name] = found;
  }
  const seed = Number(given.get('seed') ?? DEFAULTS.seed);
  return { ...DEFAULTS, ...config, seed: Number.isSafeInteger(seed) && seed >= 0 ? seed : DEFAULTS.seed };
}

/** The configuration as the part of an address after `#`: only what differs from the defaults. */
export function writeConfig(config: Config): string {
  const own = Object.entries(config).filter(
    ([name, value]) => value !== Object.entries(DEFAULTS).find(([n]) => n === name)?.[1],
  );
  return own.length > 0 ? `#${new URLSearchParams(own.map(([name, value]) => [name, String(value)]))}` : '';
}
