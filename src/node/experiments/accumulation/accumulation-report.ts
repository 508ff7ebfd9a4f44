import { panelsSvg } from '../../plots/panels.js';
import { type ClaimsReport, enginesText, normName } from '../experiment-report.js';
import type { MeasurementFile } from '../measurement.js';
import { accumulationClaims, exponential, gradientComparisons, microBatch } from './accumulation-claims.js';
import type { GradientComparison, Weighting } from './gradient-comparison.js';
import { MEMORY, type MemoryUse } from './memory-measurement.js';

type MemoryFile = MeasurementFile<MemoryUse>;

const WEIGHTING_NAMES: Record<Weighting, string> = {
  share: 'weighted by the number of samples',
  mean: 'mean of the mean losses',
  sum: 'sum of the mean losses',
};

/** The report of the gradients and of some measurements. */
export function accumulationReport(files: readonly MemoryFile[]): ClaimsReport {
  const compared = gradientComparisons();
  const batch = Number(files[0].settings.batch);
  return {
    title: 'Gradient accumulation',
    setup: [
      {
        file: 'memory.svg',
        alt: 'Peak memory and time per step by the size of the micro-batches',
        svg: memoryFigure(files),
      },
      'The gradient of one large batch, and the accumulated gradient of its micro-batches. A loss is a mean over its batch, so each ' +
        'micro-batch has to be weighted by its number of samples.',
      `Made with \`npx handgrad experiment accumulation\`. Engine: ${enginesText(files)}.`,
    ],
    claims: accumulationClaims(compared, files),
    parts: [
      { heading: '128 at once and as 4 × 32, array by array' },
      'MLP 40-32-24-10, ELU, float64. The values are the distances of the two gradients, divided by the length of the gradient of the large batch.',
      arrayCells(compared.slice(0, 3)),
      'The bias of a linear layer before a batch norm has a gradient of 0, up to rounding. Its relative distance is meaningless.',
      { heading: 'Wrong divisors' },
      divisorCells(compared.filter(({ norm }) => norm === 'none')),
      { heading: 'Memory and time by the size of the micro-batches' },
      `A step with ${batch.toLocaleString('en-US')} images. MLP 3072, ${MEMORY.hidden.join(', ')}, 10 with layer norm, float32. Each size ran in its own ` +
        'process. The memory is the peak resident memory of the process, which includes the data set, Node and the weights. The time is the median of the steps.',
      memoryCells(files),
    ],
  };
}

function divisorCells(compared: readonly GradientComparison[]): string[][] {
  const rows = compared.map(({ parts, weighting, relative }) => {
    return [parts.join(' + '), WEIGHTING_NAMES[weighting], exponential(relative)];
  });
  return [['micro-batches', 'losses combined as', 'relative distance'], ...rows];
}

function memoryCells(files: readonly MemoryFile[]): string[][] {
  const rows = files.map((file) => [
    String(microBatch(file)),
    String(Number(file.settings.batch) / microBatch(file)),
    `${file.result.peak.toFixed(0)} MiB`,
    `${file.result.before.toFixed(0)} MiB`,
    `${file.result.step.toFixed(2)} s`,
  ]);
  return [['micro-batch', 'number', 'peak memory', 'before training', 'time per step'], ...rows];
}

/** One row per array, one column per comparison. */
function arrayCells(compared: readonly GradientComparison[]): string[][] {
  const names = [...new Set(compared.flatMap(({ arrays }) => arrays.map(({ name }) => name)))].sort();
  return [
    ['array', ...compared.map(({ norm }) => normName(norm))],
    ...names.map((name) => [
      name,
      ...compared.map(({ arrays }) => {
        const found = arrays.find((array) => array.name === name);
        return found ? exponential(found.relative) : '–';
      }),
    ]),
    ['all together', ...compared.map(({ relative }) => exponential(relative))],
  ];
}

function memoryFigure(files: readonly MemoryFile[]): Promise<string> {
  const x = { label: 'images in a micro-batch', log: true, ticks: files.map(microBatch) };
  const line = (name: string, value: (use: MemoryUse) => number) => ({
    name,
    dots: true,
    points: files.map((file) => ({ x: microBatch(file), y: value(file.result) })),
  });
  const batch = Number(files[0].settings.batch).toLocaleString('en-US');
  return panelsSvg(`A step with ${batch} images in micro-batches`, [
    {
      title: 'peak memory of the process',
      x,
      y: { label: 'MiB' },
      lines: [line('at the end', ({ peak }) => peak), line('before training', ({ before }) => before)],
    },
    {
      title: 'time per step (median)',
      x,
      y: { label: 'seconds' },
      lines: [line('time', ({ step }) => step)],
    },
  ]);
}
