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
    let target = channel * windows;
    for (let y: i32 = 0; y < down; y++) {
      const top = y * strideDown - padTop;
      const firstRow = max(0, top), lastRow = min(height, top + kernelHeight);
      let x: i32 = 0;
      while (x < across) {
        const left = x * strideAcross - padLeft;
        const isWhole = left >= 0 && x + 4 <= across && left + 3 * strideAcross + kernelWidth <= width;
        if (isWhole) {
          fourWindows(out + target, positions + target, image, width, firstRow, lastRow, left, kernelWidth, strideAcross);
          x += 4, target += 16;
        } else {
          oneWindow(out + target, positions + target, image, width, firstRow, lastRow, max(0, left), min(width, left + kernelWidth));
          x += 1, target += 4;
        }
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

@inline
function oneWindow(
  out: usize, positions: usize, image: usize, width: i32, firstRow: i32, lastRow: i32, left: i32, right: i32,
): void {
  let place = firstRow * width + left;
  let most = load<f32>(image + <usize>place * 4);
  for (let row = firstRow; row < lastRow; row++) {
    for (let at = row * width + left; at < row * width + right; at++) {
      const number = load<f32>(image + <usize>at * 4);
      const wins = !(number <= most) && most == most;
      most = select(number, most, wins);
      place = select(at, place, wins);
    }
  }
  store<f32>(out, most);
  store<i32>(positions, place);
}
