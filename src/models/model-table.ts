import { convnetKind } from './convnet-kind.js';
import { densenetKind } from './densenet-kind.js';
import { mlpKind } from './mlp-kind.js';
import type { ModelKind } from './model.js';
import type { ValuesOf } from './setting.js';
import { vggKind } from './vgg-kind.js';

/** The models that a run can train, by the name that `--model` takes. A new model is its file and a line here. */
export const MODELS = {
  mlp: mlpKind,
  convnet: convnetKind,
  vgg11: vggKind(11),
  vgg13: vggKind(13),
  vgg16: vggKind(16),
  vgg19: vggKind(19),
  densenet121: densenetKind,
} satisfies Record<string, ModelKind>;

/** The name of a model. */
export type ModelName = keyof typeof MODELS;

/** A model and its settings, as a run's configuration holds them: a union that `name` tells apart. */
export type ModelConfig = {
  [Name in ModelName]: { name: Name } & ValuesOf<(typeof MODELS)[Name]['settings']>;
}[ModelName];

/** A model and some of its settings. */
export type PartialModelConfig = {
  [Name in ModelName]: { name: Name } & Partial<ValuesOf<(typeof MODELS)[Name]['settings']>>;
}[ModelName];

/**
 * The configuration of a model that is known by its name, with the type of its settings.
 *
 * @throws Error for a model of another name
 */
export function modelNamed<Name extends ModelName>(
  name: Name,
  { model }: { model: ModelConfig },
): Extract<ModelConfig, { name: Name }> {
  const isNamed = (config: ModelConfig): config is Extract<ModelConfig, { name: Name }> => config.name === name;
  if (!isNamed(model)) throw new Error(`expected the model ${name}, got ${model.name}`);
  return model;
}

/** What a run needs to know about a model. */
export function modelKind({ name }: Pick<ModelConfig, 'name'>): ModelKind {
  return MODELS[name];
}
