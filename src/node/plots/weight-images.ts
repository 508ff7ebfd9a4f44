import { assertShape, type NdArray } from '../../array/index.js';
import type { ImageShape } from '../../data/augment/augmentation.js';
import { sheetOf } from './png-pixels.js';
import { COLORS, escapeText } from './svg.js';

/**
 * The weights of a first layer as images, one a unit: what each looks for. Gray is a weight of 0; each unit is scaled by its own
 * largest weight. Units of small norm come last, and only the first `most` are shown.
 *
 * @param weight (M, D), with D the pixels of an image
 * @param shape of an image that the layer is given
 * @returns the text of an SVG file
 * @throws ShapeError unless D is channels · height · width
 */
export function weightImagesSvg(weight: NdArray, shape: ImageShape, title: string, most = 60): string {
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
    { columns, gap: 3 },
  );
  const zoom = 64 / width;
  const [w, h] = [sheet.width * zoom, sheet.height * zoom];
  const [all, tall] = [Math.max(w + 40, 620), h + 92];
  const largest = shown.map((unit) => unit.largest);
  const range = `${Math.min(...largest).toPrecision(2)} to ${Math.max(...largest).toPrecision(2)}`;
  const count =
    shown.length < units.length
      ? `the ${shown.length} units of ${units.length} with the largest weights`
      : `all ${units.length} units`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${all}" height="${tall}" viewBox="0 0 ${all} ${tall}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escapeText(title)}</title>`,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="20" y="28" font-size="17" font-weight="600" fill="${COLORS.ink}">${escapeText(title)}</text>`,
    `<image x="20" y="44" width="${w}" height="${h}" style="image-rendering: pixelated" href="${sheet.href}"/>`,
    `<text x="20" y="${h + 66}" font-size="13" fill="${COLORS.ink}">${count}, largest norm first, ${height} × ${width} weights each; gray is 0,</text>`,
    `<text x="20" y="${h + 83}" font-size="13" fill="${COLORS.ink}">the brightest and darkest are ± the unit's largest weight (${range})</text>`,
    '</svg>\n',
  ].join('\n');
}
