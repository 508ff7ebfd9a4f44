import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sources } from '../submission.js';
import type { TaskFile } from '../task.js';
import { TASK_FILES } from '../task-files.js';
import { scratchFolder } from './cleanup.js';
import { Compiler } from './compiler.js';
import type { CompiledFile } from './compiler-worker.js';
import { makeReadable, withheldFunctions, writeKit, writePackages } from './kit.js';
import { Session } from './session.js';

/** A kit of the library, for files for which the same sources are withheld. */
interface Kit {
  folder: string;
  harness: string;
  index: string;
}

/**
 * Where submissions run: a compiler, a scratch folder, and kits of the library. Of a submission's project only the text
 * of its source files gets here.
 */
export class Sandbox {
  private readonly folder = scratchFolder('handgrad-grade-');
  private readonly compiler = new Compiler();
  private readonly kits = new Map<string, Kit>();
  private workspaces = 0;

  constructor() {
    writePackages(this.folder);
  }

  /** Compiles a submission and makes a workspace for it. */
  async open(sources: Sources, files: readonly TaskFile[]): Promise<SubmissionWorkspace> {
    const compiled = await this.compiler.compile(sources);
    const name = String(++this.workspaces);
    return new SubmissionWorkspace(name, compiled, files, (withheld) => this.kit(withheld), this.folder);
  }

  /** Ends the compiler and removes the scratch folder. */
  close(): void {
    this.compiler.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private kit(withheld: readonly string[]): Kit {
    const key = withheld.join(' ');
    let kit = this.kits.get(key);
    if (!kit) {
      const folder = join(this.folder, `kit${this.kits.size + 1}`);
      kit = { folder, ...writeKit(folder, withheld) };
      this.kits.set(key, kit);
    }
    return kit;
  }
}

/** The sources of the tasks, and of files that would reveal them, except those that a file builds on. */
function withheldFor(file: TaskFile, files: readonly TaskFile[]): string[] {
  const used = TASK_FILES.filter(({ id }) => file.uses?.includes(id));
  const [asked, needed] = [files, used].map((some) =>
    some.flatMap(({ source, relatives = [] }) => [source, ...relatives]),
  );
  return [...new Set(asked)].filter((source) => !needed.includes(source)).sort();
}

/** A submission in the sandbox: its compiled files and its processes. */
export class SubmissionWorkspace {
  /** The files that did not compile, in sentences. */
  readonly remarks: string[];
  private readonly sessions = new Set<Session>();
  private readonly folders = new Set<string>();

  constructor(
    private readonly name: string,
    private readonly compiled: readonly CompiledFile[],
    private readonly files: readonly TaskFile[],
    private readonly kitWithout: (withheld: readonly string[]) => Kit,
    private readonly shared: string,
  ) {
    this.remarks = compiled.flatMap(({ error }) => (error === undefined ? [] : [error]));
  }

  /** Why a file cannot be graded at all, in a sentence. */
  problemWith(file: TaskFile): string | undefined {
    const found = this.compiled.find(({ path }) => path === `${file.id}.ts`);
    if (!found) return `src/${file.id}.ts does not exist.`;
    if (found.error !== undefined) return found.error;
    const withheld = withheldFor(file, this.files);
    const classes = TASK_FILES.filter(({ source }) => withheld.includes(source)).map(({ exports }) => exports);
    const names = [...classes, ...withheldFunctions(withheld)];
    const taken = found.imported.find((name) => names.includes(name));
    return (
      taken && `src/${file.id}.ts imports ${taken} from handgrad. That is a task of this assignment, or reveals one.`
    );
  }

  /** Where a function or a method is, such as `src/linear.ts:12`. Undefined if the file does not declare it. */
  placeOf(file: TaskFile, title: string): string | undefined {
    const line = this.compiled.find(({ path }) => path === `${file.id}.ts`)?.lines[title];
    return line === undefined ? undefined : `src/${file.id}.ts:${line}`;
  }

  /** Starts a process for a file. */
  start(file: TaskFile): Session {
    const { folder, harness, index } = this.kitWithout(withheldFor(file, this.files));
    const work = join(folder, 'submissions', `${this.name}-${file.id}`);
    if (!this.folders.has(work)) this.writeFiles(work, file);
    const readable = [join(this.shared, 'node_modules'), join(folder, 'node_modules'), work];
    const session = new Session({ work: join(work, 'src'), harness, index, readable });
    this.sessions.add(session);
    return session;
  }

  /** Ends the processes and removes the folders. */
  close(): void {
    for (const session of this.sessions) session.close();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }

  /** Writes the compiled files. Right versions replace those that this file builds on. */
  private writeFiles(folder: string, file: TaskFile): void {
    this.folders.add(folder);
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    write('package.json', '{ "type": "module" }');
    for (const { path, code } of this.compiled) if (code !== undefined) write(`src/${path.replace(/ts$/, 'js')}`, code);
    for (const { id, exports } of this.files.filter(({ id }) => file.uses?.includes(id))) {
      write(`src/${id}.js`, `export { ${exports} } from 'handgrad';\n`);
    }
    makeReadable(folder);
  }
}
