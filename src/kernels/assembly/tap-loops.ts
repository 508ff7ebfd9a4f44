/** Kernels (O, C, KH, KW) as one matrix (O, C) for each of their KH · KW positions, or taps, in single precision. */

/** Some kernels of so many taps as planes. `planeStep` is the number of bytes from one plane to the next. */
export function splitTaps(
  planes: usize, planeStep: usize, kernels: usize, taps: usize, first: usize, last: usize, scratch: usize,
): void {
  for (let kernel = first; kernel < last; kernel++) {
    const from = kernels + kernel * taps * 4, to = planes + kernel * 4;
    for (let tap: usize = 0; tap < taps; tap++) store<f32>(to + tap * planeStep, load<f32>(from + tap * 4));
  }
}

/** Planes back to kernels. The arguments are those of `splitTaps`. */
export function joinTaps(
  planes: usize, planeStep: usize, kernels: usize, taps: usize, first: usize, last: usize, scratch: usize,
): void {
  for (let kernel = first; kernel < last; kernel++) {
    const to = kernels + kernel * taps * 4, from = planes + kernel * 4;
    for (let tap: usize = 0; tap < taps; tap++) store<f32>(to + tap * 4, load<f32>(from + tap * planeStep));
  }
}
