/** Text as it may stand in HTML, also within quotes. */
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

/** A heading as the part of an address after `#`. */
export function anchorOf(heading: string): string {
  return (
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'part'
  );
}

/** The way from one page to another, both given from the site's root. */
export function relativeUrl(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1);
  return `${up}${to}`;
}
