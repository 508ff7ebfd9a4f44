import type { PeerConfig } from './peers.js';
import { bestOfPyTorch, type Measured, machine, type Results, ratio } from './results.js';
import { flops, IMAGE_FILES, IMAGES_A_FILE, type Job } from './tasks.js';

const WHAT = `J1 is a training step of 3072 → 100 → 10 (ELU, softmax, cross-entropy, SGD, batch 200). J2 is a training step of
3072 → 1024 → 512 → 256 → 64 → 10 (batch norm before each ELU, Adam, batch 128). J3 is the inference of 10,000 images in
batches of 1,000. All are in float32, with the data in memory. Each library runs in its own process, one at a time, in rounds
over all libraries, and times are medians. All start with the same weights and data, and a time counts only if the results
(the losses of three steps, the probabilities, the product) agree with those of the others. Ratios are relative to the better
of PyTorch's two settings. Each is the median of the ratios of the rounds, because a shared machine is faster in some rounds.`;

/** The generated part of docs/performance.md, without the comments around it. */
export function markdown(results: Results): string {
  const date = results.date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${date}, \`npm run bench${results.quick ? ' -- --quick' : ''}\`: ${machine()}; ${versions.join(', ')}.`,
    WHAT,
    ...jobsPart(results),
    ...productsPart(results, 'float32'),
    ...productsPart(results, 'float64'),
    ...growthPart(results),
    notes(results),
  ].join('\n\n');
}

function jobsPart({ peers, jobs }: Results): string[] {
  if (jobs.length === 0) return [];
  const header = ['', ...jobs.flatMap(({ job }) => [`${job.title}, ${unit(job)}`, '× PyTorch'])];
  const rows = peers.map((peer) => [
    peer.label,
    ...jobs.flatMap(({ job, outcomes }) => [
      figure(rate(job, outcomes.get(peer.id)?.seconds)),
      figure(ratio(outcomes, peer)),
    ]),
  ]);
  const drawn = jobs.some(({ outcomes }) => bestOfPyTorch(outcomes) !== undefined);
  return [
    '## Training and inference',
    ...(drawn ? [picture('jobs', 'Speed of J1, J2 and J3 relative to PyTorch')] : []),
    table(header, rows),
  ];
}

function productsPart({ peers, products }: Results, dtype: 'float32' | 'float64'): string[] {
  const own = products.filter(({ job }) => job.task.kind === 'product' && job.task.dtype === dtype);
  const able = peers.filter(({ id }) => own.some(({ outcomes }) => outcomes.get(id)?.seconds !== undefined));
  if (own.length === 0) return [];
  const header = ['GFLOPS', ...own.map(({ job }) => job.title)];
  const rows = able.map((peer) => [
    peer.label,
    ...own.map(({ job, outcomes }) => figure(rate(job, outcomes.get(peer.id)?.seconds))),
  ]);
  return [`## Matrix products, ${dtype}`, table(header, rows)];
}

function growthPart({ peers, growths }: Results): string[] {
  if (growths.length === 0) return [];
  const tables = growths.map(({ growth, measured }) => {
    const rows = growthRows(peers).map(({ label, secondsOf }) => [
      label,
      ...measured.map((one) => figure(milliseconds(secondsOf(one)))),
    ]);
    return table([`ms per step, by ${growth.axis}`, ...growth.points.map(({ at }) => at.toLocaleString('en'))], rows);
  });
  return [
    '## How the cost grows',
    picture('growth', "Time of a step of J1's net by hidden width and by batch"),
    ...tables,
  ];
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
function notes({ peers, missing, judge, jobs, products, growths }: Results): string {
  const all = [...jobs, ...products, ...growths.flatMap(({ measured }) => measured)];
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
  return task.kind === 'product' ? `products in ${task.dtype}` : title;
}

function unit({ task }: Job): string {
  return task.kind === 'infer' ? 'images/s' : 'steps/s';
}

/** Steps or images per second, or 10⁹ operations per second for a product. */
function rate({ task }: Job, seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (task.kind === 'product') return flops(task) / seconds / 1e9;
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
