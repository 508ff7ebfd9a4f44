import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError, messageOf } from '../../array/index.js';
import type { Sources } from '../submission.js';
import type { TaskFile } from '../task.js';
import { TASK_FILES } from '../task-files.js';
import { scratchFolder } from './cleanup.js';
import { Compiler } from './compiler.js';
import type { CompiledFile } from './compiler-worker.js';
import { ENFORCED, isolation } from './isolation.js';
import { makeReadable, writeLibraryBundle, writePackages } from './library-bundle.js';
import { Session } from './session.js';
import type { Request } from './wire.js';

/** The milliseconds that a process may take to start. */
const START_LIMIT = 20_000;

/** The files of an assignment that share a process, because the same sources are withheld for them. */
interface Group {
  folder: string;
  withheld: readonly string[];
  harness: string;
  index: string;
}

/**
 * Where submissions run: a compiler, a scratch folder, and one library bundle for each group of files. Of a
 * submission's project only the text of its source files gets here.
 */
export class Sandbox {
  private readonly folder = scratchFolder('handgrad-grade-');
  private readonly compiler = new Compiler();
  private readonly groups = new Map<string, Group>();
  private workspaces = 0;
  private checked: Promise<void> | undefined;

  constructor() {
    writePackages(this.folder);
  }

  /**
   * Tests once whether the sandbox works.
   *
   * @throws InputError when nothing does, not even what is right: nobody's points may hang on that
   */
  ready(files: readonly TaskFile[]): Promise<void> {
    this.checked ??= this.check(files);
    return this.checked;
  }

  /**
   * Compiles a submission and makes a workspace for it.
   *
   * @throws InputError when no submission can run on this system
   */
  async open(sources: Sources, files: readonly TaskFile[]): Promise<Workspace> {
    await this.ready(files);
    return this.workspace(await this.compiler.compile(sources), files);
  }

  /** Ends the compiler and removes the scratch folder. */
  close(): void {
    this.compiler.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private workspace(compiled: readonly CompiledFile[], files: readonly TaskFile[]): Workspace {
    return new Workspace(String(++this.workspaces), compiled, files, (file) => this.groupOf(file, files), this.folder);
  }

  private async check(files: readonly TaskFile[]): Promise<void> {
    const workspace = this.workspace([], files);
    try {
      const request: Request = { op: 'library', as: 'any', name: 'Random', args: [1] };
      const { error } = await workspace.session(files[0], false).ask(request, START_LIMIT);
      if (error) throw new Error(error.message);
    } catch (cause) {
      const message = `no submission can run on this system, isolated by ${ENFORCED[isolation()]}: ${messageOf(cause)}`;
      throw new InputError(message, { cause });
    } finally {
      workspace.close();
    }
  }

  private groupOf(file: TaskFile, files: readonly TaskFile[]): Group {
    const needed = (file.uses ?? []).map((id) => sourceOf(id));
    const asked = files.flatMap(({ source, relatives = [] }) => [source, ...relatives]);
    const withheld = [...new Set(asked)].filter((source) => !needed.includes(source)).sort();
    const key = withheld.join(' ');
    let group = this.groups.get(key);
    if (!group) {
      const folder = join(this.folder, `bundle${this.groups.size + 1}`);
      group = { folder, withheld, ...writeLibraryBundle(folder, withheld) };
      this.groups.set(key, group);
    }
    return group;
  }
}

function sourceOf(id: string): string | undefined {
  return TASK_FILES.find((file) => file.id === id)?.source;
}

/** A submission in the sandbox: its compiled files and its processes. */
export class Workspace {
  /** The files that did not compile, in sentences. */
  readonly remarks: string[];
  private readonly open = new Map<Group, Session>();
  private readonly hidden = new Map<Group, Session>();
  private readonly folders = new Set<string>();
  private past = '';

  constructor(
    private readonly name: string,
    private readonly compiled: readonly CompiledFile[],
    private readonly files: readonly TaskFile[],
    private readonly groupOf: (file: TaskFile) => Group,
    private readonly shared: string,
  ) {
    this.remarks = compiled.flatMap(({ error }) => (error === undefined ? [] : [error]));
  }

  /** Why a file cannot be graded at all, in a sentence. */
  problemWith(file: TaskFile): string | undefined {
    const found = this.compiled.find(({ path }) => path === `${file.id}.ts`);
    if (!found) return `src/${file.id}.ts does not exist.`;
    if (found.error !== undefined) return found.error;
    const { withheld } = this.groupOf(file);
    const names = TASK_FILES.filter(({ source }) => withheld.includes(source)).map(({ exports }) => exports);
    const taken = found.imported.find((name) => names.includes(name));
    return (
      taken && `src/${file.id}.ts imports ${taken} from handgrad. That is a task of this assignment, or reveals one.`
    );
  }

  /**
   * The process for a file. Starts a new one if the last has ended.
   *
   * @param hidden whether it is for hidden cases, which have a process of their own; its output is dropped, because
   * students read what their program prints
   */
  session(file: TaskFile, hidden: boolean): Session {
    const group = this.groupOf(file);
    const sessions = hidden ? this.hidden : this.open;
    const before = sessions.get(group);
    if (before && !before.ended) return before;
    if (before && !hidden) this.past += before.printed;
    const folder = join(group.folder, 'work', this.name);
    if (!this.folders.has(folder)) this.writeFiles(folder, file);
    const readable = [join(this.shared, 'node_modules'), join(group.folder, 'node_modules'), folder];
    const session = new Session({ work: join(folder, 'src'), harness: group.harness, index: group.index, readable });
    sessions.set(group, session);
    return session;
  }

  /** Waits until the processes have ended, and returns what they printed. */
  async printed(): Promise<string> {
    const open = [...this.open.values()];
    await Promise.all(open.map((session) => session.finish()));
    return (this.past + open.map(({ printed }) => printed).join('')).slice(0, 4000);
  }

  /** Ends the processes and removes the folders. */
  close(): void {
    for (const session of [...this.open.values(), ...this.hidden.values()]) session.close();
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
