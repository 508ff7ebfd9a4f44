// Draws docs/images/backpropagation.svg: the walk through the net of the guide's chapter, a frame for each step.
// npm run pictures

import { writeFileSync } from 'node:fs';
import { graphSvg } from '../site/live/steps/graph.ts';
import { passThrough, START } from '../site/live/steps/net.ts';
import { STEPS } from '../site/live/steps/steps.ts';

const SECONDS = 1.8; // per step
const [WIDTH, HEIGHT] = [740, 380];
const pass = passThrough(START);
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const frames = STEPS.map((step, i) => {
  const net = graphSvg(START, pass, i, 'across')
    .replace(/<svg [^>]*>|<\/svg>/g, '')
    .replace(/ data-[a-z]+="[^"]*"/g, '');
  const rows = step.rows(START, pass).slice(0, 3);
  const lines = rows.map((row, n) => `<text class="row" x="20" y="${318 + 22 * n}">${escaped(row)}</text>`);
  const title = `<text class="title" x="20" y="292">${escaped(step.title)}</text>`;
  return `<g class="frame" style="animation-delay:${(i * SECONDS).toFixed(1)}s">${net}${title}${lines.join('')}</g>`;
});
const share = (100 / STEPS.length).toFixed(3);
const still = STEPS.length - 4; // the frame where nothing moves

writeFileSync(
  new URL('backpropagation.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="-14 0 ${WIDTH + 28} ${HEIGHT}" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif">
<title>One sample forward and backward through a net with two inputs, three hidden units and two classes: values, then gradients</title>
<style>
svg { --ink: #20262c; --soft: #5b6670; --paper: #fdfcf9; --panel: #f5f2ea; --edge: #85909a; --accent: #12507e; --blue: #0072b2; --orange: #c05200; --pink: #b3568a; }
@media (prefers-color-scheme: dark) { svg { --ink: #dde2e6; --soft: #9aa6b0; --paper: #14191e; --panel: #1a2027; --edge: #71808d; --accent: #8ec5ef; --blue: #5ab4ea; --orange: #ff9a4d; --pink: #e79ac6; } }
.ground { fill: var(--paper); }
text { font-size: 14px; fill: var(--ink); }
.caption { font-size: 13px; fill: var(--soft); text-anchor: middle; }
.name { fill: var(--soft); font-style: italic; }
.value, .gradient { text-anchor: end; font-weight: 600; }
.gradient { fill: var(--orange); }
.title { font-weight: 650; font-size: 16px; }
.node rect { fill: var(--paper); stroke: var(--edge); stroke-width: 1.2; }
.node.known rect { fill: var(--panel); }
.node.active rect { stroke: var(--accent); stroke-width: 3; }
.edge { stroke: var(--edge); opacity: 0.35; }
.edge.positive { stroke: var(--blue); } .edge.negative { stroke: var(--pink); stroke-dasharray: 7 4; }
.edge.active { opacity: 1; }
.frame { visibility: hidden; animation: show ${(SECONDS * STEPS.length).toFixed(1)}s step-end infinite; }
@keyframes show { 0% { visibility: visible; } ${share}% { visibility: hidden; } }
@media (prefers-reduced-motion: reduce) { .frame { animation: none; } .frame:nth-of-type(${still + 1}) { visibility: visible; } }
</style>
<rect class="ground" x="-14" width="100%" height="100%" rx="10"/>
${frames.join('\n')}
</svg>
`,
);
