/** The width that lines are laid out for: that of a terminal, or no limit for a file or a pipe. */
export function widthOf(stream: { isTTY?: boolean; columns?: number }): number {
  return stream.isTTY && stream.columns ? Math.max(40, stream.columns) : Infinity;
}

/**
 * Joins the parts of a line, as many as fit.
 *
 * @param parts in the order in which they stand
 * @param order the positions of the parts, the most important first. Default: the order in which they stand.
 */
export function fittingParts(
  parts: readonly string[],
  width: number,
  order: readonly number[] = parts.map((_, i) => i),
): string {
  const join = (count: number) => parts.filter((_, i) => order.indexOf(i) < count).join('  ');
  const counts = Array.from({ length: parts.length }, (_, i) => parts.length - i);
  return join(counts.find((count) => join(count).length <= width) ?? 1).slice(0, width);
}

/** Breaks a line between words. Words that are longer than the width, such as paths, stay whole. */
export function brokenLines(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const lines: string[] = [];
  for (const word of line.split(/(?<=\S)(?=\s)/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length <= width) lines[lines.length - 1] = last + word;
    else lines.push(last === undefined ? word : word.trimStart());
  }
  return lines;
}

/** Breaks each line of a text between words. */
export function brokenText(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => brokenLines(line, width))
    .join('\n');
}

type Rows = readonly (readonly (string | number)[])[];

/** How a table is made narrower. */
export interface TableOptions {
  /** The width that it may take. Default: no limit. */
  width?: number;
  /** The columns that it can do without, the first to go first. Default: none. */
  optional?: readonly number[];
  /** Spaces between columns. Default: 2. */
  gap?: number;
}

/**
 * Formats rows as lines of text, with aligned columns. Columns with numbers are aligned to the right. A table that is
 * too wide loses its optional columns, one by one, and then the ends of its longest texts.
 */
export function textTable(rows: Rows, { width = Infinity, optional = [], gap = 2 }: TableOptions = {}): string[] {
  const widths = widthsOf(rows);
  const total = () => widths.reduce((sum, column) => sum + column, 0) + gap * (widths.length - 1);
  if (total() > width && optional.length > 0) {
    const [gone, ...rest] = optional;
    const fewer = rows.map((row) => row.filter((_, c) => c !== gone));
    return textTable(fewer, { width, gap, optional: rest.map((c) => (c > gone ? c - 1 : c)) });
  }
  const numeric = widths.map((_, c) => rows.some((row) => typeof row[c] === 'number'));
  const texts = () => Math.max(0, ...widths.filter((_, c) => !numeric[c]));
  while (total() > width && texts() > 4) widths[widths.findIndex((w, c) => !numeric[c] && w === texts())]--;
  return rows.map((row) =>
    row
      .map((cell, c) =>
        numeric[c] ? String(cell).padStart(widths[c]) : cut(String(cell), widths[c]).padEnd(widths[c]),
      )
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

function widthsOf(rows: Rows): number[] {
  const columns = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => String(row[c] ?? '').length)));
}

/** A text without its end, where it is longer than a column. */
function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
