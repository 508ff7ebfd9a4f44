import { join } from 'node:path';
import { Application, JSX, type ProjectReflection, type Reflection, ReflectionKind, RendererEvent } from 'typedoc';
import { inlineIcons } from './icons.js';
import { withMathematics } from './mathematics.js';
import { OUT, type Passage } from './site.js';

/** An entry of the API for the search. */
export interface ApiEntry extends Passage {
  url: string;
}

/**
 * The kinds of names that must have a comment: all with their own place on a page. `Function`, `Method` and
 * `Constructor` require it for each signature, `Accessor` for its getter and its setter.
 */
const DOCUMENTED: readonly ReflectionKind.KindString[] = [
  'Module',
  'Namespace',
  'Class',
  'Interface',
  'TypeAlias',
  'Enum',
  'EnumMember',
  'Function',
  'Variable',
  'Constructor',
  'Method',
  'Accessor',
  'Property',
  'IndexSignature',
];

/** The kinds of names that the search finds. */
const SOUGHT =
  ReflectionKind.SomeModule |
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.Function |
  ReflectionKind.TypeAlias |
  ReflectionKind.Variable |
  ReflectionKind.Method |
  ReflectionKind.Property;

/**
 * Builds the pages of the API into `api/`, with rendered formulas.
 *
 * @throws Error for every warning of TypeDoc: a name without documentation, a broken link, bad TeX
 */
export async function buildApi(root: string): Promise<ApiEntry[]> {
  const app = await Application.bootstrapWithPlugins({
    entryPoints: ['index', 'node', 'autodiff', 'validation', 'weights'].map((name) => join(root, `src/${name}.ts`)),
    tsconfig: join(root, 'tsconfig.json'),
    name: 'handgrad API',
    readme: 'none',
    treatWarningsAsErrors: true,
    // The tables of settings: RunConfig derives from them, and `handgrad train --help` documents them.
    intentionallyNotExported: ['RUN_SETTINGS', 'ValuesOf', 'OptimizerSettings', 'ModelConfig', 'PartialModelConfig'],
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    requiredToBeDocumented: [...DOCUMENTED],
    sort: ['source-order'],
    disableSources: true,
    logLevel: 'Warn',
    markdownItLoader: withMathematics,
  });
  addToPages(app);
  let entries: ApiEntry[] = [];
  app.renderer.on(RendererEvent.END, ({ project }) => {
    entries = entriesOf(app, project);
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc found something wrong, see above');
  throwIfWarned(app);
  app.validate(project);
  throwIfWarned(app);
  await app.generateDocs(project, join(OUT, 'api'));
  throwIfWarned(app);
  inlineIcons(join(OUT, 'api'));
  return entries;
}

function throwIfWarned({ logger }: Application): void {
  if (logger.hasErrors() || logger.hasWarnings()) throw new Error('TypeDoc found something wrong, see above');
}

/** The stylesheets of the site, its script for formulas, and the way back to it. */
function addToPages({ renderer }: Application): void {
  for (const style of ['katex/katex.min.css', 'api.css'])
    renderer.hooks.on('head.end', (context) =>
      JSX.createElement('link', { rel: 'stylesheet', href: context.relativeURL(`../assets/${style}`) }),
    );
  renderer.hooks.on('head.end', (context) =>
    JSX.createElement('script', { defer: true, src: context.relativeURL('../assets/formulas.js') }),
  );
  renderer.hooks.on('body.begin', (context) =>
    JSX.createElement(
      'a',
      { class: 'to-site', href: context.relativeURL('../index.html') },
      '← handgrad: the guide and the annotated source',
    ),
  );
}

/** The names that have a place on a page, each once: not where they are inherited. */
function entriesOf({ renderer }: Application, project: ProjectReflection): ApiEntry[] {
  return project.getReflectionsByKind(SOUGHT).flatMap((reflection) => {
    const address = renderer.router?.hasUrl(reflection) ? renderer.router.getFullUrl(reflection) : undefined;
    if (!address || reflection.flags.isInherited || reflection.isProject()) return [];
    const [url, anchor = ''] = `api/${address}`.split('#');
    return [{ url, anchor, heading: headingOf(reflection), text: summaryOf(reflection).slice(0, 400) }];
  });
}

function headingOf({ name, parent }: Reflection): string {
  const isMember = parent && !parent.kindOf(ReflectionKind.SomeModule | ReflectionKind.Project);
  return isMember ? `${parent.name}.${name}` : name;
}

/** What a comment says before its tags, in plain words. */
function summaryOf(reflection: Reflection): string {
  const ofSignature = reflection.isDeclaration() ? reflection.signatures?.[0]?.comment : undefined;
  const parts = (reflection.comment ?? ofSignature)?.summary ?? [];
  return parts
    .map((part) => part.text)
    .join('')
    .replace(/\$+/g, ' ')
    .replace(/\s+/g, ' ');
}
