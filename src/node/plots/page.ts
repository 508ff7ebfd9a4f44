/** A section of a page. Its HTML is inserted unchanged. */
export interface Section {
  heading?: string;
  html: string;
}

/**
 * A page in one file: it contains its pictures, so it can be opened from a disk or a server.
 *
 * @returns the text of an HTML file
 */
export function htmlPage(title: string, sections: readonly Section[]): string {
  const body = sections.map(({ heading, html }) => {
    const title = heading === undefined ? '' : `<h2>${escapeHtml(heading)}</h2>\n`;
    return `<section>\n${title}${html}\n</section>`;
  });
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

/** An HTML table. The first row is the header. Columns of numbers are aligned to the right. */
export function htmlTable([header, ...rows]: readonly (readonly string[])[]): string {
  const numeric = numericColumns(header, rows);
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell, c) => `<${tag}${numeric[c] ? ' class="number"' : ''}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const lines = [line(header, 'th'), ...rows.map((row) => line(row, 'td'))];
  return `<div class="wide"><table>\n${lines.join('\n')}\n</table></div>`;
}

/** The same table in Markdown. */
export function markdownTable([header, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const sides = numericColumns(header, rows).map((numeric) => (numeric ? '---:' : '---'));
  return [line(header), line(sides), ...rows.map(line)].join('\n');
}

function numericColumns(header: readonly string[], rows: readonly (readonly string[])[]): boolean[] {
  return header.map((_, c) => {
    const cells = rows.map((row) => row[c]).filter((cell) => cell !== '–'); // a dash is a missing number
    return cells.length > 0 && cells.every((cell) => NUMBER.test(cell));
  });
}

/** Escapes text for HTML, also for attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A cell with a number: `0.4912 ± 0.0053`, `+0.002`, `10,000`, `3.1 min`. */
const NUMBER = /^[+−-]?\d[\d.,]*( ± [\d.]+| s| min| h)?$/;

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: white; max-width: 1160px; margin: 2em auto; padding: 0 1em }
h1 { line-height: 1.2 } h2 { margin-top: 2em; font-size: 1.2em }
table { border-collapse: collapse } td, th { padding: 3px 10px; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.wide { overflow-x: auto } svg { max-width: 100%; height: auto }
pre { background: #f4f4f4; padding: 8px 12px; white-space: pre-wrap; overflow-wrap: anywhere }
`;
