import { assertFilledList, assertText } from '../../array/index.js';
import type { Picture } from '../../data/picture.js';
import { assertPicture } from '../../data/picture.js';
import { gridSvg } from './grid.js';
import { sheetOf } from './png-pixels.js';
import { COLORS, textElement, textWidth } from './svg.js';

/** A class in a figure. */
export interface PredictedClass {
  /** Its name. */
  name: string;
  /** From 0 to 1. */
  probability: number;
}

/** An image with the classes that a net finds most probable. */
export interface PredictedImage {
  /** What the image is called. */
  name: string;
  /** Undefined for samples that are not images. */
  picture?: Picture;
  /** The classes in descending order of their probabilities. */
  top: readonly PredictedClass[];
}

const SIDE = 96;
const LINE = 24;
const BAR = 150;
const NAME = 110;

/**
 * Draws images beside bars of their most probable classes, two per row.
 *
 * @returns the text of an SVG file
 */
export function predictionsSvg(images: readonly PredictedImage[], title: string): string {
  assertFilledList('predictionsSvg', 'images', images);
  for (const { name, picture, top } of images) {
    assertText('predictionsSvg', 'name', name);
    if (picture !== undefined) assertPicture('predictionsSvg', picture);
    assertFilledList('predictionsSvg', 'top', top);
  }
  assertText('predictionsSvg', 'title', title);
  const lines = Math.max(...images.map(({ top }) => top.length));
  const left = images.some(({ picture }) => picture) ? 20 + SIDE + 16 : 20;
  const width = left + NAME + BAR + 76;
  const height = 28 + Math.max(LINE * lines, left > 20 ? SIDE : 0) + 16;
  const charts = images.map(({ name, picture, top }) =>
    [
      `<svg width="${width}" height="${height}">`,
      textElement(shortened(name, width - 40), 20, 18, { fill: COLORS.ink }),
      picture ? imageElement(picture) : '',
      ...top.map(({ name, probability }, i) => barElements(name, probability, left, 28 + LINE * i, i === 0)),
      '</svg>',
    ].join('\n'),
  );
  return gridSvg(title, [], charts, { width, height, columns: 2 });
}

/** The picture in its proportions, as large as its place allows. Few pixels stay sharp squares. */
function imageElement(picture: Picture): string {
  const { href } = sheetOf([picture.bytes], picture, { columns: 1, gap: 0 });
  const scale = SIDE / Math.max(picture.width, picture.height);
  const [width, height] = [scale * picture.width, scale * picture.height];
  const [x, y] = [20 + (SIDE - width) / 2, 28 + (SIDE - height) / 2];
  const style = scale > 1 ? ' style="image-rendering: pixelated"' : '';
  const place = `x="${x}" y="${y}" width="${width}" height="${height}"`;
  return `<image ${place}${style} href="${href}"/><rect ${place} fill="none" stroke="#dddddd"/>`;
}

function barElements(name: string, probability: number, left: number, top: number, isFirst: boolean): string {
  const length = Math.max(1, BAR * probability);
  const color = isFirst ? COLORS.train : COLORS.rest;
  const weight = { 'font-weight': isFirst ? 600 : 400 };
  return [
    textElement(shortened(name, NAME - 8), left, top + 15, weight),
    `<rect x="${left + NAME}" y="${top + 2}" width="${length.toFixed(1)}" height="${LINE - 8}" fill="${color}"/>`,
    textElement(percent(probability), left + NAME + length + 6, top + 15, weight),
  ].join('\n');
}

/** A probability as people say it: `61.8 %`. */
export function percent(probability: number): string {
  return `${(100 * probability).toFixed(1)} %`;
}

/** The end of a text that is too long: the end of a path says most. */
function shortened(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`…${letters.join('')}`) > width) letters.shift();
  return `…${letters.join('')}`;
}
