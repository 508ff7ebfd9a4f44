import { escapeHtml, short } from '../text.js';

/** The colors of the stylesheet for lines, bars and words. */
export type Color = 'blue' | 'orange' | 'green' | 'pink' | 'soft' | 'ink';

/** From a value to a place along an axis. */
export type Scale = (value: number) => number;

/** A linear scale: from the interval of the values to that of the places. */
export function scale([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** From a place back to the value. */
export function unscale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  place: number,
): number {
  return low + ((place - from) / (to - from)) * (high - low);
}

/** A picture of a figure. Its width is at most that of a phone, so that its words need not shrink. */
export function panel(width: number, height: number, label: string, content: string, live = false): string {
  const role = live ? 'group' : 'img';
  return `<svg class="panel" viewBox="0 0 ${width} ${height}" role="${role}" aria-label="${escapeHtml(label)}">${content}</svg>`;
}

/** The attributes of a part that can be dragged, and moved with the arrow keys. */
export function handle(name: string, label: string, [low, high]: readonly [number, number], value: number): string {
  return `data-handle="${name}" data-label="${escapeHtml(label)}" data-min="${low}" data-max="${high}" data-now="${value}"`;
}

const n = (value: number) => String(Math.round(value * 100) / 100);

/** Words at a place. */
export function words(x: number, y: number, text: string, style = ''): string {
  return `<text x="${n(x)}" y="${n(y)}"${style ? ` class="${style}"` : ''}>${escapeHtml(text)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line class="${style}" x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}"/>`;
}

/** A line through points. What is far outside of the picture is left out, because it may be infinite. */
export function path(points: readonly (readonly [number, number])[], style: string): string {
  const seen = points.filter(([x, y]) => Math.abs(x) < 1e4 && Math.abs(y) < 1e4);
  if (seen.length === 0) return '';
  return `<path class="${style}" d="M${seen.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}"/>`;
}

export function rect(x: number, y: number, width: number, height: number, style: string, more = ''): string {
  return `<rect class="${style}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"${more ? ` ${more}` : ''}/>`;
}

/** Grid lines with their numbers, for both axes. */
export function axes(
  x: { scale: Scale; ticks: readonly number[]; from: number; to: number },
  y: { scale: Scale; ticks: readonly number[]; from: number; to: number; text?: (value: number) => string },
): string {
  const across = y.ticks.map(
    (value) =>
      line(x.from, y.scale(value), x.to, y.scale(value), value === 0 ? 'zero' : 'tick') +
      words(x.from - 6, y.scale(value) + 4, (y.text ?? short)(value), 'soft end'),
  );
  const up = x.ticks.map(
    (value) =>
      line(x.scale(value), y.from, x.scale(value), y.to, value === 0 ? 'zero' : 'tick') +
      words(x.scale(value), Math.max(y.from, y.to) + 16, short(value), 'soft middle'),
  );
  return across.join('') + up.join('');
}

/** The label of a logarithmic axis. */
export function powerOfTen(power: number): string {
  if (power === 0) return '1';
  return `10${[...String(power)].map((digit) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(digit)]).join('')}`;
}

/** Numbers as bars from a line of zero, each with its value. */
export function bars(
  values: readonly number[],
  options: {
    /** Left edge of the first column, and the width of one. */
    left: number;
    column: number;
    zero: number;
    /** Length of the value 1. */
    unit: number;
    /** No bar is longer than this. */
    most: number;
    color: Color | ((value: number, i: number) => Color);
    /** The attributes of the handle of a bar that can be dragged. */
    handleOf?: (i: number) => string;
    name?: string;
    /** Without numbers: for many bars. */
    quiet?: boolean;
  },
): string {
  const { left, column, zero, unit, most, color, handleOf, name, quiet } = options;
  const parts = values.map((value, i) => {
    const length = Math.max(-most, Math.min(most, value * unit)) || 0;
    const x = left + i * column + column * 0.16;
    const width = column * 0.68;
    const shade = typeof color === 'string' ? color : color(value, i);
    const bar = rect(x, Math.min(zero, zero - length), width, Math.abs(length), `area ${shade}`);
    const data = name ? ` data-${name}="${value}"` : '';
    const gap = handleOf ? 4 : 0;
    const above = n(zero - length + (length < 0 ? 14 + gap : -5 - gap));
    const number = quiet
      ? ''
      : `<text class="middle number"${data} x="${n(x + width / 2)}" y="${above}">${short(value)}</text>`;
    if (!handleOf) return bar + number;
    const grip = rect(x - 1, zero - length - 4, width + 2, 8, `grip ${shade}`, 'rx="4"');
    const reach = rect(left + i * column, zero - most - 14, column, 2 * most + 28, 'reach');
    return `<g class="handle" ${handleOf(i)}>${reach}${bar}${grip}${number}</g>`;
  });
  return line(left, zero, left + values.length * column, zero, 'zero') + parts.join('');
}

/** Numbers in cells whose color says how large they are, and of which sign. */
export function matrix(
  rows: readonly (readonly number[])[],
  options: { left: number; top: number; cell: number; height?: number; largest: number; name?: string },
): string {
  const { left, top, cell, height = cell, largest, name } = options;
  return rows
    .flatMap((row, i) =>
      row.map((value, j) => {
        const [x, y] = [left + j * cell, top + i * height];
        const share = Math.min(1, Math.abs(value) / largest);
        const shade = `<rect class="area ${value < 0 ? 'orange' : 'blue'}" x="${n(x)}" y="${n(y)}" width="${n(cell)}" height="${n(height)}" fill-opacity="${n(0.5 * share)}"/>`;
        const data = name ? ` data-${name}="${value}"` : '';
        return `${shade}${rect(x, y, cell, height, 'cell')}<text class="middle number"${data} x="${n(x + cell / 2)}" y="${n(y + height / 2 + 4.5)}">${short(value)}</text>`;
      }),
    )
    .join('');
}

/** Pictures next to each other; on a phone, one below the other. */
export function panels(...pictures: readonly string[]): string {
  return `<div class="panels">${pictures.join('')}</div>`;
}

/** A line of arithmetic with its numbers. */
export function sums(...lines: readonly string[]): string {
  return `<p class="sums">${lines.join('<br>')}</p>`;
}

/** A number with a name, so that a test can read it. */
export function named(name: string, value: number): string {
  return `<b data-name="${name}" data-value="${value}">${short(value)}</b>`;
}
