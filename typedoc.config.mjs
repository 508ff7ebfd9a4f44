import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import katex from 'katex';
import { JSX, RendererEvent } from 'typedoc';

/** The API's documentation, with its mathematics rendered as it is built: bad TeX fails the build. */
export default {
  entryPoints: ['src/index.ts', 'src/node.ts'],
  out: 'docs/api',
  name: 'handgrad',
  readme: 'README.md',
  treatWarningsAsErrors: true,
  sort: ['source-order'],
  disableSources: true,
  plugin: [withKatexStyles],
  markdownItLoader(md) {
    md.inline.ruler.before('escape', 'math', inlineMath);
    md.block.ruler.before('paragraph', 'math', blockMath, { alt: ['paragraph'] });
    md.renderer.rules.math = (tokens, i) => render(tokens[i].content, false);
    md.renderer.rules.mathBlock = (tokens, i) => `<p>${render(tokens[i].content, true)}</p>`;
  },
};

/** Puts KaTeX's stylesheet and fonts beside the pages, and a link to them into each. */
function withKatexStyles(app) {
  const katexFolder = dirname(createRequire(import.meta.url).resolve('katex'));
  app.renderer.hooks.on('head.end', (context) =>
    JSX.createElement('link', { rel: 'stylesheet', href: context.relativeURL('assets/katex/katex.min.css') }),
  );
  // A formula wider than a phone scrolls in itself, not with the page.
  app.renderer.hooks.on('head.end', () =>
    JSX.createElement('style', null, '.katex-display { overflow-x: auto; overflow-y: hidden; padding: 4px 0 }'),
  );
  app.renderer.on(RendererEvent.END, ({ outputDirectory }) => {
    const target = join(outputDirectory, 'assets', 'katex');
    mkdirSync(target, { recursive: true });
    cpSync(join(katexFolder, 'katex.min.css'), join(target, 'katex.min.css'));
    cpSync(join(katexFolder, 'fonts'), join(target, 'fonts'), { recursive: true });
  });
}

function render(tex, displayMode) {
  return katex.renderToString(tex, { displayMode, throwOnError: true });
}

function inlineMath(state, silent) {
  const match = /^\$(?!\s)([^$]+?)(?<!\s)\$/.exec(state.src.slice(state.pos));
  if (!match) return false;
  if (!silent) state.push('math', '', 0).content = match[1];
  state.pos += match[0].length;
  return true;
}

function blockMath(state, start, end, silent) {
  const lines = [];
  for (let line = start; line < end; line++) {
    lines.push(state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]));
    const text = lines.join('\n');
    if (line === start && !text.startsWith('$$')) return false;
    const match = /^\$\$([^$]+)\$\$\s*$/.exec(text);
    if (!match) continue;
    if (!silent) {
      state.push('mathBlock', '', 0).content = match[1];
      state.line = line + 1;
    }
    return true;
  }
  return false;
}
