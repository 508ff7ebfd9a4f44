import { assertImageShape, assertShape, assertText, assertWhole, type NdArray } from '../../array/index.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import { gridSvg } from './grid.js';
import { sheetOf } from './png-pixels.js';
import { textElement, wrapped } from './svg.js';

/**
 * Draws the weights of a first layer as images, one per unit. They show what each unit responds to. Gray is a weight
 * of 0. Each image is scaled by the largest weight of its unit. The units with the largest norm come first.
 *
 * @param weight (M, D), where D is the number of pixels of an image
 * @param shape the shape of the images
 * @param most the maximum number of units. Default: 60.
 * @returns the text of an SVG file
 * @throws ShapeError unless D is channels · height · width
 */
export function weightImagesSvg(weight: NdArray, shape: ImageShape, title: string, most = 60): string {
  assertImageShape('weightImagesSvg', 'shape', shape);
  assertText('weightImagesSvg', 'title', title);
  assertWhole('weightImagesSvg', 'most', most, 1);
  const { channels, height, width } = shape;
  const pixels = channels * height * width;
  assertShape('weightImagesSvg', 'weight', weight, ['M', pixels]);
  const units = Array.from({ length: weight.shape[0] }, (_, m) => {
    const values = Array.from({ length: pixels }, (_, d) => weight.get(m, d));
    const largest = Math.max(...values.map(Math.abs)) || 1;
    const norm = Math.sqrt(values.reduce((total, value) => total + value * value, 0));
    return { norm, largest, image: values.map((value) => 127.5 * (1 + value / largest)) };
  });
  const shown = units.sort((a, b) => b.norm - a.norm).slice(0, most);
  const columns = Math.min(12, shown.length);
  const sheet = sheetOf(
    shown.map(({ image }) => image),
    shape,
    { columns, gap: width < 8 ? 1 : 3 },
  );
  const zoom = Math.min(64 / width, 900 / sheet.width);
  const [w, h] = [sheet.width * zoom, sheet.height * zoom];
  const largest = shown.map((unit) => unit.largest);
  const range = `${Math.min(...largest).toPrecision(2)} to ${Math.max(...largest).toPrecision(2)}`;
  const count =
    shown.length < units.length
      ? `the ${shown.length} units of ${units.length} with the largest norms`
      : `all ${units.length} units`;
  const caption = wrapped(
    `${count}, largest norm first, ${height} × ${width} weights each; gray is 0, the brightest and darkest are ± the ` +
      `unit's largest weight (${range})`,
    Math.max(w, 600),
  );
  const size = { width: Math.max(w, 600) + 40, height: h + 16 + 20 * caption.length };
  const chart = [
    `<svg width="${size.width}" height="${size.height}">`,
    `<image x="20" y="0" width="${w}" height="${h}" style="image-rendering: pixelated" href="${sheet.href}"/>`,
    ...caption.map((line, i) => textElement(line, 20, h + 22 + 20 * i)),
    '</svg>',
  ].join('\n');
  return gridSvg(title, [], [chart], { ...size, columns: 1 });
}
