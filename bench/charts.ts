import type { SymbolType } from '@observablehq/plot';
import { COLORS, type Draw, loadPlot, type Plot, sideBySide } from '../lib/node/plots/svg.js';
import type { PeerConfig } from './peers.js';
import { growthRows } from './report.js';
import { bestOfPyTorch, type Results, ratio } from './results.js';

/** Okabe and Ito's colors, which stay apart for color-blind eyes. */
const FAMILY: Record<PeerConfig['family'], string> = { handgrad: '#0072b2', python: '#d55e00', javascript: '#999999' };
const CURVES = [
  { stroke: '#56b4e9', symbol: 'circle', sign: '●' },
  { stroke: '#0072b2', symbol: 'triangle', sign: '▲' },
  { stroke: '#009e73', symbol: 'diamond', sign: '◆' },
  { stroke: '#d55e00', symbol: 'square', sign: '■' },
] as const;

const STYLE = { fontSize: '13px', color: COLORS.ink, background: 'none' };

/** The speed of each peer at each job relative to PyTorch at its best, as bars; undefined where PyTorch is missing. */
export async function jobsSvg({ peers, jobs }: Results): Promise<string | undefined> {
  const bars = jobs.flatMap(({ job, outcomes }) =>
    peers.map((peer) => ({ job: job.title, label: peer.label, family: peer.family, ratio: ratio(outcomes, peer) })),
  );
  if (!jobs.some(({ outcomes }) => bestOfPyTorch(outcomes) !== undefined)) return undefined;
  const { Plot, draw } = await loadPlot();
  const marginLeft = 14 + 6.7 * Math.max(...peers.map(({ label }) => label.length));
  const size = { width: marginLeft + 200 * jobs.length, height: 90 + 24 * peers.length };
  const chart = draw({
    ...size,
    marginLeft,
    marginRight: 16,
    marginTop: 34,
    marginBottom: 46,
    style: STYLE,
    fx: { label: null, domain: jobs.map(({ job }) => job.title), padding: 0.08 },
    x: {
      label: 'times as fast as PyTorch at its best',
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
  return sideBySide('Speed relative to PyTorch at its best setting', [chart], size);
}

/** How the time of a step grows with the net's width and with the batch, both axes logarithmic. */
export async function growthSvg({ peers, growths }: Results): Promise<string | undefined> {
  if (growths.length === 0) return undefined;
  const { Plot, draw } = await loadPlot();
  const lines = growthRows(peers).map((row, i) => ({ ...row, ...CURVES[i % CURVES.length] }));
  const size = { width: 560, height: 440 };
  const charts = growths.map(({ growth, measured }) => {
    const points = lines.flatMap(({ secondsOf, stroke, symbol }) =>
      measured.flatMap((one, i) => {
        const seconds = secondsOf(one);
        return seconds === undefined ? [] : [{ stroke, symbol, at: growth.points[i].at, ms: seconds * 1000 }];
      }),
    );
    const xTicks = growth.points.map(({ at }) => at);
    return curves(Plot, draw, { axis: growth.axis, xTicks, points, lines, size });
  });
  return sideBySide("Time of a training step of J1's net as it grows", charts, size);
}

interface Curves {
  axis: string;
  xTicks: number[];
  points: { at: number; ms: number; stroke: string; symbol: SymbolType }[];
  lines: { label: string; stroke: string; sign: string }[];
  size: { width: number; height: number };
}

function curves(plot: Plot, draw: Draw, { axis, xTicks, points, lines, size }: Curves): string {
  const digits = (value: number) => value.toLocaleString('en');
  const isPowerOfTen = (value: number) => Number.isInteger(Math.log10(value));
  return draw({
    ...size,
    marginLeft: 64,
    marginRight: 24,
    marginTop: 110,
    marginBottom: 46,
    style: STYLE,
    x: { type: 'log' },
    y: {
      type: 'log',
      label: 'milliseconds a step',
      grid: true,
      labelArrow: 'none',
      tickFormat: (value: number) => (isPowerOfTen(value) ? digits(value) : ''),
    },
    marks: [
      plot.axisX(xTicks, { text: digits, label: axis, labelAnchor: 'center', labelArrow: 'none' }),
      plot.line(points, { x: 'at', y: 'ms', z: 'stroke', stroke: 'stroke', strokeWidth: 2 }),
      plot.dot(points, { x: 'at', y: 'ms', fill: 'stroke', symbol: 'symbol', r: 5 }),
      ...lines.map(({ label, stroke, sign }, i) =>
        plot.text([`${sign} ${label}`], {
          frameAnchor: 'top-left',
          dx: 210 * (i % 2),
          dy: i < 2 ? -76 : -54,
          fill: stroke,
          fontWeight: 600,
        }),
      ),
    ],
  });
}
