import { gridSvg } from '../lib/node/plots/grid.js';
import { panelsSvg } from '../lib/node/plots/panels.js';
import { COLORS, loadPlot } from '../lib/node/plots/svg.js';
import type { PeerConfig } from './peers.js';
import { growthRows } from './report.js';
import { bestOfPyTorch, type Results, ratio } from './results.js';

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
export async function jobsSvg({ peers, jobs }: Results): Promise<string | undefined> {
  const bars = jobs.flatMap(({ job, outcomes }) =>
    peers.map((peer) => ({ job: job.title, label: peer.label, family: peer.family, ratio: ratio(outcomes, peer) })),
  );
  if (!jobs.some(({ outcomes }) => bestOfPyTorch(outcomes) !== undefined)) return undefined;
  const { Plot, draw } = await loadPlot();
  const marginLeft = 14 + 7.4 * Math.max(...peers.map(({ label }) => label.length));
  const size = { width: marginLeft + 200 * jobs.length, height: 90 + 24 * peers.length };
  const chart = draw({
    ...size,
    marginLeft,
    marginRight: 16,
    marginTop: 34,
    marginBottom: 50,
    fx: { label: null, domain: jobs.map(({ job }) => job.title), padding: 0.08 },
    x: {
      label: 'times as fast as the best setting of PyTorch',
      labelAnchor: 'center',
      labelArrow: 'none',
      domain: [0, 1.3 * Math.max(1, ...bars.map((bar) => bar.ratio ?? 0))],
      ticks: [0, 0.5, 1],
      grid: true,
    },
    y: { label: null, domain: peers.map(({ label }) => label), tickSize: 0, padding: 0.15 },
    marks: [
      Plot.barX(bars, {
        fx: 'job',
        x: 'ratio',
        y: 'label',
        fill: ({ family }) => FAMILY[family as PeerConfig['family']],
      }),
      Plot.ruleX([1], { stroke: COLORS.ink, strokeDasharray: '4 3' }),
      Plot.text(bars, {
        fx: 'job',
        x: (bar) => bar.ratio ?? 0,
        y: 'label',
        text: (bar) => bar.ratio?.toPrecision(2) ?? '–',
        dx: 5,
        textAnchor: 'start',
        fontWeight: 600,
        stroke: 'white',
        fill: COLORS.ink,
      }),
      Plot.ruleX([0]),
    ],
  });
  return gridSvg('Speed relative to the best setting of PyTorch', [], [chart], { ...size, columns: 1 });
}

/** The time of a step by the width of the net and by the batch size, on logarithmic axes. */
export async function growthSvg({ peers, growths }: Results): Promise<string | undefined> {
  if (growths.length === 0) return undefined;
  const lines = growthRows(peers).map((row, i) => ({ ...row, ...CURVES[i % CURVES.length] }));
  const panels = growths.map(({ growth, measured }) => ({
    title: '',
    x: { label: growth.axis, log: true, ticks: growth.points.map(({ at }) => at) },
    y: { label: 'milliseconds per step', log: true },
    lines: lines.map(({ label, color, dash, secondsOf }) => ({
      ...{ name: label, color, dash, dots: true },
      points: measured.flatMap((one, i) => {
        const seconds = secondsOf(one);
        return seconds === undefined ? [] : [{ x: growth.points[i].at, y: seconds * 1000 }];
      }),
    })),
  }));
  return panelsSvg("Time of a training step of J1's net as it grows", panels);
}
