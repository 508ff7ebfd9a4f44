import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../array/index.js';
import { scratchFolder } from './cleanup.js';

/** How a submission is isolated. Every process gets the best isolation of this system. */

/**
 * The kinds of isolation, best first: namespaces of Linux, made by bubblewrap or unshare, or Node's permission model.
 */
export const ISOLATIONS = ['bubblewrap', 'namespaces', 'node'] as const;
/** The name of a kind of isolation. */
export type Isolation = (typeof ISOLATIONS)[number];

/** What a process may read and use. */
export interface ProcessAccess {
  /** The files and folders that it may read. It cannot see anything else. */
  readable: readonly string[];
  /** The memory limit in bytes. */
  memory: number;
}

/** A command line. */
export interface CommandLine {
  command: string;
  args: string[];
  env: Record<string, string>;
  /** The user and group of the process. Default: those of this process. */
  uid?: number;
  gid?: number;
}

const NODE = realpathSync(process.execPath);
/** The folders of shared libraries. */
const SYSTEM = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/nix/store'];
/** The folders of Node packages on this system, which may contain this library. */
const PACKAGES = ['/usr/lib/node_modules', '/usr/local/lib/node_modules', '/usr/share/nodejs', '/usr/lib/nodejs'];
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const HAS_PRLIMIT = process.platform === 'linux' && PATH.split(':').some((folder) => existsSync(`${folder}/prlimit`));
const IS_ROOT = process.getuid?.() === 0;
/** The user and group `nobody`, who own no files. */
const NOBODY = 65534;

/**
 * Builds a root file system of read-only mounts, drops every privilege and starts Node in it.
 * $1 is an empty folder, $2 the options of setpriv. Then come the paths to mount, `--`, and the command of Node.
 *
 * `unshare --kill-child` asks the kernel to kill the child when unshare dies. The kernel forgets this when the child
 * changes its user, so setpriv asks again as its last step.
 */
const CHROOT_SCRIPT = `set -e
umask 022
root=$1 drop=$2
shift 2
mount -t tmpfs -o mode=755 tmpfs "$root"
folder() { [ -d "$root$1" ] || mkdir -p "$root$1"; }
show() {
  if [ -L "$1" ]; then folder "\${1%/*}"; ln -s "$(readlink "$1")" "$root$1"
  elif [ -d "$1" ]; then folder "$1"; mount --rbind "$1" "$root$1"; mount -o remount,bind,ro "$root$1"
  elif [ -e "$1" ]; then folder "\${1%/*}"; : > "$root$1"; mount --bind "$1" "$root$1"; fi
}
for path in ${SYSTEM.join(' ')} /dev/null /dev/urandom "$(command -v setpriv)"; do show "$path"; done
for path in ${PACKAGES.join(' ')}; do [ ! -d "$root$path" ] || mount -t tmpfs -o ro,size=4k tmpfs "$root$path"; done
while [ "$1" != -- ]; do show "$1"; shift; done
shift
mkdir -p "$root/proc"
mount -t proc -o hidepid=2 proc "$root/proc"
mount -o remount,bind,ro "$root"
cd /
exec chroot "$root" "$(command -v setpriv)" --no-new-privs --bounding-set=-all --inh-caps=-all --pdeathsig KILL $drop "$@"
`;

let found: Isolation | undefined;
let emptyFolder: string | undefined;
let nobody: boolean | undefined;

/** The best isolation that works on this system, found once by trying. */
export function isolation(): Isolation {
  found ??= ISOLATIONS.find(works) ?? 'node';
  return found;
}

/**
 * Uses a given isolation instead of the best one.
 *
 * @throws InputError when it does not work on this system
 */
export function useIsolation(kind: Isolation): void {
  if (!works(kind)) throw new InputError(`--isolation ${kind}: it does not work on this system`);
  found = kind;
}

/** What each kind of isolation enforces, in words. */
export const ENFORCED: Readonly<Record<Isolation, string>> = {
  bubblewrap: 'its own root file system, no network, no other processes (bubblewrap), and the permission model of Node',
  namespaces:
    'its own root file system, no network, no other processes (Linux namespaces), and the permission model of Node',
  node: 'the permission model of Node alone, with an open network',
};

function works(kind: Isolation): boolean {
  if (kind === 'node') return true;
  if (process.platform !== 'linux') return false;
  const { command, args, env } = isolated(kind, { readable: [], memory: 2 ** 30 }, ['-p', '"in"']);
  return spawnSync(command, args, { env, encoding: 'utf8', timeout: 60_000 }).stdout === 'in\n';
}

/** The command that runs Node with the given arguments in isolation. */
export function commandFor(cell: ProcessAccess, script: readonly string[], kind = isolation()): CommandLine {
  const flags = [
    '--no-warnings',
    '--enable-source-maps',
    `--max-old-space-size=${Math.floor(cell.memory / 2 ** 21)}`,
    permissionFlag(),
    ...readableFolders(cell).map((path) => `--allow-fs-read=${join(path, '*')}`),
  ];
  return isolated(kind, cell, [...flags, ...script]);
}

/**
 * What Node may read. Versions up to 20.19.0 and 22.12 look for a package beside a folder and fail if they may not,
 * even if nothing is there, instead of looking further up.
 */
function readableFolders({ readable }: ProcessAccess): string[] {
  return [...new Set([...readable, ...readable.map((path) => join(dirname(path), 'node_modules'))])];
}

/** The flag of Node's permission model, which older versions call experimental. */
function permissionFlag(): string {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const settled = major >= 24 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return settled ? '--permission' : '--experimental-permission';
}

function isolated(kind: Isolation, cell: ProcessAccess, args: readonly string[]): CommandLine {
  const limits = [`--data=${cell.memory}`, '--core=0', '--nofile=256'];
  if (kind === 'node') {
    const user = canBeNobody() ? { uid: NOBODY, gid: NOBODY } : {};
    return HAS_PRLIMIT
      ? { command: 'prlimit', args: [...limits, NODE, ...args], env: { PATH }, ...user }
      : { command: NODE, args: [...args], env: {}, ...user };
  }
  const wrapper = kind === 'bubblewrap' ? bubblewrap(cell) : namespaces(cell);
  return { command: 'prlimit', args: [...limits, ...wrapper, NODE, ...args], env: { PATH } };
}

function namespaces({ readable }: ProcessAccess): string[] {
  const outside = IS_ROOT ? [] : ['--user', '--map-root-user'];
  const unshared = ['--net', '--pid', '--ipc', '--uts', '--mount', '--fork', '--kill-child'];
  const drop = IS_ROOT ? `--reuid=${NOBODY} --regid=${NOBODY} --clear-groups` : '';
  return [
    'unshare',
    ...outside,
    ...unshared,
    'sh',
    '-c',
    CHROOT_SCRIPT,
    'sh',
    mountPoint(),
    drop,
    ...readable,
    NODE,
    '--',
  ];
}

function bubblewrap({ readable }: ProcessAccess): string[] {
  const views = [...SYSTEM.filter((path) => existsSync(path)), ...readable, NODE].flatMap((path) =>
    lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path],
  );
  const hidden = PACKAGES.filter((path) => existsSync(path)).flatMap((path) => ['--tmpfs', path]);
  const outside = IS_ROOT ? ['--unshare-user', '--uid', `${NOBODY}`, '--gid', `${NOBODY}`] : [];
  const rest = [
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
    '--cap-drop',
    'ALL',
    '--clearenv',
    '--die-with-parent',
    '--new-session',
  ];
  return ['bwrap', '--unshare-all', ...outside, ...views, ...hidden, ...rest, '--'];
}

/** An empty folder on which each process mounts its own root, invisible to the others. */
function mountPoint(): string {
  emptyFolder ??= scratchFolder('handgrad-root-');
  return emptyFolder;
}

/** Whether this process is root, and `nobody` may start Node and enter temporary folders. */
function canBeNobody(): boolean {
  if (!IS_ROOT) return false;
  if (nobody === undefined) {
    const folder = mountPoint();
    const args = ['-e', 'fs.accessSync(process.argv[1], fs.constants.X_OK)', folder];
    nobody = spawnSync(NODE, args, { uid: NOBODY, gid: NOBODY, env: {}, cwd: '/' }).status === 0;
  }
  return nobody;
}
