import { powersOfTen, tickText } from './axes.js';
import { gridSvg } from './grid.js';
import { loadPlot, namesScale } from './plot.js';

/** A heat map over steps: one row per name, one column per step. Positive values are colored by their logarithm. */
export interface StepHeatmap {
  title: string;
  rows: readonly string[];
  steps: readonly number[];
  /** values[row][column]. A value that is 0 or not finite is gray. */
  values: readonly (readonly number[])[];
}

/** Draws heat maps over steps with one title and one logarithmic color scale, as the text of an SVG file. */
export async function stepHeatmapsSvg(title: string, maps: readonly StepHeatmap[]): Promise<string> {
  const { Plot, panel } = await loadPlot();
  const isShown = (value: number) => Number.isFinite(value) && value > 0;
  const logs = maps.flatMap(({ values }) => values.flat().filter(isShown).map(Math.log10));
  const domain = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  // The lightest tenth of the scale is hard to see on white.
  const scale = Plot.scale({
    color: { scheme: 'viridis', domain: [domain[0], domain[1] + (domain[1] - domain[0]) / 9] },
  });
  const colorOf = (value: number) => (isShown(value) ? String(scale.apply(Math.log10(value))) : '#d0d0d0');
  const legend = powersOfTen(domain[0], domain[1]).map((power) => ({ name: tickText(power), color: colorOf(power) }));
  const columns = Math.min(3, maps.length);
  const rows = Math.max(...maps.map((map) => map.rows.length));
  const size = { width: columns > 2 ? 330 : 480, height: 86 + Math.max(200, 18 * rows) };
  const charts = maps.map(({ title, rows, steps, values }) => {
    const cells = values.flatMap((row, i) => row.map((value, j) => ({ row: i, column: j, fill: colorOf(value) })));
    const marked = new Set([0, 0.5, 1].map((part) => Math.round(part * (steps.length - 1))));
    return panel({
      ...size,
      title,
      x: { ...namesScale(steps.map(String), 'step'), padding: 0, ticks: [...marked] },
      y: namesScale(rows),
      marks: [Plot.cell(cells, { x: 'column', y: 'row', fill: 'fill', insetRight: -0.3 })],
    });
  });
  return gridSvg(title, legend, charts, { ...size, columns });
}
