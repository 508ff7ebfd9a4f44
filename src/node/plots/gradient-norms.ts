import { COLORS, loadPlot, SERIES_COLORS, STYLE, sideBySide, widthOfTitle } from './svg.js';

/** How long the gradient of one layer's weights was. */
export interface GradientNorm {
  /** Written beside the layer's row, such as `0 Linear 3072 → 100`. */
  name: string;
  /** The length ‖dL/dweight‖₂; a 0 has no place on the logarithmic axis, and no dot. */
  norm: number;
}

/** How long the gradients of a net's layers were at some time, from the first layer to the last. */
export interface GradientNorms {
  /** When: `before training`. */
  name: string;
  /** Those with weights, first to last. */
  layers: readonly GradientNorm[];
}

const SYMBOLS = ['circle', 'square', 'diamond', 'triangle'] as const;
const SIGNS = ['●', '■', '◆', '▲'];

/**
 * The lengths of the gradients of a net's weights, layer by layer from the first to the last, on a scale of powers of ten: where
 * gradients vanish or explode on their way back, it shows.
 *
 * @param states up to four, such as before and after training; of the same layers
 * @returns the text of an SVG file
 */
export async function gradientNormsSvg(states: readonly GradientNorms[], title: string): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const layers = states[0].layers.map(({ name }) => name);
  const dots = states
    .flatMap(({ layers }, state) => layers.map(({ name, norm }) => ({ name, norm, state })))
    .filter(({ norm }) => norm > 0);
  const logs = dots.map(({ norm }) => Math.log10(norm));
  const [low, high] = [Math.floor(Math.min(...logs) - 0.2), Math.ceil(Math.max(...logs) + 0.2)];
  const every = Math.max(1, Math.ceil((high - low) / 7));
  const ticks = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => 10 ** (low + i * every));
  const legend = states.map(({ name }, i) => ({ text: `${SIGNS[i]} ${name}`, room: 44 + 8.2 * name.length }));
  const left = 44 + 7.4 * Math.max(...layers.map(({ length }) => length));
  const named = legend.reduce((total, { room }) => total + room, left);
  const size = { width: Math.ceil(Math.max(620, named, widthOfTitle(title))), height: 104 + 30 * layers.length };
  const color = ({ state }: { state: number }) => SERIES_COLORS[state];
  const chart = draw({
    ...size,
    marginLeft: left,
    marginRight: 24,
    marginTop: 44,
    marginBottom: 46,
    style: STYLE,
    x: {
      type: 'log',
      domain: [10 ** low, 10 ** high],
      ticks,
      tickFormat: (value: number) => `1e${Math.round(Math.log10(value))}`,
      label: 'length of dL/dweight (nats a unit of weight)',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
    },
    y: { label: null, domain: layers, type: 'point', padding: 0.6, tickSize: 0, grid: true },
    marks: [
      ...states.map((_, i) =>
        Plot.dot(
          dots.filter(({ state }) => state === i),
          { x: 'norm', y: 'name', fill: color, symbol: SYMBOLS[i], r: 6 },
        ),
      ),
      ...legend.map(({ text }, i) =>
        Plot.text([text], {
          frameAnchor: 'top-left',
          dx: legend.slice(0, i).reduce((total, { room }) => total + room, 0),
          dy: -22,
          fill: SERIES_COLORS[i] ?? COLORS.ink,
          fontWeight: 600,
        }),
      ),
    ],
  });
  return sideBySide(title, [chart], size);
}
