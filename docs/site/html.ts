/** Escapes text for HTML, also for attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** The words of a piece of HTML, without its formulas and pictures. */
export function textOf(html: string): string {
  return html
    .replace(/<!--tex-->.*?<!--\/tex-->/gs, ' ')
    .replace(/<svg.*?<\/svg>/gs, ' ')
    .replace(/<\/?(?:a|b|code|em|i|kbd|span|strong|sub|sup)(?: [^>]*)?>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The anchor of a heading, after `#` in an address. */
export function anchorOf(heading: string): string {
  return (
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'part'
  );
}

/** The relative address of one page from another. Both are given from the root of the site. */
export function relativeUrl(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1);
  return `${up}${to}`;
}
