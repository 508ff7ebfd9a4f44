import { escapeHtml } from '../html.js';

/** The side of a cell. */
export const CELL = 56;
const INK = '#333333';

/** A text in the middle of a place. */
export function label(x: number, y: number, text: string, color = INK, size = 17): string {
  return `<text x="${x}" y="${y}" text-anchor="middle" dominant-baseline="central" font-size="${size}" fill="${color}">${escapeHtml(text)}</text>`;
}

/** A grid of numbers with its name above. An undefined number leaves its cell empty. */
export function grid(left: number, top: number, name: string, rows: (number | undefined)[][]): string {
  const cells = rows.flatMap((row, i) =>
    row.map((value, j) => {
      const [x, y] = [left + j * CELL, top + i * CELL];
      const box = `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="none" stroke="${INK}" stroke-opacity="0.4"/>`;
      return box + (value === undefined ? '' : label(x + CELL / 2, y + CELL / 2, String(value)));
    }),
  );
  return label(left + (rows[0].length * CELL) / 2, top - 16, name, INK, 16) + cells.join('');
}

/** A colored frame around a square of cells, or around so many columns and rows. */
export function frame(
  left: number,
  top: number,
  [i, j]: readonly [number, number],
  size: number,
  color: string,
  columns = size,
  rows = size,
): string {
  const [x, y] = [left + j * CELL + 2, top + i * CELL + 2];
  return `<rect x="${x}" y="${y}" width="${columns * CELL - 4}" height="${rows * CELL - 4}" rx="4" fill="${color}" fill-opacity="0.15" stroke="${color}" stroke-width="3"/>`;
}

/** A horizontal arrow. */
export const arrow = (x1: number, x2: number, y: number, color: string) => {
  const tip = x2 > x1 ? x2 - 9 : x2 + 9;
  return `<path d="M ${x1} ${y} H ${x2} M ${tip} ${y - 6} L ${x2} ${y} L ${tip} ${y + 6}" fill="none" stroke="${color}" stroke-width="2"/>`;
};
