import { escapeHtml } from '../../html.js';
import { FIGURES } from './figures.js';

/** A figure as it is without scripts, and in print. */
export function movingHtml(name: string): string {
  const { label, caption, hint, begin } = FIGURES[name];
  const motion = begin();
  const code = (text: string) => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
  return `<figure class="widget moving" id="moving-${name}" data-figure="${name}" aria-label="${escapeHtml(label)}">
<div class="controls">${motion.controlsHtml()}</div>
<div class="picture">${motion.html()}</div>
<figcaption>${code(caption)} <span class="try">${code(hint)}</span></figcaption>
</figure>`;
}
