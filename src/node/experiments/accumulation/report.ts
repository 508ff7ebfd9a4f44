import { join } from 'node:path';
import { markdownTable } from '../../plots/page.js';
import { panelsSvg } from '../../plots/panels.js';
import { PALETTE } from '../../plots/svg.js';
import { writeWhole } from '../../runs/run-folder.js';
import { type Claim, claimsTable, markdownReport } from '../claims.js';
import { engineOf, type PartFile } from '../parts.js';
import { type Comparison, compareGradients, type Weighting } from './compare.js';
import { MEMORY, type MemoryResult } from './memory.js';

const QUARTERS = [32, 32, 32, 32];
/** The last part is smaller, as at the end of an epoch. */
const UNEVEN = [40, 40, 40, 8];

const NORMS = { none: 'no norm', layer: 'layer norm', batch: 'batch norm' } as const;
const WEIGHTING_NAMES: Record<Weighting, string> = {
  share: 'each by its share of the samples',
  mean: 'mean of the means',
  sum: 'sum of the means',
};

/** Every comparison of the report, each in the same small nets. */
export function comparisons(): Comparison[] {
  return [
    ...(['none', 'layer', 'batch'] as const).map((norm) => compareGradients(norm, QUARTERS, 'share')),
    ...(['mean', 'sum'] as const).map((weighting) => compareGradients('none', QUARTERS, weighting)),
    ...(['share', 'mean', 'sum'] as const).map((weighting) => compareGradients('none', UNEVEN, weighting)),
  ];
}

/** Writes the report and its picture. */
export async function writeAccumulationReport(
  out: string,
  files: readonly PartFile<MemoryResult>[],
  warning = '',
): Promise<{ report: string; claims: Claim[] }> {
  const compared = comparisons();
  const claims = accumulationClaims(compared, files);
  await writeWhole(join(out, 'memory.svg'), await memoryPicture(files));
  await writeWhole(join(out, 'report.md'), markdown(compared, files, claims, warning));
  return { report: 'report.md', claims };
}

/** What is said of accumulation, and what came of it. */
export function accumulationClaims(compared: readonly Comparison[], files: readonly PartFile<MemoryResult>[]): Claim[] {
  const relative = (norm: string, parts: readonly number[], weighting: Weighting) =>
    compared.find((each) => each.norm === norm && each.parts === parts && each.weighting === weighting)?.relative ??
    Number.NaN;
  const worst = Math.max(relative('none', QUARTERS, 'share'), relative('layer', QUARTERS, 'share'));
  const bySize = [...files].sort((a, b) => sizeOf(a) - sizeOf(b)).map(({ result }) => result);
  const [small, large] = [bySize[0], bySize[bySize.length - 1]];
  return [
    {
      claim: '4 × 32 has the gradient of 128, without a norm and with layer norm.',
      criterion: 'relative distance below 1e-12 (float64)',
      measured: `at most ${exponential(worst)}`,
      holds: worst < 1e-12,
    },
    {
      claim: 'With batch norm it has not: each micro-batch has statistics of its own.',
      criterion: 'relative distance above 0.01',
      measured: exponential(relative('batch', QUARTERS, 'share')),
      holds: relative('batch', QUARTERS, 'share') > 0.01,
    },
    {
      claim: 'The mean of the means is right only as long as all parts are of one size.',
      criterion: 'below 1e-12 for 4 × 32, above 0.01 for 40, 40, 40, 8',
      measured: `${exponential(relative('none', QUARTERS, 'mean'))} and ${exponential(relative('none', UNEVEN, 'mean'))}`,
      holds: relative('none', QUARTERS, 'mean') < 1e-12 && relative('none', UNEVEN, 'mean') > 0.01,
    },
    {
      claim: 'Without any division the gradient is as many times too long as there are parts.',
      criterion: 'relative distance of 3 for four equal parts, to 1e-9',
      measured: relative('none', QUARTERS, 'sum').toFixed(9),
      holds: Math.abs(relative('none', QUARTERS, 'sum') - 3) < 1e-9,
    },
    {
      claim: 'Smaller micro-batches need less memory for the same step.',
      criterion: 'less above what is there before training at the smallest size than at the largest',
      measured: `${(small.peak - small.before).toFixed(0)} MiB and ${(large.peak - large.before).toFixed(0)} MiB`,
      holds: small.peak - small.before < large.peak - large.before,
    },
  ];
}

function sizeOf({ settings }: PartFile<MemoryResult>): number {
  return Number(settings.size);
}

function exponential(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

function markdown(
  compared: readonly Comparison[],
  files: readonly PartFile<MemoryResult>[],
  claims: readonly Claim[],
  warning: string,
): string {
  const equal = compared.filter(({ parts, weighting }) => parts === QUARTERS && weighting === 'share');
  const traps = compared.filter(({ norm }) => norm === 'none');
  const batch = Number(files[0].settings.batch);
  return markdownReport('Gradient accumulation', warning, [
    'One large batch against the same samples in parts whose gradients are added up. A loss is a mean over its batch, so each part counts ' +
      'by its share of the samples.',
    `Made with \`npx handgrad experiment accumulation\`. Engine: ${engineOf(files)}.`,
    '## Claims',
    claimsTable(claims, warning === ''),
    '## 128 at once and as 4 × 32, array by array',
    'MLP 40-32-24-10, ELU, float64. Distance of the two gradients over the length of that at once.',
    markdownTable([
      ['array', ...equal.map(({ norm }) => NORMS[norm])],
      ...arrayNames(equal).map((name) => [
        name,
        ...equal.map(({ arrays }) => {
          const found = arrays.find((array) => array.name === name);
          return found ? exponential(found.relative) : '–';
        }),
      ]),
      ['all together', ...equal.map(({ relative }) => exponential(relative))],
    ]),
    'A linear layer in front of a batch norm has a bias whose gradient is 0, but for rounding; its relative distance says nothing.',
    '## The trap of dividing wrongly',
    markdownTable([
      ['parts', 'put together', 'relative distance'],
      ...traps.map(({ parts, weighting, relative }) => [
        parts.join(' + '),
        WEIGHTING_NAMES[weighting],
        exponential(relative),
      ]),
    ]),
    '## Memory and time against the size of a micro-batch',
    `A step of ${batch.toLocaleString('en-US')} images, MLP 3072, ${MEMORY.hidden.join(', ')}, 10 with layer norm, float32; each size in a process of its own. ` +
      'Memory is the most that the process had (resident), which the data set, Node and the weights take their part of. Time is the median step.',
    '![Peak memory and time of a step against the size of a micro-batch](memory.svg)',
    markdownTable([
      ['micro-batch', 'parts', 'peak memory', 'before training', 'time a step'],
      ...files.map((file) => [
        String(sizeOf(file)),
        String(batch / sizeOf(file)),
        `${file.result.peak.toFixed(0)} MiB`,
        `${file.result.before.toFixed(0)} MiB`,
        `${file.result.step.toFixed(2)} s`,
      ]),
    ]),
  ]);
}

/** The arrays of all nets, each once. */
function arrayNames(compared: readonly Comparison[]): string[] {
  return [...new Set(compared.flatMap(({ arrays }) => arrays.map(({ name }) => name)))].sort();
}

function memoryPicture(files: readonly PartFile<MemoryResult>[]): Promise<string> {
  const x = { label: 'images in a micro-batch', log: true, ticks: files.map(sizeOf) };
  const line = (name: string, i: number, value: (result: MemoryResult) => number) => ({
    name,
    colour: PALETTE[i],
    dots: true,
    points: files.map((file) => ({ x: sizeOf(file), y: value(file.result) })),
  });
  const batch = Number(files[0].settings.batch).toLocaleString('en-US');
  return panelsSvg(`A step of ${batch} images in micro-batches`, [
    {
      title: 'peak memory of the process',
      x,
      y: { label: 'MiB' },
      lines: [line('at the end', 1, ({ peak }) => peak), line('before training', 0, ({ before }) => before)],
    },
    {
      title: 'time of a step (median)',
      x,
      y: { label: 'seconds' },
      lines: [line('time', 2, ({ step }) => step)],
    },
  ]);
}
