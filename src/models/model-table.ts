import { mlpKind } from './mlp-kind.js';
import type { ModelKind } from './model.js';
import type { ValuesOf } from './setting.js';

/** The models that a run can train, by the name that `--model` takes. A new model is its file and a line here. */
export const MODELS = { mlp: mlpKind } satisfies Record<string, ModelKind>;

/** The name of a model. */
export type ModelName = keyof typeof MODELS;

/** A model and its settings, as a run's configuration holds them: a union that `name` tells apart. */
export type ModelConfig = {
  [Name in ModelName]: { name: Name } & ValuesOf<(typeof MODELS)[Name]['settings']>;
}[ModelName];

/** What a run needs to know about a model. */
export function modelKind({ name }: Pick<ModelConfig, 'name'>): ModelKind {
  return MODELS[name];
}
