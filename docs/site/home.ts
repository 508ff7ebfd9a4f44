import { checkLayer, Random, Softmax } from '../../src/index.js';
import { coloredLines } from './color.js';
import { cut } from './cut.js';
import { besideMethods } from './derivation.js';
import { escapeHtml, textOf } from './html.js';
import { markdownHtml } from './markdown.js';
import { type Page, readText } from './site.js';

/** The first page: what this is, shown by one layer, and the ways in. */
export function homePage(guide: readonly Page[], source: readonly Page[], notebooks: readonly Page[]): Page {
  const chapters = guide.map(({ url, title }) => `<li><a href="${url}">${escapeHtml(title)}</a></li>`).join('');
  const cases = source.filter(({ html }) => html.includes('id="checked"'));
  const html = `
<div class="hero">
<h1>Backpropagation, written out by hand</h1>
<p class="lead">handgrad is a neural-network library in which every gradient is derived in the comment above it, written as a few lines of TypeScript below it, and proven by finite differences. These pages are made from that code: what you read is what runs.</p>
</div>
${sample()}
<div class="ways">
<section><h2><a href="${guide[0].url}">The guide</a></h2><p>From arrays and the chain rule to layer norm’s backward and a trained net, with school calculus and no gaps. Every snippet ran as these pages were built.</p><ol>${chapters}</ol></section>
<section><h2><a href="source/layers/linear.html">The annotated source</a></h2><p>${source.length} files as they are, the derivation on the left and the code that it explains on the right. ${cases.length} of the pages prove their gradients as they are built: by differences, beside PyTorch, and against mistakes made on purpose.</p><ul>
<li><a href="source/layers/linear.html">Linear</a>: the chain rule once, slowly</li>
<li><a href="source/layers/softmax.html">Softmax</a>: every output depends on every input</li>
<li><a href="source/layers/layer-norm.html">LayerNorm</a>: the hardest derivation, to the end</li>
<li><a href="source/gradcheck/check-layer.html">checkLayer</a>: how to know that all of it is right</li>
</ul></section>
<section><h2><a href="${notebooks[0]?.url ?? 'api/index.html'}">The notebooks</a></h2><p>To change and run: ${notebooks.length} notebooks in TypeScript, with exercises and hidden answers. <code>npm run notebooks</code> opens them in Jupyter.</p>
<h2><a href="results/results.html">What was measured</a></h2><p><a href="results/results.html">Accuracies</a> on the real CIFAR-10, and <a href="results/performance.html">speed</a> beside other libraries.</p>
<h2><a href="api/modules/handgrad.html">The API</a></h2><p>Every public name, with shapes, errors and sources.</p></section>
</div>
<section class="start"><h2>Two commands</h2>
<pre class="code bash" tabindex="0"><code>npm ci &amp;&amp; npm start   # trains a net on CIFAR-10, and shows what it learned
npm ci &amp;&amp; npm test    # checks every gradient, and all the rest</code></pre>
<p>In a clone of the repository, with Node 20 or newer; no compiler, no GPU, no Python.</p></section>`;
  return {
    url: 'index.html',
    title: 'handgrad: backpropagation, written out by hand',
    part: 'Home',
    layout: 'home',
    html,
    passages: [{ heading: 'handgrad', anchor: '', text: textOf(html) }],
  };
}

/** What the gradient check says of it, now. */
function proof(): string {
  const rng = new Random(1);
  const report = checkLayer(new Softmax(), rng.normal([3, 5], { dtype: 'float64' }), { rng });
  if (!report.passed) throw new Error(String(report));
  return `<pre class="output"><samp>${escapeHtml(String(report))}</samp></pre>`;
}

/** The backward of softmax, cut from its file as its own page cuts it. */
function sample(): string {
  const rows = besideMethods(cut(readText('src/layers/softmax.ts'), 'softmax.ts'));
  const backward = rows.find(({ name }) => name === 'backward');
  if (!backward) throw new Error('src/layers/softmax.ts has no backward to show on the first page');
  const lines = coloredLines(backward.code.replace(/\n}$/, '').replace(/^ {2}/gm, '')).map(
    (line) => `<li style="--indent:${/^ */.exec(line)?.[0].length ?? 0}"><code>${line.trimStart() || ' '}</code></li>`,
  );
  return `<a class="sample" href="source/layers/softmax.html#backward" aria-label="The annotated source of softmax"><div class="prose">${markdownHtml(backward.prose)}</div><div class="code"><ol class="lines plain">${lines.join('')}</ol>${proof()}</div></a>`;
}
