import type { Markish, ScaleOptions } from '@observablehq/plot';
import { COLORS, FONT_SIZE, textWidth, wrapped } from './svg.js';

/** The size of a panel in pixels. */
export interface PanelSize {
  width: number;
  height: number;
}

/** A panel: two axes, a title, and marks between them. */
export interface PanelOptions extends PanelSize {
  title?: string;
  /** The scales, of numbers (`scaleOf`) or of names (`namesScale`). A scale without a label has no room for one. */
  x: ScaleOptions;
  y: ScaleOptions;
  marks: Markish[];
  /** Names of columns of panels and of rows of panels, for marks that have `fx` and `fy`. */
  fx?: ScaleOptions;
  fy?: ScaleOptions;
  /** The room beside the axes in pixels. Default: what the texts need. */
  top?: number;
  right?: number;
  bottom?: number;
  left?: number;
}

/** The scale of the rows or columns of a panel, one for each name. */
export function namesScale(names: readonly string[], label: string | null = null): ScaleOptions {
  const domain = names.map((_, i) => i);
  return { label, type: 'band', domain, tickFormat: (i: number) => names[i], tickSize: 0, padding: 0.04 };
}

/** The module of Observable Plot. */
export type Plot = typeof import('@observablehq/plot');

/** Draws a panel as the text of an `<svg>` element, without a browser. */
export type DrawPanel = (options: PanelOptions) => string;

/**
 * Loads Observable Plot, and a document to draw in. They are loaded only when needed, because they take 20 MB and a
 * third of a second.
 */
export async function loadPlot(): Promise<{ Plot: Plot; panel: DrawPanel }> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const panel: DrawPanel = ({ title = '', width, x, y, marks, top = 18, bottom = 50, ...rest }) => {
    const left = rest.left ?? leftMargin(y);
    const right = rest.right ?? Math.ceil(Math.max(24, widestText(x) / 2 + 4)); // half a number is beside the axis
    const middle = left + (width - left - right) / 2; // the title is above the middle of the axis
    const lines = wrapped(title, 2 * Math.min(middle, width - middle) - 8, { bold: true });
    const axis = { labelAnchor: 'center', labelArrow: 'none' } as const;
    const { document } = parseHTML('<!doctype html><html><body></body></html>');
    const svg = Plot.plot({
      ...rest,
      width,
      marginLeft: left,
      marginRight: right,
      marginTop: top + 18 * lines.length,
      marginBottom: bottom,
      x: { ...axis, labelOffset: bottom - 8, ...x },
      y: { ...axis, labelOffset: left - 8, ...y },
      marks: [
        ...marks,
        Plot.text(lines.length > 0 ? [lines.join('\n')] : [], {
          ...{
            facet: 'super',
            frameAnchor: 'top',
            lineAnchor: 'bottom',
            dy: 6 - top,
            fontWeight: 600,
          },
        }),
      ],
      style: { fontSize: `${FONT_SIZE}px`, color: COLORS.ink, background: 'none' },
      document,
    });
    svg.setAttribute('font-size', String(FONT_SIZE));
    return withShortNumbers(svg.outerHTML);
  };
  return { Plot, panel };
}

/** The room that the texts and the label of a vertical axis need. */
export function leftMargin(y: ScaleOptions): number {
  return Math.ceil(widestText(y) + (y.label ? 38 : 16));
}

function widestText({ ticks, domain, tickFormat }: ScaleOptions): number {
  const values = [...((ticks ?? domain ?? []) as Iterable<unknown>)];
  const texts = values.map((value, i) => String(typeof tickFormat === 'function' ? tickFormat(value, i) : value));
  return Math.max(0, ...texts.map((text) => textWidth(text)));
}

/** Coordinates with two decimals: they are a hundredth of a pixel, and make up most of a file. */
function withShortNumbers(svg: string): string {
  return svg.replace(/ (?:[xy][12]?|c[xy]|d|width|height|transform)="[^"]+"/g, (attribute) =>
    attribute.replace(/\d+\.\d{3,}/g, (number) => String(Math.round(100 * Number(number)) / 100)),
  );
}
