import type { ImageShape } from '../../data/augment/augmentation.js';
import { sheetOf } from './png-pixels.js';
import { COLORS, escapeText } from './svg.js';

/** An image, what it shows, and what a net took it for. */
export interface Sample {
  /** 0 to 255, channel by channel, row by row. */
  pixels: ArrayLike<number>;
  /** The name of its class. */
  actual: string;
  /** The name of the class that the net took it for. */
  predicted: string;
  /** The probability that the net gave to what it predicted. */
  probability: number;
}

const COLUMNS = 4;
const SIDE = 96;
/** Room for the longest of CIFAR-10's names, and what stands around it. */
const GAP = 68;

/**
 * Images with what a net took them for, and how sure it was; a mistake names the truth below. Where no net was asked, the
 * probability is NaN: the name alone.
 *
 * @param samples six a row, in this order
 * @param shape of every image
 * @returns the text of an SVG file
 */
export function samplesSvg(samples: readonly Sample[], shape: ImageShape, title: string): string {
  const rows = Math.ceil(samples.length / COLUMNS);
  const [width, height] = [40 + COLUMNS * (SIDE + GAP), 50 + rows * (SIDE + 52)];
  const parts = samples.map(({ pixels, actual, predicted, probability }, i) => {
    const [x, y] = [20 + (i % COLUMNS) * (SIDE + GAP), 48 + Math.floor(i / COLUMNS) * (SIDE + 52)];
    const right = actual === predicted;
    const { href } = sheetOf([pixels], shape, { columns: 1, gap: 0 });
    const said = Number.isNaN(probability)
      ? predicted
      : `${right ? '✓' : '✗'} ${predicted} ${(100 * probability).toFixed(0)} %`;
    return [
      `<image x="${x}" y="${y}" width="${SIDE}" height="${SIDE}" style="image-rendering: pixelated" href="${href}"/>`,
      `<text x="${x}" y="${y + SIDE + 16}" font-size="13" font-weight="600" fill="${right ? COLORS.train : COLORS.test}">${escapeText(said)}</text>`,
      right
        ? ''
        : `<text x="${x}" y="${y + SIDE + 32}" font-size="13" fill="${COLORS.ink}">is: ${escapeText(actual)}</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escapeText(title)}</title>`,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="20" y="28" font-size="17" font-weight="600" fill="${COLORS.ink}">${escapeText(title)}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}
