import type { PeerConfig } from './peers.js';
import { bestOfPyTorch, type Measured, machine, type Results, ratio } from './results.js';
import { flops, type Growth, IMAGE_FILES, IMAGES_A_FILE, type Job } from './tasks.js';

const HOW = `Each library runs in its own process, one at a time, in rounds over all libraries, and times are medians. All start
with the same weights and data, and a time counts only if the results (the losses of three steps, the probabilities, the product,
the gradients) agree with the reference. Ratios are relative to the better of PyTorch's two settings. Each is the median of the
ratios of the rounds, because a shared machine is faster in some rounds.`;

const WHAT = `J1 is a training step of 3072 → 100 → 10 (ELU, softmax, cross-entropy, SGD, batch 200). J2 is a training step of
3072 → 1024 → 512 → 256 → 64 → 10 (batch norm before each ELU, Adam, batch 128). J3 is the inference of 10,000 images in
batches of 1,000. All are in float32, with the data in memory.`;

const WHAT_NETS = `J4 is a training step of \`ConvNet\` (3 × 32 × 32 images, 10 classes, Adam), 1.9 billion additions and
multiplications per image. J5 is a training step of VGG-11 with batch norm, 0.9 billion. J6 is the inference of images by the
\`ConvNet\` in batches of 100.`;

const WHAT_CONVOLUTIONS = `The output and both gradients, one after the other. GFLOPS count the additions and multiplications of
the definition. A faster algorithm needs fewer, and can exceed the speed of the processor.`;

/** The generated part of docs/performance.md, without the comments around it. */
export function markdown(results: Results): string {
  const date = results.date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${date}, \`npm run bench${results.quick ? ' -- --quick' : ''}\`: ${machine()}; ${versions.join(', ')}.`,
    HOW,
    ...jobsPart(results),
    ...netsPart(results),
    ...productsPart(results, 'float32'),
    ...productsPart(results, 'float64'),
    ...convolutionsPart(results),
    ...growthPart(results, 'step'),
    ...growthPart(results, 'convolution'),
    notes(results),
  ].join('\n\n');
}

function jobsPart({ peers, jobs }: Results): string[] {
  if (jobs.length === 0) return [];
  const text = 'Speed of J1, J2 and J3 relative to PyTorch';
  return ['## Training and inference', WHAT, ...speeds(peers, jobs, 'jobs', text)];
}

function netsPart({ peers, nets }: Results): string[] {
  if (nets.length === 0) return [];
  const text = 'Speed of J4, J5 and J6 relative to PyTorch';
  return ['## Convolutional nets', WHAT_NETS, ...speeds(able(peers, nets), nets, 'nets', text)];
}

/** The picture and the table of jobs with rates and ratios. */
function speeds(peers: readonly PeerConfig[], jobs: readonly Measured[], name: string, text: string): string[] {
  const header = ['', ...jobs.flatMap(({ job }) => [`${job.title}, ${unit(job)}`, '× PyTorch'])];
  const rows = peers.map((peer) => [
    peer.label,
    ...jobs.flatMap(({ job, outcomes }) => [
      figure(rate(job, outcomes.get(peer.id)?.seconds)),
      figure(ratio(outcomes, peer)),
    ]),
  ]);
  const drawn = jobs.some(({ outcomes }) => bestOfPyTorch(outcomes) !== undefined);
  return [...(drawn ? [picture(name, text)] : []), table(header, rows)];
}

/** The libraries with a time in any of these jobs. */
export function able(peers: readonly PeerConfig[], jobs: readonly Measured[]): PeerConfig[] {
  return peers.filter(({ id }) => jobs.some(({ outcomes }) => outcomes.get(id)?.seconds !== undefined));
}

function productsPart({ peers, products }: Results, dtype: 'float32' | 'float64'): string[] {
  const own = products.filter(({ job }) => job.task.kind === 'product' && job.task.dtype === dtype);
  return own.length > 0 ? [`## Matrix products, ${dtype}`, gigaflops(peers, own)] : [];
}

function convolutionsPart({ peers, convolutions }: Results): string[] {
  if (convolutions.length === 0) return [];
  const text = 'Speed of convolutions relative to PyTorch';
  const drawn = convolutions.some(({ outcomes }) => bestOfPyTorch(outcomes) !== undefined);
  const { task } = convolutions[0].job;
  const batch = task.kind === 'convolution' ? `, batch ${task.batch}` : '';
  return [
    `## Convolutions, float32${batch}`,
    WHAT_CONVOLUTIONS,
    ...(drawn ? [picture('convolutions', text)] : []),
    gigaflops(peers, convolutions),
  ];
}

function gigaflops(peers: readonly PeerConfig[], jobs: readonly Measured[]): string {
  const header = ['GFLOPS', ...jobs.map(({ job }) => job.title)];
  const rows = able(peers, jobs).map((peer) => [
    peer.label,
    ...jobs.map(({ job, outcomes }) => figure(rate(job, outcomes.get(peer.id)?.seconds))),
  ]);
  return table(header, rows);
}

function growthPart({ peers, growths }: Results, of: Growth['of']): string[] {
  const own = growths.filter(({ growth }) => growth.of === of);
  if (own.length === 0) return [];
  const tables = own.map(({ growth, measured }) => {
    const rows = growthRows(peers).map(({ label, secondsOf }) => [
      label,
      ...measured.map((one) => figure(milliseconds(secondsOf(one)))),
    ]);
    return table([`ms per ${of}, by ${growth.axis}`, ...growth.points.map(({ at }) => at.toLocaleString('en'))], rows);
  });
  if (of === 'step') {
    const text = "Time of a step of J1's net by hidden width and by batch";
    return ['## How the cost grows', picture('growth', text), ...tables];
  }
  const text = 'Time of a 3×3 convolution with both gradients by batch, channels and image size';
  return ['## How the cost of a convolution grows', picture('convolution-growth', text), ...tables];
}

/** The lines of the growth curves: handgrad's settings, and the better of PyTorch's two settings at each point. */
export function growthRows(
  peers: readonly PeerConfig[],
): { label: string; secondsOf: (one: Measured) => number | undefined }[] {
  const own = peers.filter(({ grows, family }) => grows && family === 'handgrad');
  const rows = own.map(({ id, label }) => ({
    label,
    secondsOf: ({ outcomes }: Measured) => outcomes.get(id)?.seconds,
  }));
  const best = { label: 'best setting of PyTorch', secondsOf: ({ outcomes }: Measured) => bestOfPyTorch(outcomes) };
  return peers.some(({ id }) => id.startsWith('pytorch')) ? [...rows, best] : rows;
}

/** What is missing in the tables, and the reasons. */
function notes(results: Results): string {
  const { peers, missing, judge, jobs, nets, products, convolutions, growths } = results;
  const all = [jobs, nets, products, convolutions, ...growths.map(({ measured }) => measured)].flat();
  const lines = missing.map(({ label, reason }) => `- ${label} was skipped: ${reason}`);
  for (const { id, label } of peers) {
    const reasons = new Map<string, Set<string>>();
    for (const { job, outcomes } of all) {
      const { cannot, error } = outcomes.get(id) ?? {};
      const reason = error === undefined ? cannot : `failed: ${error}`;
      if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? new Set()).add(named(job)));
    }
    for (const [reason, names] of reasons) lines.push(`- ${label} ${reason} (${[...names].join('; ')}).`);
  }
  const compared = `The results of all libraries with a time agree with those of ${judge}.`;
  return lines.length > 0 ? [compared, 'A dash means that there is no time:', '', ...lines].join('\n') : compared;
}

function named({ title, task }: Job): string {
  if (task.kind === 'convolution') return 'convolutions';
  return task.kind === 'product' ? `products in ${task.dtype}` : title;
}

function unit({ task }: Job): string {
  return task.kind.startsWith('infer') ? 'images/s' : 'steps/s';
}

/** Steps or images per second, or 10⁹ operations per second for a product or convolution. */
function rate({ task }: Job, seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (task.kind === 'product' || task.kind === 'convolution') return flops(task) / seconds / 1e9;
  if (task.kind === 'infer-images') return task.images / seconds;
  return (task.kind === 'infer' ? IMAGE_FILES * IMAGES_A_FILE : 1) / seconds;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Three significant digits, or all before the decimal point, with thousands separators; two for numbers below 1. */
function figure(value: number | undefined): string {
  if (value === undefined) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toPrecision(value >= 1 ? 3 : 2);
}

function picture(name: string, text: string): string {
  return `![${text}](images/bench-${name}.svg)`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
