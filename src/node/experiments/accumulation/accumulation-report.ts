import { join } from 'node:path';
import { markdownTable } from '../../plots/page.js';
import { panelsSvg } from '../../plots/panels.js';
import { PALETTE } from '../../plots/svg.js';
import { writeWhole } from '../../runs/run-folder.js';
import { type Claim, claimsTable } from '../claims.js';
import { markdownReport, REPORT_FILES } from '../experiment.js';
import { type MeasurementFile, measurementEngines } from '../measurement.js';
import { accumulationClaims, exponential, gradientComparisons, microBatch } from './accumulation-claims.js';
import type { GradientComparison, Weighting } from './gradient-comparison.js';
import { MEMORY, type MemoryUse } from './memory-measurement.js';

type MemoryFile = MeasurementFile<MemoryUse>;

const NORM_NAMES = { none: 'no norm', layer: 'layer norm', batch: 'batch norm' } as const;

const WEIGHTING_NAMES: Record<Weighting, string> = {
  share: 'weighted by the number of samples',
  mean: 'mean of the mean losses',
  sum: 'sum of the mean losses',
};

/** Writes the report and its figure, and returns the claims. */
export async function writeAccumulationReport(
  out: string,
  files: readonly MemoryFile[],
  warning = '',
): Promise<Claim[]> {
  const compared = gradientComparisons();
  const claims = accumulationClaims(compared, files);
  await writeWhole(join(out, 'memory.svg'), await memoryFigure(files));
  await writeWhole(join(out, REPORT_FILES.markdown), markdown(compared, files, claims, warning));
  return claims;
}

function markdown(
  compared: readonly GradientComparison[],
  files: readonly MemoryFile[],
  claims: readonly Claim[],
  warning: string,
): string {
  const batch = Number(files[0].settings.batch);
  return markdownReport('Gradient accumulation', warning, [
    'The gradient of one large batch, and the accumulated gradient of its micro-batches. A loss is a mean over its batch, so each ' +
      'micro-batch has to be weighted by its number of samples.',
    `Made with \`npx handgrad experiment accumulation\`. Engine: ${measurementEngines(files)}.`,
    '## Claims',
    claimsTable(claims, warning === ''),
    '## 128 at once and as 4 × 32, array by array',
    'MLP 40-32-24-10, ELU, float64. The values are the distances of the two gradients, divided by the length of the gradient of the large batch.',
    arrayTable(compared.slice(0, 3)),
    'The bias of a linear layer before a batch norm has a gradient of 0, up to rounding. Its relative distance is meaningless.',
    '## Wrong divisors',
    markdownTable([
      ['micro-batches', 'losses combined as', 'relative distance'],
      ...compared
        .filter(({ norm }) => norm === 'none')
        .map(({ parts, weighting, relative }) => [
          parts.join(' + '),
          WEIGHTING_NAMES[weighting],
          exponential(relative),
        ]),
    ]),
    '## Memory and time by the size of the micro-batches',
    `A step with ${batch.toLocaleString('en-US')} images. MLP 3072, ${MEMORY.hidden.join(', ')}, 10 with layer norm, float32. Each size ran in its own ` +
      'process. The memory is the peak resident memory of the process, which includes the data set, Node and the weights. The time is the median of the steps.',
    '![Peak memory and time per step by the size of the micro-batches](memory.svg)',
    markdownTable([
      ['micro-batch', 'number', 'peak memory', 'before training', 'time per step'],
      ...files.map((file) => [
        String(microBatch(file)),
        String(batch / microBatch(file)),
        `${file.result.peak.toFixed(0)} MiB`,
        `${file.result.before.toFixed(0)} MiB`,
        `${file.result.step.toFixed(2)} s`,
      ]),
    ]),
  ]);
}

/** One row per array, one column per comparison. */
function arrayTable(compared: readonly GradientComparison[]): string {
  const names = [...new Set(compared.flatMap(({ arrays }) => arrays.map(({ name }) => name)))].sort();
  return markdownTable([
    ['array', ...compared.map(({ norm }) => NORM_NAMES[norm])],
    ...names.map((name) => [
      name,
      ...compared.map(({ arrays }) => {
        const found = arrays.find((array) => array.name === name);
        return found ? exponential(found.relative) : '–';
      }),
    ]),
    ['all together', ...compared.map(({ relative }) => exponential(relative))],
  ]);
}

function memoryFigure(files: readonly MemoryFile[]): Promise<string> {
  const x = { label: 'images in a micro-batch', log: true, ticks: files.map(microBatch) };
  const line = (name: string, i: number, value: (use: MemoryUse) => number) => ({
    name,
    color: PALETTE[i],
    dots: true,
    points: files.map((file) => ({ x: microBatch(file), y: value(file.result) })),
  });
  const batch = Number(files[0].settings.batch).toLocaleString('en-US');
  return panelsSvg(`A step with ${batch} images in micro-batches`, [
    {
      title: 'peak memory of the process',
      x,
      y: { label: 'MiB' },
      lines: [line('at the end', 1, ({ peak }) => peak), line('before training', 0, ({ before }) => before)],
    },
    {
      title: 'time per step (median)',
      x,
      y: { label: 'seconds' },
      lines: [line('time', 2, ({ step }) => step)],
    },
  ]);
}
