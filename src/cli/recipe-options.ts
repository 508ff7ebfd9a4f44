import { type Command, Option } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { OPTIMIZER_SETTINGS, OPTIMIZERS, settingsOf } from '../node/runs/optimizer-settings.js';
import { PLAIN, type Recipe } from '../node/runs/recipe.js';
import { scheduleOf } from '../node/runs/schedule-setting.js';
import { flagOf } from '../node/runs/setting-flags.js';
import { augmentation, count, fromZero, positive, schedule, share, whole } from './options.js';

/** What the flags say about how a run learns; settings that are not said are not there. */
export type RecipeFlags = Omit<Recipe, 'clipNorm'> & { clipNorm?: number };

/** Adds the flags that say how a run learns. */
export function addRecipeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--optimizer <name>', 'how parameters are updated')
        .choices(Object.keys(OPTIMIZERS))
        .default(PLAIN.optimizer),
    )
    .option('--momentum <share>', 'of sgd: how much of the velocity a step keeps (default: 0)', share)
    .option('--nesterov', 'of sgd: take the gradient where the momentum leads')
    .option('--weight-decay <number>', 'pull of weights towards 0 (default: 0; adamw 0.01)', fromZero)
    .option('--beta1 <share>', 'of adam, adamw: how much of the mean gradient a step keeps (default: 0.9)', share)
    .option('--beta2 <share>', 'of adam, adamw: the same of the squared gradient (default: 0.999)', share)
    .option(
      '--schedule <how>',
      'learning rate over the run: constant, step:EVERY:FACTOR, cosine (to 0) or cosine:LAST',
      schedule,
      PLAIN.schedule,
    )
    .option('--warmup <n>', 'first steps, in which the learning rate grows to its full size', whole, PLAIN.warmup)
    .option('--clip-norm <length>', 'shorten longer gradients to this length (default: never)', positive)
    .option(
      '--label-smoothing <share>',
      'share of each training target that is spread over all classes',
      share,
      PLAIN.labelSmoothing,
    )
    .option(
      '--augment <how>',
      'random changes of the training images, some of flip, shift:N and cutout:N (pixels), mixup:ALPHA: flip,shift:4,mixup:0.3',
      augmentation,
      PLAIN.augment,
    )
    .option(
      '--average <decay>',
      'test and keep an exponential mean of the weights with this decay a step, such as 0.999 (default: none)',
      share,
      PLAIN.average,
    )
    .option(
      '--accumulate <n>',
      'batches a step: the gradient is that of one large batch, in the memory of a small one; not so with batch norm, ' +
        'which takes the statistics of each batch by itself',
      count,
      PLAIN.accumulate,
    );
}

/**
 * The recipe that the flags give.
 *
 * @throws InputError for a flag that the chosen optimiser has no use for, or flags that do not go together
 */
export function recipeOf(flags: RecipeFlags, maxSteps: number): Recipe {
  const { optimizer, schedule, warmup, clipNorm, labelSmoothing, augment, accumulate, average } = flags;
  const own = Object.keys(OPTIMIZERS[optimizer].defaults);
  const foreign = OPTIMIZER_SETTINGS.find((setting) => flags[setting] !== undefined && !own.includes(setting));
  if (foreign) {
    throw new InputError(
      `${flagOf(foreign)} is not for --optimizer ${optimizer}, which has ${own.map(flagOf).join(', ')}`,
    );
  }
  const settings = settingsOf(optimizer, flags);
  if (settings.nesterov && !settings.momentum) throw new InputError('--nesterov needs a --momentum above 0');
  try {
    scheduleOf(schedule, warmup, maxSteps);
  } catch (error) {
    throw new InputError(`--warmup ${warmup} --max-steps ${maxSteps}: ${messageOf(error)}`);
  }
  const rest = { labelSmoothing, augment, accumulate, average };
  return { optimizer, ...settings, schedule, warmup, clipNorm: clipNorm ?? null, ...rest };
}
