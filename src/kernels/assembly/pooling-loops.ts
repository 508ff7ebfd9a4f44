/**
 * Max pooling in single precision. A vector holds four adjacent windows of one row: each step compares one position of
 * the four windows with the largest numbers so far, without a branch.
 */

/**
 * The maxima of the windows of some channels, and their positions y · width + x. What lies outside an image never wins.
 * Of equal numbers the first one wins, and the first NaN wins over every number.
 *
 * @param out, positions a number for each window of each channel
 * @param images channels of height × width numbers
 * @param first the first channel, `last` is the one after the last
 */
export function maxima(
  out: usize, positions: usize, images: usize, height: i32, width: i32, kernelHeight: i32, kernelWidth: i32,
  strideDown: i32, strideAcross: i32, padTop: i32, padLeft: i32, down: i32, across: i32, first: usize, last: usize, scratch: usize,
): void {
  const windows = <usize>(down * across) * 4;
  for (let channel = first; channel < last; channel++) {
    const image = images + channel * <usize>(height * width) * 4;
    const target = channel * windows;
    for (let y: i32 = 0; y < down; y++) {
      const top = y * strideDown - padTop;
      const firstRow = max(0, top), lastRow = min(height, top + kernelHeight);
      const row = target + <usize>(y * across) * 4;
      for (let x: i32 = 0; x < across; x += 4) {
        const start = max(0, min(x, across - 4)); // the last four may overlap those before
        const left = start * strideAcross - padLeft;
        const isInside = left >= 0 && left + 3 * strideAcross + kernelWidth <= width && across >= 4;
        const at = row + <usize>start * 4;
        if (isInside) fourWindows(out + at, positions + at, image, width, firstRow, lastRow, left, kernelWidth, strideAcross);
        else edgeWindows(out + at, positions + at, min(4, across), image, width, firstRow, lastRow, left, kernelWidth, strideAcross);
      }
    }
  }
}

@inline
function fourWindows(
  out: usize, positions: usize, image: usize, width: i32, firstRow: i32, lastRow: i32, left: i32, kernelWidth: i32, stride: i32,
): void {
  const steps = i32x4.mul(i32x4.splat(stride), i32x4(0, 1, 2, 3));
  let place = i32x4.add(i32x4.splat(firstRow * width + left), steps);
  let most = spread(image + <usize>(firstRow * width + left) * 4, stride);
  for (let row = firstRow; row < lastRow; row++) {
    for (let column: i32 = 0; column < kernelWidth; column++) {
      const at = row * width + left + column;
      const numbers = spread(image + <usize>at * 4, stride);
      // Not smaller and not equal: larger, or one of the two is NaN. A NaN that is already there stays.
      const wins = v128.andnot(f32x4.eq(most, most), f32x4.le(numbers, most));
      most = v128.bitselect(numbers, most, wins);
      place = v128.bitselect(i32x4.add(i32x4.splat(at), steps), place, wins);
    }
  }
  v128.store(out, most);
  v128.store(positions, place);
}

/** Four numbers at the distance of the stride. */
@inline
function spread(from: usize, stride: i32): v128 {
  if (stride == 1) return v128.load(from);
  if (stride == 2) {
    let high = v128.load64_zero(from + 16);
    high = v128.load32_lane(from + 24, high, 2);
    return v128.shuffle<f32>(v128.load(from), high, 0, 2, 4, 6);
  }
  const step = <usize>stride * 4;
  let numbers = v128.load32_zero(from);
  numbers = v128.load32_lane(from + step, numbers, 1);
  numbers = v128.load32_lane(from + 2 * step, numbers, 2);
  return v128.load32_lane(from + 3 * step, numbers, 3);
}

/**
 * Up to four windows that may extend beyond the left or the right of the image. A position outside stands for the nearest
 * one of its row: it is compared again, which changes neither the maximum nor which is the first.
 */
function edgeWindows(
  out: usize, positions: usize, count: i32, image: usize, width: i32, firstRow: i32, lastRow: i32, left: i32, kernelWidth: i32,
  stride: i32,
): void {
  const zero = i32x4.splat(0), end = i32x4.splat(width - 1);
  const columns = i32x4.add(i32x4.splat(left), i32x4.mul(i32x4.splat(stride), i32x4(0, 1, 2, 3)));
  let place = i32x4.add(i32x4.splat(firstRow * width), i32x4.min_s(i32x4.max_s(columns, zero), end));
  let most = gather(image, place);
  for (let row = firstRow; row < lastRow; row++) {
    for (let column: i32 = 0; column < kernelWidth; column++) {
      const inside = i32x4.min_s(i32x4.max_s(i32x4.add(columns, i32x4.splat(column)), zero), end);
      const at = i32x4.add(i32x4.splat(row * width), inside);
      const numbers = gather(image, at);
      const wins = v128.andnot(f32x4.eq(most, most), f32x4.le(numbers, most));
      most = v128.bitselect(numbers, most, wins);
      place = v128.bitselect(at, place, wins);
    }
  }
  if (count == 4) {
    v128.store(out, most);
    v128.store(positions, place);
    return;
  }
  v128.store32_lane(out, most, 0);
  v128.store32_lane(positions, place, 0);
  if (count > 1) {
    v128.store32_lane(out, most, 1, 4);
    v128.store32_lane(positions, place, 1, 4);
  }
  if (count > 2) {
    v128.store32_lane(out, most, 2, 8);
    v128.store32_lane(positions, place, 2, 8);
  }
}

/** The numbers of an image at four positions. */
@inline
function gather(image: usize, at: v128): v128 {
  let numbers = v128.load32_zero(image + <usize>i32x4.extract_lane(at, 0) * 4);
  numbers = v128.load32_lane(image + <usize>i32x4.extract_lane(at, 1) * 4, numbers, 1);
  numbers = v128.load32_lane(image + <usize>i32x4.extract_lane(at, 2) * 4, numbers, 2);
  return v128.load32_lane(image + <usize>i32x4.extract_lane(at, 3) * 4, numbers, 3);
}
