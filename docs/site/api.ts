import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Application, JSX, ReflectionKind, RendererEvent } from 'typedoc';
import { withMathematics } from './mathematics.js';
import { OUT, type Passage } from './site.js';

const require = createRequire(import.meta.url);

/** Something of the API that the search can find. */
export interface ApiEntry extends Passage {
  url: string;
}

/**
 * Builds the API's pages into `api/`, with the mathematics of their comments set.
 *
 * @throws Error when TypeDoc warns of anything: a name without documentation, a link that leads nowhere, bad TeX
 */
export async function buildApi(root: string): Promise<ApiEntry[]> {
  const app = await Application.bootstrapWithPlugins({
    entryPoints: [join(root, 'src/index.ts'), join(root, 'src/node.ts')],
    tsconfig: join(root, 'tsconfig.json'),
    name: 'handgrad API',
    readme: 'none',
    treatWarningsAsErrors: true,
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    requiredToBeDocumented: ['Module', 'Class', 'Interface', 'TypeAlias', 'Function', 'Variable', 'Method'],
    sort: ['source-order'],
    disableSources: true,
    logLevel: 'Warn',
    markdownItLoader: withMathematics,
  });
  app.renderer.hooks.on('head.end', (context) =>
    JSX.createElement('link', { rel: 'stylesheet', href: context.relativeURL('../assets/katex/katex.min.css') }),
  );
  app.renderer.hooks.on('head.end', (context) =>
    JSX.createElement('link', { rel: 'stylesheet', href: context.relativeURL('../assets/api.css') }),
  );
  app.renderer.hooks.on('body.begin', (context) =>
    JSX.createElement(
      'a',
      { class: 'to-site', href: context.relativeURL('../index.html') },
      '← handgrad: the guide and the annotated source',
    ),
  );
  const entries: ApiEntry[] = [];
  app.renderer.on(RendererEvent.END, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(
      ReflectionKind.SomeModule |
        ReflectionKind.Class |
        ReflectionKind.Interface |
        ReflectionKind.Function |
        ReflectionKind.TypeAlias |
        ReflectionKind.Variable |
        ReflectionKind.Method |
        ReflectionKind.Property,
    )) {
      const address = app.renderer.router?.hasUrl(reflection) ? app.renderer.router.getFullUrl(reflection) : undefined;
      if (!address || reflection.flags.isInherited || reflection.isProject()) continue;
      const [url, anchor = ''] = `api/${address}`.split('#');
      const comment =
        reflection.comment ?? (reflection.isDeclaration() ? reflection.signatures?.[0]?.comment : undefined);
      const text = (comment?.summary ?? [])
        .map((part) => part.text)
        .join('')
        .replace(/\$+/g, ' ')
        .replace(/\s+/g, ' ');
      const parent =
        reflection.parent && !reflection.parent.kindOf(ReflectionKind.SomeModule | ReflectionKind.Project)
          ? `${reflection.parent.name}.`
          : '';
      entries.push({ url, anchor, heading: `${parent}${reflection.name}`, text: text.slice(0, 400) });
    }
  });
  const project = await app.convert();
  if (!project || app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('TypeDoc found something wrong, see above');
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc found something wrong, see above');
  await app.generateDocs(project, join(OUT, 'api'));
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc found something wrong, see above');
  inlineIcons(join(OUT, 'api'));
  return entries;
}

/** Puts the icons of each page into the page: one that lies in a file system may not read them from another file. */
function inlineIcons(folder: string): void {
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

/** Puts KaTeX's stylesheet and fonts, and the site's own fonts, beside the pages. */
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

/** The text of a file of this folder's assets. */
export function asset(name: string): string {
  return readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');
}
