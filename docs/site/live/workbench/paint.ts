import { escapeHtml } from '../text.js';

const TOKENS =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\b(\d[\d_.]*(?:e[+-]?\d+)?)\b|\b(class|extends|constructor|const|let|var|return|new|this|super|if|else|for|of|in|while|throw|function|static|typeof|undefined|null|true|false)\b|\b([A-Z]\w*)\b|\b([a-z]\w*)(?=\()/g;
const KINDS = ['c', 's', 'n', 'k', 't', 'f'];

/** JavaScript as HTML, in the colors of the site. It is painted below the text of the editor. */
export function paintedCode(code: string): string {
  let [html, end] = ['', 0];
  for (const match of code.matchAll(TOKENS)) {
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    html += `${escapeHtml(code.slice(end, match.index))}<span class="${kind}">${escapeHtml(match[0])}</span>`;
    end = match.index + match[0].length;
  }
  return html + escapeHtml(code.slice(end));
}
