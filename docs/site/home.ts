import { checkLayer, Random, Softmax } from '../../src/index.js';
import { coloredLines } from './color.js';
import { cut } from './cut.js';
import { besideMethods } from './derivation.js';
import { escapeHtml, textOf } from './html.js';
import { markdownHtml } from './markdown.js';
import { type Page, readText } from './site.js';

/** The home page: what the library is, one layer as an example, and links to the parts of the site. */
export function homePage(guide: readonly Page[], source: readonly Page[], notebooks: readonly Page[]): Page {
  const chapters = guide.map(({ url, title }) => `<li><a href="${url}">${escapeHtml(title)}</a></li>`).join('');
  const cases = source.filter(({ html }) => html.includes('id="checked"'));
  const html = `
<div class="hero">
<h1>Backpropagation, written out by hand</h1>
<p class="lead">handgrad is a neural-network library in which every gradient is derived in the comment above it, written as a few lines of TypeScript below it, and checked with finite differences. These pages are made from that code: you read what runs.</p>
</div>
${sample()}
<div class="ways">
<section><h2><a href="${guide[0].url}">The guide</a></h2><p>From arrays and the chain rule to the backward of layer norm and a trained net, with school calculus and no gaps. Every code block was run when these pages were built.</p><ol>${chapters}</ol></section>
<section><h2><a href="source/layers/linear.html">The annotated source</a></h2><p>${source.length} source files, with the derivation on the left and its code on the right. ${cases.length} of the pages check their gradients when they are built: with finite differences, against PyTorch, and against mistakes made on purpose.</p><ul>
<li><a href="source/layers/linear.html">Linear</a>: the chain rule, step by step</li>
<li><a href="source/layers/softmax.html">Softmax</a>: every output depends on every input</li>
<li><a href="source/layers/layer-norm.html">LayerNorm</a>: the hardest derivation</li>
<li><a href="source/gradcheck/check-layer.html">checkLayer</a>: how the gradients are checked</li>
</ul></section>
<section><h2><a href="${notebooks[0]?.url ?? 'api/index.html'}">The notebooks</a></h2><p>${notebooks.length} notebooks in TypeScript in which you write the layers: each exercise grades your code on the spot, with a hidden solution. <code>npm run notebooks</code> opens them in Jupyter.</p>
<h2><a href="results/results.html">Results</a></h2><p><a href="results/results.html">Accuracies</a> on the real CIFAR-10, and <a href="results/performance.html">speed</a> compared with other libraries.</p>
<h2><a href="api/modules/handgrad.html">The API</a></h2><p>Every public name, with shapes, errors and sources.</p></section>
</div>
<section class="start"><h2>Two commands</h2>
<pre class="code bash" tabindex="0"><code>npm ci &amp;&amp; npm start   # trains a net on CIFAR-10, and shows what it learned
npm ci &amp;&amp; npm test    # checks every gradient and everything else</code></pre>
<p>Run them in a clone of the repository, with Node 20.19, 22.12 or newer. You need no compiler, no GPU and no Python.</p></section>`;
  return {
    url: 'index.html',
    title: 'handgrad: backpropagation, written out by hand',
    part: 'Home',
    layout: 'home',
    html,
    passages: [{ heading: 'handgrad', anchor: '', text: textOf(html) }],
  };
}

/** The report of its gradient check. */
function checkReport(): string {
  const rng = new Random(1);
  const report = checkLayer(new Softmax(), rng.normal([3, 5], { dtype: 'float64' }), { rng });
  if (!report.passed) throw new Error(String(report));
  return `<pre class="output"><samp>${escapeHtml(String(report))}</samp></pre>`;
}

/** The backward of softmax, as on its own page. */
function sample(): string {
  const rows = besideMethods(cut(readText('src/layers/softmax.ts'), 'softmax.ts'));
  const backward = rows.find(({ name }) => name === 'backward');
  if (!backward) throw new Error('src/layers/softmax.ts has no backward to show on the first page');
  const lines = coloredLines(backward.code.replace(/\n}$/, '').replace(/^ {2}/gm, '')).map(
    (line) => `<li style="--indent:${/^ */.exec(line)?.[0].length ?? 0}"><code>${line.trimStart() || ' '}</code></li>`,
  );
  return `<a class="sample" href="source/layers/softmax.html#backward"><div class="prose">${markdownHtml(backward.prose)}</div><div class="code"><ol class="lines plain">${lines.join('')}</ol>${checkReport()}</div></a>`;
}
