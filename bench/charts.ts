import { scaleOf } from '../lib/node/plots/axes.js';
import { gridSvg } from '../lib/node/plots/grid.js';
import { panelsSvg } from '../lib/node/plots/panels.js';
import { leftMargin, loadPlot, namesScale } from '../lib/node/plots/plot.js';
import { COLORS } from '../lib/node/plots/svg.js';
import type { PeerConfig } from './peers.js';
import { growthRows } from './report.js';
import { bestOfPyTorch, type Measured, type Results, ratio } from './results.js';
import type { Growth } from './tasks.js';

/** Colors that color-blind readers can tell apart (Okabe and Ito 2008). */
const FAMILY: Record<PeerConfig['family'], string> = { handgrad: '#0072b2', python: '#d55e00', javascript: '#999999' };
const CURVES = [
  { color: '#56b4e9' },
  { color: '#0072b2', dash: '7 4' },
  { color: '#009e73', dash: '2 3' },
  { color: '#d55e00', dash: '9 3 2 3' },
];

/**
 * The speed of each peer at each job relative to PyTorch's best setting, as bars. Undefined if PyTorch is missing.
 */
export async function speedsSvg(peers: readonly PeerConfig[], jobs: readonly Measured[]): Promise<string | undefined> {
  const bars = jobs.flatMap(({ outcomes }, job) =>
    peers.map((each, peer) => ({ job, peer, color: FAMILY[each.family], ratio: ratio(outcomes, each) })),
  );
  if (!jobs.some(({ outcomes }) => bestOfPyTorch(outcomes) !== undefined)) return undefined;
  const { Plot, panel } = await loadPlot();
  const y = { ...namesScale(peers.map(({ label }) => label)), padding: 0.15 };
  const left = leftMargin(y);
  const size = { width: left + 180 * jobs.length, height: 90 + 24 * peers.length };
  const fastest = Math.max(1, ...bars.map(({ ratio }) => ratio ?? 0));
  const chart = panel({
    ...{ ...size, left, right: 16, top: 34, y },
    fx: { ...namesScale(jobs.map(({ job }) => job.title)), axis: 'top', padding: 0.08 },
    x: {
      ...scaleOf({ label: 'times as fast as the best setting of PyTorch', ticks: [0, 0.5, 1] }, [0, 1.3 * fastest]),
      grid: true,
    },
    marks: [
      Plot.barX(bars, { fx: 'job', x: 'ratio', y: 'peer', fill: 'color' }),
      Plot.ruleX([1], { stroke: COLORS.ink, strokeDasharray: '4 3' }),
      Plot.text(bars, {
        ...{ fx: 'job', x: ({ ratio }) => ratio ?? 0, y: 'peer', text: ({ ratio }) => ratio?.toPrecision(2) ?? '–' },
        ...{ dx: 5, textAnchor: 'start', fontWeight: 600, stroke: 'white', fill: COLORS.ink },
      }),
      Plot.ruleX([0]),
    ],
  });
  return gridSvg('Speed relative to the best setting of PyTorch', [], [chart], { ...size, columns: 1 });
}

/**
 * The time of a step by the width of the net and by the batch size, or that of a convolution, on logarithmic axes.
 * Undefined if none was measured.
 */
export async function growthSvg({ peers, growths }: Results, of: Growth['of']): Promise<string | undefined> {
  const own = growths.filter(({ growth }) => growth.of === of);
  if (own.length === 0) return undefined;
  const lines = growthRows(peers).map((row, i) => ({ ...row, ...CURVES[i % CURVES.length] }));
  const panels = own.map(({ growth, measured }) => ({
    title: '',
    x: { label: growth.axis, log: true, ticks: growth.points.map(({ at }) => at) },
    y: { label: `milliseconds per ${of}`, log: true },
    lines: lines.map(({ label, color, dash, secondsOf }) => ({
      ...{ name: label, color, dash, dots: true },
      points: measured.flatMap((one, i) => {
        const seconds = secondsOf(one);
        return seconds === undefined ? [] : [{ x: growth.points[i].at, y: seconds * 1000 }];
      }),
    })),
  }));
  const title = of === 'step' ? "a training step of J1's net as it grows" : 'a 3×3 convolution with both gradients';
  return panelsSvg(`Time of ${title}`, panels);
}
