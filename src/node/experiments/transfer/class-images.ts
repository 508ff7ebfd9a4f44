import { ImageSet } from '../../../data/image-set.js';

/**
 * Some images of some classes, copied. The labels are the positions of the classes in the list.
 *
 * @param set the images to choose from
 * @param classes labels of the set
 * @param perClass the number of images of each class. Default: all
 * @param order the order in which images are looked at. Default: that of the set
 */
export function classImages(
  set: ImageSet,
  classes: readonly number[],
  perClass = Number.POSITIVE_INFINITY,
  order: ArrayLike<number> = Array.from({ length: set.count }, (_, i) => i),
): ImageSet {
  const counts = classes.map(() => 0);
  const chosen = Array.from(order).filter((i) => {
    const at = classes.indexOf(set.label(i));
    return at !== -1 && counts[at]++ < perClass;
  });
  const bytes = new Uint8Array(chosen.length * set.width);
  for (const [k, i] of chosen.entries()) bytes.set(set.image(i), k * set.width);
  const labels = Uint8Array.from(chosen, (i) => classes.indexOf(set.label(i)));
  const names = classes.map((label) => set.classNames[label]);
  return new ImageSet([{ bytes, first: 0, stride: set.width, labels }], set.shape, names);
}
