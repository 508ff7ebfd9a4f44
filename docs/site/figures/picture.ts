import { escapeHtml } from '../html.js';
import { FIGURES } from './figures.js';

/** The colors of the pictures, and the variables of the stylesheet that replace them. */
const INKS: readonly [string, string][] = [
  ['#333333', 'var(--figure-ink)'],
  ['#0072b2', 'var(--figure-blue)'],
  ['#d55e00', 'var(--figure-orange)'],
  ['#009e73', 'var(--figure-green)'],
  ['#cc79a7', 'var(--figure-pink)'],
];

/** A figure with its caption. */
export async function figureHtml(name: string): Promise<string> {
  if (!Object.hasOwn(FIGURES, name))
    throw new Error(`there is no figure '${name}'; there are ${Object.keys(FIGURES).join(', ')}`);
  const { draw, caption } = FIGURES[name];
  const words = escapeHtml(caption).replace(/`([^`]+)`/g, '<code>$1</code>');
  return `<figure>${themed(await draw())}<figcaption>${words}</figcaption></figure>`;
}

/** A drawing that takes its colors from the page, so that it is legible in light and dark mode. */
export function themed(svg: string): string {
  const transparent = svg.replace('<rect width="100%" height="100%" fill="white"/>', '').trim();
  const colored = INKS.reduce((text, [from, to]) => text.replaceAll(`"${from}"`, `"${to}"`), transparent);
  return colored
    .replace(/color: ?#333333/g, 'color: var(--figure-ink)')
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/ class="plot-[^"]*"/g, '')
    .replace(/(<g\b[^>]*?) aria-label="[^"]*"/g, '$1'); // a group has no role that a name could belong to
}
