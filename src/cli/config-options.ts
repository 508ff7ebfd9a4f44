import { Command, Option } from 'commander';
import { PIXELS } from '../data/pixel-scale.js';
import { ACTIVATIONS, NORM_POSITIONS, NORMS } from '../models/mlp.js';
import { DATASETS } from '../node/data/datasets.js';
import type { Recipe } from '../node/runs/recipe.js';
import { DEFAULTS, type TrainConfig } from '../node/runs/train-config.js';
import { count, dropout, init, positive, whole, widths } from './options.js';
import { addRecipeOptions, type RecipeFlags, recipeOf } from './recipe-options.js';

/** The flags that make a `TrainConfig`. */
export interface ConfigFlags extends Omit<TrainConfig, keyof Recipe>, RecipeFlags {}

/** Adds them to a command. */
export function addConfigOptions(command: Command): Command {
  return addRecipeOptions(addRunOptions(addNetOptions(command)));
}

/**
 * The configuration that some flags of `handgrad train` make.
 *
 * @throws InputError or CommanderError for those that it would refuse
 */
export function configFrom(args: readonly string[]): TrainConfig {
  const command = addConfigOptions(new Command('train').exitOverride().allowExcessArguments(false));
  const flags = command.parse(args, { from: 'user' }).opts<ConfigFlags>();
  return { ...flags, ...recipeOf(flags, flags.maxSteps) };
}

function addNetOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--hidden <widths>', 'widths of the hidden layers, with commas between them; none for a linear net')
        .argParser(widths)
        .default(DEFAULTS.hidden, DEFAULTS.hidden.join(',')),
    )
    .addOption(
      new Option('--activation <name>', 'the non-linearity')
        .choices(Object.keys(ACTIVATIONS))
        .default(DEFAULTS.activation),
    )
    .addOption(
      new Option('--norm <name>', 'normalisation: over a sample (layer), over the batch, or over groups of features')
        .choices(Object.keys(NORMS))
        .default(DEFAULTS.norm),
    )
    .addOption(
      new Option(
        '--norm-position <where>',
        'before each activation, or before each linear layer, first and last included',
      )
        .choices(Object.keys(NORM_POSITIONS))
        .default(DEFAULTS.normPosition),
    )
    .option(
      '--residual',
      'add its input to the output of every hidden layer that is as wide as its input',
      DEFAULTS.residual,
    )
    .option('--dropout <p>', 'share of the outputs of each activation dropped in training', dropout, DEFAULTS.dropout)
    .option(
      '--logits',
      'end at the last linear layer and take softmax and loss in one: for long or bold runs, whose probabilities may underflow',
      DEFAULTS.logits,
    )
    .option(
      '--init <how>',
      'first weights: normal:STD, with that standard deviation; pytorch, its default; xavier; kaiming; or zeros',
      init,
      DEFAULTS.init,
    );
}

function addRunOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--dataset <name>', 'what to train on').choices(Object.keys(DATASETS)).default(DEFAULTS.dataset),
    )
    .addOption(
      new Option('--pixels <how>', 'less the mean image, from 0 to 255; or from −1 to 1, symmetric about grey')
        .choices(Object.keys(PIXELS))
        .default(DEFAULTS.pixels),
    )
    .option('--learning-rate <number>', 'step size of the optimiser', positive, DEFAULTS.learningRate)
    .option('--max-steps <n>', 'training steps in all', count, DEFAULTS.maxSteps)
    .option('--batch-size <n>', 'images a step', count, DEFAULTS.batchSize)
    .option('--eval-every <n>', 'steps between two tests on the whole test set', count, DEFAULTS.evalEvery)
    .option(
      '--validation <n>',
      'hold out the last n training images and test on them; the test set is not looked at',
      whole,
      DEFAULTS.validation,
    )
    .option('--seed <n>', 'determines first weights, masks of dropout and order of images', whole, DEFAULTS.seed);
}
