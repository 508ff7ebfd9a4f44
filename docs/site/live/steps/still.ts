import { coloredLines } from '../../color.js';
import { cut } from '../../cut.js';
import { escapeHtml } from '../../html.js';
import { markdownHtml } from '../../markdown.js';
import { linkFrom } from '../../places.js';
import { readText } from '../../site.js';
import { passThrough, START } from './net.js';
import { STEPS, type Step } from './steps.js';
import { fieldsHtml, graphHtml, nudgeHtml, rowsHtml, type View } from './view.js';

/** The whole walk as a still picture: what a page without scripts shows, and what a printed one does. */
export function stepsHtml(guide: string): string {
  const last = STEPS.length - 1;
  const pass = passThrough(START);
  const view: View = {
    numbers: START,
    pass,
    step: last - 2,
    chosen: { array: 'weight1', index: [0, 0] },
    nudge: 0.2,
  };
  const steps = STEPS.map((step, i) => stepHtml(step, i, view, guide)).join('\n');
  return `<section class="widget" id="steps" aria-label="Backpropagation through a small net, step by step">
<div class="picture">${graphHtml(view)}</div>
<p class="legend"><span class="value">value</span> <span class="gradient">gradient of the loss</span> <span class="positive">weight above 0</span> <span class="negative">weight below 0</span></p>
<div class="controls"><button type="button" class="first">Start</button><button type="button" class="back">← Back</button><button type="button" class="next primary">Next →</button><input type="range" class="scrubber" min="0" max="${last}" value="0" aria-label="Step"><span class="count"></span></div>
<p class="said" role="status"></p>
<ol class="walk" start="0">${steps}</ol>
<p class="offer"><button type="button" class="take primary" hidden>Keep the new weights and go again</button></p>
<h3 class="control">Change any number</h3>
<div class="fields">${fieldsHtml(view)}</div>
<p class="problem" role="alert"></p>
<p class="control"><label>Learning rate <input type="number" class="rate" min="0" step="0.1" value="${START.learningRate}"></label> <button type="button" class="reset">Reset</button></p>
<h3>Nudge one number</h3>
<p class="control"><label>Number <select class="choice"></select></label> <label>by <input type="range" class="slider" min="-1" max="1" step="0.01" value="0.2" aria-valuetext="0.2"></label></p>
<div class="nudged">${nudgeHtml(view)}</div>
</section>`;
}

function stepHtml({ title, words, tex, source }: Step, i: number, view: View, guide: string): string {
  const formula = tex ? markdownHtml(`$$ ${tex} $$`) : '';
  return `<li class="step" value="${i}"><h3>${escapeHtml(title)}</h3>${markdownHtml(words)}${formula}<ul class="sums">${rowsHtml(view, i)}</ul>${source ? sourceHtml(source, guide) : ''}</li>`;
}

/** The method of the library that does the step, with its active lines marked. */
function sourceHtml({ file, method, lines: wanted }: NonNullable<Step['source']>, guide: string): string {
  const row = cut(readText(file), file).find(({ name }) => name === method);
  if (!row) throw new Error(`${file} has no method ${method} to show in the walk through the net`);
  const code = row.code.replace(/\n}$/, '');
  const lines = code.split('\n');
  for (const words of wanted)
    if (lines.filter((line) => line.includes(words)).length !== 1)
      throw new Error(`${method} in ${file} has no line, or several lines, with ${words}`);
  const shown = coloredLines(code).map((line, n) => {
    const isActive = wanted.some((words) => lines[n].includes(words));
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    return `<li value="${row.line + n}" style="--indent:${Math.max(0, indent - 2)}"${isActive ? ' class="active"' : ''}><code>${line.slice(indent) || ' '}</code></li>`;
  });
  const link = linkFrom(guide, `../../${file}#${method.toLowerCase()}`);
  return `<div class="source"><p><a href="${link}">${escapeHtml(file)}</a></p><ol class="lines">${shown.join('')}</ol></div>`;
}
