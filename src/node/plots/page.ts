/** One part of a page: HTML that is put in as it is. */
export interface Section {
  heading: string;
  html: string;
}

/**
 * A page that needs nothing but itself, to be opened from a disk as from a server: its pictures are in it.
 *
 * @returns the text of an HTML file
 */
export function htmlPage(title: string, sections: readonly Section[]): string {
  const body = sections.map(({ heading, html }) => `<section>\n<h2>${escapeHtml(heading)}</h2>\n${html}\n</section>`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style></head>`,
    `<body>\n<h1>${escapeHtml(title)}</h1>`,
    ...body,
    '</body></html>\n',
  ].join('\n');
}

/** Rows as a table, the first of them its header; columns of numbers to the right. */
export function htmlTable([header, ...rows]: readonly (readonly string[])[]): string {
  const numeric = numericColumns(header, rows);
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell, c) => `<${tag}${numeric[c] ? ' class="number"' : ''}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const lines = [line(header, 'th'), ...rows.map((row) => line(row, 'td'))];
  return `<div class="wide"><table>\n${lines.join('\n')}\n</table></div>`;
}

/** The same in Markdown. */
export function markdownTable([header, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const sides = numericColumns(header, rows).map((numeric) => (numeric ? '---:' : '---'));
  return [line(header), line(sides), ...rows.map(line)].join('\n');
}

function numericColumns(header: readonly string[], rows: readonly (readonly string[])[]): boolean[] {
  return header.map((_, c) => {
    const cells = rows.map((row) => row[c]).filter((cell) => cell !== '–'); // a dash is a number that is not there
    return cells.length > 0 && cells.every((cell) => NUMBER.test(cell));
  });
}

/** Text as it may stand in HTML, also within quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A cell that begins as a number does: `0.4912 ± 0.0053`, `+0.002`, `10,000`, `3.1 min`. */
const NUMBER = /^[+−-]?\d[\d.,]*( ± [\d.]+| s| min| h)?$/;

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: white; max-width: 1160px; margin: 2em auto; padding: 0 1em }
h1 { line-height: 1.2 } h2 { margin-top: 2em; font-size: 1.2em }
table { border-collapse: collapse } td, th { padding: 3px 10px; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.wide { overflow-x: auto } svg { max-width: 100%; height: auto }
pre { background: #f4f4f4; padding: 8px 12px; white-space: pre-wrap; overflow-wrap: anywhere }
`;
