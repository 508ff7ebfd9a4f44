import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import { scratchFolder } from './cleanup.js';

/** How a submission is locked in. Every process gets all that this system has. */

/** Namespaces of the operating system, through bubblewrap or unshare; or only what Node has. The better ones first. */
export const ISOLATIONS = ['bubblewrap', 'namespaces', 'node'] as const;
/** The name of one. */
export type Isolation = (typeof ISOLATIONS)[number];

/** What a process may see and use. */
export interface ProcessAccess {
  /** Files and folders it may read; everything else is out of sight. */
  readable: readonly string[];
  /** Bytes of memory. */
  memory: number;
}

/** A command line. */
export interface CommandLine {
  command: string;
  args: string[];
  env: Record<string, string>;
  /** The user and group to be; one's own without. */
  uid?: number;
  gid?: number;
}

const NODE = realpathSync(process.execPath);
/** Where programs have their shared libraries. */
const SYSTEM = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/nix/store'];
/** Where a system keeps packages of Node, among them perhaps this one. */
const PACKAGES = ['/usr/lib/node_modules', '/usr/local/lib/node_modules', '/usr/share/nodejs', '/usr/lib/nodejs'];
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const HAS_PRLIMIT = process.platform === 'linux' && PATH.split(':').some((folder) => existsSync(`${folder}/prlimit`));
const IS_ROOT = process.getuid?.() === 0;
/** The user and group that own nothing. */
const NOBODY = 65534;

/**
 * Builds a root of its own from read-only views, on an empty file system of this process's own, drops every privilege and
 * starts Node in it. $1 the empty folder, $2 the options of setpriv, then what to show, `--`, and Node's arguments.
 *
 * `unshare --kill-child` asks the kernel to kill its child when it dies itself, and the kernel forgets that when the child
 * becomes another user. So setpriv asks again, as the last thing it does.
 */
const CHROOT_SCRIPT = `set -e
umask 022
room=$1 drop=$2
shift 2
mount -t tmpfs -o mode=755 tmpfs "$room"
show() {
  if [ -L "$1" ]; then mkdir -p "$room$(dirname "$1")"; ln -s "$(readlink "$1")" "$room$1"
  elif [ -d "$1" ]; then mkdir -p "$room$1"; mount --rbind "$1" "$room$1"; mount -o remount,bind,ro "$room$1"
  elif [ -e "$1" ]; then mkdir -p "$room$(dirname "$1")"; : > "$room$1"; mount --bind "$1" "$room$1"; fi
}
for path in ${SYSTEM.join(' ')} /dev/null /dev/urandom "$(command -v setpriv)"; do show "$path"; done
for path in ${PACKAGES.join(' ')}; do [ ! -d "$room$path" ] || mount -t tmpfs -o ro,size=4k tmpfs "$room$path"; done
while [ "$1" != -- ]; do show "$1"; shift; done
shift
mkdir -p "$room/proc"
mount -t proc -o hidepid=2 proc "$room/proc"
mount -o remount,bind,ro "$room"
cd /
exec chroot "$room" "$(command -v setpriv)" --no-new-privs --bounding-set=-all --inh-caps=-all --pdeathsig KILL $drop "$@"
`;

let found: Isolation | undefined;
let emptyFolder: string | undefined;
let nobody: boolean | undefined;

/** The best isolation that works here; found out once, by trying. */
export function isolation(): Isolation {
  found ??= ISOLATIONS.find(works) ?? 'node';
  return found;
}

/**
 * Settles for an isolation instead of the best.
 *
 * @throws InputError when it does not work here
 */
export function useIsolation(kind: Isolation): void {
  if (!works(kind)) throw new InputError(`--isolation ${kind}: it does not work on this system`);
  found = kind;
}

/** What `isolation()` keeps from a submission, in words. */
export const ENFORCED: Readonly<Record<Isolation, string>> = {
  bubblewrap: 'a root of its own, no network, no other processes (bubblewrap), and the permission model of Node',
  namespaces:
    'a root of its own, no network, no other processes (namespaces of Linux), and the permission model of Node',
  node: 'the permission model of Node alone, and the network is open',
};

function works(kind: Isolation): boolean {
  if (kind === 'node') return true;
  if (process.platform !== 'linux') return false;
  const { command, args, env } = locked(kind, { readable: [], memory: 2 ** 30 }, ['-p', '"in"']);
  return spawnSync(command, args, { env, encoding: 'utf8', timeout: 60_000 }).stdout === 'in\n';
}

/** Node with the given arguments, locked in. */
export function commandFor(cell: ProcessAccess, script: readonly string[], kind = isolation()): CommandLine {
  const flags = [
    '--no-warnings',
    '--enable-source-maps',
    `--max-old-space-size=${Math.floor(cell.memory / 2 ** 21)}`,
    permissionFlag(),
    ...cell.readable.map((path) => `--allow-fs-read=${join(path, '*')}`),
  ];
  return locked(kind, cell, [...flags, ...script]);
}

/** Node's own lock, which had another name when it was new. */
function permissionFlag(): string {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const settled = major >= 24 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return settled ? '--permission' : '--experimental-permission';
}

function locked(kind: Isolation, cell: ProcessAccess, args: readonly string[]): CommandLine {
  const limits = [`--data=${cell.memory}`, '--core=0', '--nofile=256'];
  if (kind === 'node') {
    const user = canBeNobody() ? { uid: NOBODY, gid: NOBODY } : {};
    return HAS_PRLIMIT
      ? { command: 'prlimit', args: [...limits, NODE, ...args], env: { PATH }, ...user }
      : { command: NODE, args: [...args], env: {}, ...user };
  }
  const lock = kind === 'bubblewrap' ? bubblewrap(cell) : namespaces(cell);
  return { command: 'prlimit', args: [...limits, ...lock, NODE, ...args], env: { PATH } };
}

function namespaces({ readable }: ProcessAccess): string[] {
  const outside = IS_ROOT ? [] : ['--user', '--map-root-user'];
  const spaces = ['--net', '--pid', '--ipc', '--uts', '--mount', '--fork', '--kill-child'];
  const drop = IS_ROOT ? `--reuid=${NOBODY} --regid=${NOBODY} --clear-groups` : '';
  return [
    'unshare',
    ...outside,
    ...spaces,
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

/** An empty folder to mount a root on; each process mounts its own, unseen by the others. */
function mountPoint(): string {
  emptyFolder ??= scratchFolder('handgrad-room-');
  return emptyFolder;
}

/** Whether this process is root, and the user who owns nothing may start Node and reach temporary folders. */
function canBeNobody(): boolean {
  if (!IS_ROOT) return false;
  if (nobody === undefined) {
    const folder = mountPoint();
    const args = ['-e', 'fs.accessSync(process.argv[1], fs.constants.X_OK)', folder];
    nobody = spawnSync(NODE, args, { uid: NOBODY, gid: NOBODY, env: {}, cwd: '/' }).status === 0;
  }
  return nobody;
}
