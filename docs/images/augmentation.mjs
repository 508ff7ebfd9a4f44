// Draws docs/images/augmentation.svg: training images as they are, and as each augmentation gives them to a net.
// npm run pictures

import { writeFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { Random } from 'handgrad';
import { augmented, cutout, flattened, flip, loadCifar10, mixed, shift } from 'handgrad/node';

const COUNT = 9;
const SIDE = 32;
const ZOOM = 2;
const GAP = 4;
const LABELS = 150;

const { train } = await loadCifar10();
const mean = train.meanImage();

/** A row of the picture: what `--augment` calls it, and where its images come from. */
const rows = [
  ['none', [], undefined],
  ['flip', [flip()], undefined],
  ['shift:4', [shift(4)], undefined],
  ['cutout:8', [cutout(8)], undefined],
  ['mixup:0.3', [], 0.3],
  ['flip,shift:4,mixup:0.3', [flip(), shift(4)], 0.3],
].map(([name, changes, alpha]) => {
  const rng = new Random(5);
  const images = augmented(train, mean, changes, rng);
  return { name, source: alpha === undefined ? images : mixed(images, alpha, rng) };
});

/** The first images of the training set as a source gives them, the mean image put back, side by side as a PNG. */
function strip(source) {
  const { x } = flattened(source).batch(Array.from({ length: COUNT }, (_, i) => i));
  const [width, height] = [COUNT * (SIDE + 1), SIDE];
  const data = new Uint8Array(width * height * 3).fill(255);
  for (let n = 0; n < COUNT; n++) {
    for (let d = 0; d < mean.length; d++) {
      const [channel, y, column] = [Math.floor(d / SIDE ** 2), Math.floor(d / SIDE) % SIDE, d % SIDE];
      data[(y * width + n * (SIDE + 1) + column) * 3 + channel] = Math.round(x.get(n, d) + mean[d]);
    }
  }
  return Buffer.from(encode({ width, height, data, channels: 3, depth: 8 })).toString('base64');
}

const [width, height] = [COUNT * (SIDE + 1) * ZOOM, SIDE * ZOOM];
const [allWidth, allHeight] = [LABELS + width + GAP, rows.length * (height + GAP) + GAP];
const parts = rows.map(({ name, source }, i) => {
  const top = GAP + i * (height + GAP);
  return (
    `<text x="${LABELS - 8}" y="${top + height / 2 + 4}" text-anchor="end">${name}</text>\n` +
    `<image x="${LABELS}" y="${top}" width="${width}" height="${height}" style="image-rendering: pixelated" ` +
    `href="data:image/png;base64,${strip(source)}"/>`
  );
});
writeFileSync(
  new URL('augmentation.svg', import.meta.url),
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${allWidth}" height="${allHeight}" viewBox="0 0 ${allWidth} ${allHeight}" font-family="system-ui, sans-serif" font-size="13" fill="#333333">`,
    '<title>Training images of CIFAR-10, and what each augmentation makes of them</title>',
    '<rect width="100%" height="100%" fill="white"/>',
    ...parts,
    '</svg>\n',
  ].join('\n'),
);
