import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Sources } from '../submission.js';
import type { TaskFile } from '../task.js';
import { Compiler } from './compiler.js';
import type { CompiledFile } from './compiler-worker.js';
import { writeKit, writePackages } from './kit.js';
import { Session } from './session.js';

/** The files of an assignment that are graded in one process: those for which the same answers are withheld. */
interface Group {
  folder: string;
  withheld: readonly TaskFile[];
  harness: string;
  index: string;
}

/**
 * Where submissions are tried: a compiler, a scratch folder, and a kit for each group of files, all made anew from this
 * library. Nothing of a submission's own project but the text of its files gets here.
 */
export class Bench {
  private readonly folder: string;
  private readonly compiler = new Compiler();
  private readonly groups = new Map<string, Group>();
  private visits = 0;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'handgrad-grade-'));
    chmodSync(this.folder, 0o711); // another user may go through it, and list nothing
    writePackages(this.folder);
  }

  /** Compiles a submission and makes room for it. */
  async receive(sources: Sources, files: readonly TaskFile[]): Promise<Visit> {
    const compiled = await this.compiler.compile(sources);
    return new Visit(String(++this.visits), compiled, files, (file) => this.groupOf(file, files), this.folder);
  }

  /** Ends the compiler and removes the scratch folder. */
  close(): void {
    this.compiler.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private groupOf(file: TaskFile, files: readonly TaskFile[]): Group {
    const withheld = files.filter(({ id }) => !file.uses?.includes(id));
    const key = withheld.map(({ id }) => id).join(' ');
    let group = this.groups.get(key);
    if (!group) {
      const folder = join(this.folder, `kit${this.groups.size + 1}`);
      group = { folder, withheld, ...writeKit(folder, withheld) };
      this.groups.set(key, group);
    }
    return group;
  }
}

/** A submission on the bench. */
export class Visit {
  /** What did not compile: sentences. */
  readonly remarks: string[];
  private readonly sessions = new Map<Group, Session>();
  private readonly rooms = new Set<string>();
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

  /** Why a file cannot be tried at all, in a sentence. */
  problemWith(file: TaskFile): string | undefined {
    const found = this.compiled.find(({ path }) => path === `${file.id}.ts`);
    if (!found) return `there is no src/${file.id}.ts`;
    if (found.error !== undefined) return found.error;
    const { withheld } = this.groupOf(file);
    const taken = found.imported.find((name) => withheld.some(({ exports }) => exports === name));
    return taken && `src/${file.id}.ts imports ${taken} from handgrad: that is a task of this assignment`;
  }

  /** A living process for a file; a new one where the last has ended. */
  session(file: TaskFile): Session {
    const group = this.groupOf(file);
    const before = this.sessions.get(group);
    if (before && !before.ended) return before;
    if (before) this.past += before.printed;
    const room = join(group.folder, 'work', this.name);
    if (!this.rooms.has(room)) this.furnish(room, file);
    const readable = [join(this.shared, 'node_modules'), join(group.folder, 'node_modules'), room];
    const session = new Session({ work: join(room, 'src'), harness: group.harness, index: group.index, readable });
    this.sessions.set(group, session);
    return session;
  }

  /** What it printed. */
  get printed(): string {
    return (this.past + [...this.sessions.values()].map(({ printed }) => printed).join('')).slice(0, 4000);
  }

  /** Ends its processes and clears its rooms. */
  leave(): void {
    for (const session of this.sessions.values()) session.close();
    for (const room of this.rooms) rmSync(room, { recursive: true, force: true });
  }

  /** Its compiled files, with right ones in the place of those that this file builds on. */
  private furnish(room: string, file: TaskFile): void {
    this.rooms.add(room);
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(room, path)), { recursive: true });
      writeFileSync(join(room, path), text);
    };
    write('package.json', '{ "type": "module" }');
    for (const { path, code } of this.compiled) if (code !== undefined) write(`src/${path.replace(/ts$/, 'js')}`, code);
    for (const { id, exports } of this.files.filter(({ id }) => file.uses?.includes(id))) {
      write(`src/${id}.js`, `export { ${exports} } from 'handgrad';\n`);
    }
  }
}
