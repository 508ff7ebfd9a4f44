import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { OUT } from './site.js';

const require = createRequire(import.meta.url);

/** Copies the stylesheet and the fonts of KaTeX, and the fonts of the site. */
export function copyFonts(): void {
  const katex = dirname(require.resolve('katex'));
  const target = join(OUT, 'assets', 'katex');
  mkdirSync(join(target, 'fonts'), { recursive: true });
  cpSync(join(katex, 'katex.min.css'), join(target, 'katex.min.css'));
  for (const font of readdirSync(join(katex, 'fonts')))
    if (font.endsWith('.woff2')) cpSync(join(katex, 'fonts', font), join(target, 'fonts', font));
  const fonts = join(OUT, 'assets', 'fonts');
  mkdirSync(fonts, { recursive: true });
  for (const [family, styles] of [
    ['source-serif-4', ['normal', 'italic']],
    ['source-code-pro', ['normal', 'italic']],
  ] as const) {
    const files = join(dirname(require.resolve(`@fontsource-variable/${family}/package.json`)), 'files');
    for (const style of styles)
      cpSync(join(files, `${family}-latin-wght-${style}.woff2`), join(fonts, `${family}-${style}.woff2`));
  }
}
