/**
 * Packing: the blocks of A and B that `gemm.ts` multiplies are first copied into the order in which its innermost
 * loop reads them. Then that loop reads memory sequentially for all strides of A and B. Strides and edges are handled
 * here, once per number and not once per multiplication.
 */

/** The number of bytes of a row that are read at once if lines are adjacent in memory. */
const RUN_BYTES: usize = 256;

/**
 * Packs `count` lines of `depth` numbers into strips of `width` lines. A strip has the first numbers of all its
 * lines, then the second numbers, and so on. The lines are rows of A or columns of B. The last strip is padded with
 * zeros.
 */
export function pack<T>(to: usize, from: usize, line: usize, along: usize, count: usize, depth: usize, width: usize): void {
  const step = width * sizeof<T>();
  let first: usize = 0;
  if (line == sizeof<T>()) {
    packSideBySide<T>(to, from, along, depth, step, count / width);
    first = count - count % width;
  }
  for (; first < count; first += width) {
    const lines = min(width, count - first);
    const start = from + first * line;
    const strip = to + first * depth * sizeof<T>();
    if (lines == width && along == sizeof<T>()) packLines<T>(strip, start, line, depth, step);
    else packAny<T>(strip, start, line, along, lines, depth, width);
  }
}

/**
 * Packs whole strips whose lines are adjacent in memory, like the columns of a row-major B. Numbers are copied in
 * vectors, and the rest one by one. Several strips are filled together, so that longer runs of memory are read. A
 * single strip would read 20 or 32 bytes of each row. If the length of a row is a multiple of 4096 bytes, as for 3072
 * numbers, these all map to the same few lines of the cache, and are replaced before the next strip reads the bytes
 * beside them.
 */
function packSideBySide<T>(to: usize, from: usize, along: usize, depth: usize, step: usize, strips: usize): void {
  const strip = depth * step;
  const together = RUN_BYTES / step;
  const vectors = step - step % 16;
  for (let done: usize = 0; done < strips; done += together) {
    const end = to + min(together, strips - done) * strip;
    for (let p: usize = 0; p < depth; p++) {
      let source = from + p * along;
      for (let target = to + p * step; target < end; source += step, target += strip) {
        for (let offset: usize = 0; offset < vectors; offset += 16) v128.store(target + offset, v128.load(source + offset));
        for (let offset = vectors; offset < step; offset += sizeof<T>()) store<T>(target + offset, load<T>(source + offset));
      }
    }
    from += together * step;
    to += together * strip;
  }
}

/**
 * Packs a strip of contiguous lines, like the rows of a row-major A. They are transposed in squares of vectors; the
 * rest of the lines is copied number by number.
 */
function packLines<T>(to: usize, from: usize, line: usize, depth: usize, step: usize): void {
  const side: usize = 16 / sizeof<T>();
  const whole = depth - depth % side;
  const squares = step - step % 16;
  for (let offset: usize = 0; offset < squares; offset += 16) {
    const start = from + (offset / sizeof<T>()) * line;
    for (let p: usize = 0; p < whole; p += side) transposeSquare<T>(to + p * step + offset, step, start + p * sizeof<T>(), line);
  }
  const first = squares / sizeof<T>();
  for (let l: usize = 0; l < first; l++) {
    packLine<T>(to + whole * step + l * sizeof<T>(), step, from + l * line + whole * sizeof<T>(), sizeof<T>(), depth - whole);
  }
  for (let l = first; l < step / sizeof<T>(); l++) {
    packLine<T>(to + l * sizeof<T>(), step, from + l * line, sizeof<T>(), depth);
  }
}

/** Transposes a square of 4 × 4 or 2 × 2 numbers in registers. */
@inline
export function transposeSquare<T>(to: usize, step: usize, from: usize, line: usize): void {
  const row0 = v128.load(from);
  const row1 = v128.load(from + line);
  if (sizeof<T>() == 8) {
    v128.store(to, v128.shuffle<f64>(row0, row1, 0, 2));
    v128.store(to + step, v128.shuffle<f64>(row0, row1, 1, 3));
    return;
  }
  const row2 = v128.load(from + 2 * line);
  const row3 = v128.load(from + 3 * line);
  const left01 = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5), right01 = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7);
  const left23 = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5), right23 = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(left01, left23, 0, 2));
  v128.store(to + step, v128.shuffle<f64>(left01, left23, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<f64>(right01, right23, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<f64>(right01, right23, 1, 3));
}

/** Transposes a contiguous matrix of n rows of m numbers. */
export function transpose<T>(to: usize, from: usize, n: usize, m: usize): void {
  const side: usize = 16 / sizeof<T>();
  const high = n - n % side, wide = m - m % side;
  const line = m * sizeof<T>(), step = n * sizeof<T>();
  for (let i: usize = 0; i < high; i += side) {
    for (let j: usize = 0; j < wide; j += side) transposeSquare<T>(to + j * step + i * sizeof<T>(), step, from + i * line + j * sizeof<T>(), line);
  }
  for (let i: usize = 0; i < n; i++) {
    const first = i < high ? wide : 0;
    packLine<T>(to + first * step + i * sizeof<T>(), step, from + i * line + first * sizeof<T>(), sizeof<T>(), m - first);
  }
}

/** Packs any strip number by number, and pads it with zeros. */
function packAny<T>(to: usize, from: usize, line: usize, along: usize, lines: usize, depth: usize, width: usize): void {
  const step = width * sizeof<T>();
  for (let l: usize = 0; l < lines; l++) packLine<T>(to + l * sizeof<T>(), step, from + l * line, along, depth);
  for (let l: usize = lines; l < width; l++) {
    for (let p: usize = 0; p < depth; p++) store<T>(to + p * step + l * sizeof<T>(), <T>0);
  }
}

/** Packs one line of a strip. */
function packLine<T>(to: usize, step: usize, from: usize, along: usize, depth: usize): void {
  for (let p: usize = 0; p < depth; p++, to += step, from += along) store<T>(to, load<T>(from));
}
