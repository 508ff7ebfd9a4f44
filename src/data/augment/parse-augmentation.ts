import type { Augmentation } from './augmentation.js';
import { cutout } from './cutout.js';
import { flip } from './flip.js';
import { assertAlpha } from './mixup.js';
import { shift } from './shift.js';

/** The augmentations in a text such as `flip,shift:4,cutout:8,mixup:0.3`. */
export interface AugmentationPlan {
  /** Augmentations of single images, in this order. */
  images: readonly Augmentation[];
  /** α of mixup, which mixes the whole batch afterward; undefined without mixup. */
  mixup: number | undefined;
}

/**
 * Reads `none`, or some of `flip`, `shift:N`, `cutout:N` and `mixup:ALPHA` with commas between, each at most once.
 *
 * @param side the shorter side of the images in pixels; shift and cutout must be smaller
 * @throws RangeError for any other text
 */
export function parseAugmentation(text: string, side = Number.POSITIVE_INFINITY): AugmentationPlan {
  const images: Augmentation[] = [];
  let mixup: number | undefined;
  const names = new Set<string>();
  for (const part of text === 'none' ? [] : text.split(',')) {
    const [, alone, named, digits] = /^(?:(flip)|(shift|cutout|mixup):(\S+))$/.exec(part) ?? [];
    const name = alone ?? named;
    if (name === undefined || names.has(name))
      throw new RangeError(`expected some of flip, shift:N, cutout:N, mixup:ALPHA, each once, or none, got '${text}'`);
    names.add(name);
    const number = Number(digits);
    if (name === 'flip') images.push(flip());
    else if (name === 'mixup') mixup = assertAlpha(number);
    else if (number >= side) throw new RangeError(`${part} would leave nothing of an image of ${side} pixels`);
    else images.push(name === 'shift' ? shift(number) : cutout(number));
  }
  return { images, mixup };
}

/** Whether `parseAugmentation` can read a value. */
export function isAugmentation(value: unknown): value is string {
  try {
    return typeof value === 'string' && Boolean(parseAugmentation(value));
  } catch {
    return false;
  }
}
