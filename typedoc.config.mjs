import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import katex from 'katex';

/** The API's documentation, with its mathematics rendered as it is built: bad TeX fails the build. */
export default {
  entryPoints: ['src/index.ts', 'src/node.ts'],
  out: 'docs/api',
  name: 'handgrad',
  readme: 'README.md',
  treatWarningsAsErrors: true,
  sort: ['source-order'],
  customCss: 'docs/assets/katex.css',
  markdownItLoader(md) {
    md.inline.ruler.before('escape', 'math', inlineMath);
    md.block.ruler.before('paragraph', 'math', blockMath, { alt: ['paragraph'] });
    md.renderer.rules.math = (tokens, i) => render(tokens[i].content, false);
    md.renderer.rules.mathBlock = (tokens, i) => `<p>${render(tokens[i].content, true)}</p>`;
  },
};

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
