import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Inserts the icons into each page of TypeDoc: a page in a file system must not read them from another file. */
export function inlineIcons(folder: string): void {
  const all = readFileSync(join(folder, 'assets', 'icons.svg'), 'utf8');
  const symbols = [...all.matchAll(/<(symbol|svg|g)\b[^>]*\bid="(icon-[^"]+)"[^>]*>[\s\S]*?<\/\1>/g)].map(
    ([text, , id]) => ({ text, id }),
  );
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  )) {
    const html = readFileSync(join(folder, name), 'utf8').replace(/href="[^"#]*assets\/icons\.svg#/g, 'href="#');
    const inner = symbols
      .filter(({ id }) => html.includes(`href="#${id}"`))
      .map(({ text }) => text)
      .join('');
    const icons = `<svg xmlns="http://www.w3.org/2000/svg" style="display:none" aria-hidden="true">${inner}</svg>`;
    writeFileSync(
      join(folder, name),
      html.replace('</body>', () => `${icons}</body>`).replace(/<script[^>]*assets\/icons\.js[^>]*><\/script>/, ''),
    );
  }
}
