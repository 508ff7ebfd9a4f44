import { assertFilledList, assertImageShape, assertNumber, assertNumbers, assertText } from '../../array/index.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import { gridSvg } from './grid.js';
import { sheetOf } from './png-pixels.js';
import { COLORS, textElement } from './svg.js';

/** An image, its class, and the prediction of a net. */
export interface Sample {
  /** Values from 0 to 255, channel by channel, row by row. */
  pixels: ArrayLike<number>;
  /** The name of its class. */
  actual: string;
  /** The name of the predicted class. */
  predicted: string;
  /** The predicted probability of this class. NaN if there is no prediction: then only the name is shown. */
  probability: number;
}

const SIDE = 96;
const SIZE = { width: 184, height: SIDE + 52 };

/**
 * Draws images with their predictions, four per row. Below a mistake is the true class.
 *
 * @param shape the shape of every image
 * @returns the text of an SVG file
 */
export function samplesSvg(samples: readonly Sample[], shape: ImageShape, title: string): string {
  assertImageShape('samplesSvg', 'shape', shape);
  assertText('samplesSvg', 'title', title);
  assertFilledList('samplesSvg', 'samples', samples);
  for (const { pixels, actual, predicted, probability } of samples) {
    assertNumbers('samplesSvg', 'pixels', pixels, shape.channels * shape.height * shape.width);
    assertText('samplesSvg', 'actual', actual);
    assertText('samplesSvg', 'predicted', predicted);
    assertNumber('samplesSvg', 'probability', probability);
  }
  const charts = samples.map(({ pixels, actual, predicted, probability }) => {
    const isRight = actual === predicted;
    const { href } = sheetOf([pixels], shape, { columns: 1, gap: 0 });
    const prediction = `${isRight ? '✓' : '✗'} ${predicted} ${(100 * probability).toFixed(0)} %`;
    const text = Number.isNaN(probability) ? predicted : prediction;
    const style = { 'font-weight': 600, fill: isRight ? COLORS.train : COLORS.test };
    return [
      `<svg width="${SIZE.width}" height="${SIZE.height}">`,
      `<image x="20" y="4" width="${SIDE}" height="${SIDE}" style="image-rendering: pixelated" href="${href}"/>`,
      textElement(text, 20, SIDE + 21, style),
      isRight ? '' : textElement(`is: ${actual}`, 20, SIDE + 39),
      '</svg>',
    ].join('\n');
  });
  return gridSvg(title, [], charts, { ...SIZE, columns: 4 });
}
