import katex from 'katex';
import type MarkdownIt from 'markdown-it';
import type { StateBlock, StateInline } from 'markdown-it';

/** The maximum length of TeX for a formula that is not broken into two lines. */
const SHORT = 34;

/** Renders `$…$` and `$$…$$` in Markdown with KaTeX. Wrong TeX throws an error. */
export function withMathematics(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'math', inlineMath);
  md.block.ruler.before('paragraph', 'math', blockMath, { alt: ['paragraph', 'list', 'blockquote'] });
  md.renderer.rules.math = (tokens, i) => {
    const { content, info } = tokens[i];
    const html = `${render(content, false)}${info}`;
    return info !== '' || content.length <= SHORT ? `<span class="whole">${html}</span>` : html;
  };
  md.renderer.rules.mathBlock = (tokens, i) => `<div class="formula">${render(tokens[i].content, true)}</div>\n`;
}

function render(tex: string, displayMode: boolean): string {
  try {
    return `<!--tex-->${katex.renderToString(tex, { displayMode, throwOnError: true, strict: 'error' })}<!--/tex-->`;
  } catch (cause) {
    throw new Error(`KaTeX cannot set ${tex.trim()}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function inlineMath(state: StateInline, silent: boolean): boolean {
  const match = /^\$(?!\s)([^$]+?)(?<!\s)\$([,.;:?!)]*)/.exec(state.src.slice(state.pos));
  if (!match) return false;
  if (!silent) {
    const token = state.push('math', '', 0);
    token.content = match[1];
    token.info = match[2]; // set with the formula, or it might begin the next line
  }
  state.pos += match[0].length;
  return true;
}

function blockMath(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const lines: string[] = [];
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
