import { createHash } from 'node:crypto';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { decodeNpy, encodeNpy, InputError } from '../../array/index.js';
import type { StateDict } from '../../layers/module.js';
import type { RunState } from '../../training/run-state.js';

/**
 * A checkpoint as bytes: an `.npz` archive, so that `numpy.load` opens it, of the arrays of net and optimizer and
 * `state.json`, which has everything else. The archive's comment is the SHA-256 of all that stands before it.
 */
export interface Checkpoint {
  /** The settings of the run that it is of: whatever JSON can hold. */
  settings: unknown;
  /** What `captureRun` gave. */
  state: RunState;
}

/** What `state.json` holds. */
interface StateFile extends Pick<RunState, 'trainer' | 'streams'> {
  format: number;
  settings: unknown;
  optimizerSteps: number;
}

/** Raised whenever what a checkpoint holds changes its meaning. */
const FORMAT = 1;
const STATE_FILE = 'state.json';
const MODEL = 'model.';
const OPTIMIZER = 'optimizer.';

/** The bytes of a checkpoint are not those that were written. */
export class DamagedCheckpointError extends InputError {}

/**
 * The bytes of a checkpoint.
 *
 * @param checkpoint the same one gives the same bytes
 */
export function encodeCheckpoint({ settings, state }: Checkpoint): Uint8Array {
  const { model, optimizer, trainer, streams } = state;
  const text: StateFile = { format: FORMAT, settings, optimizerSteps: optimizer.steps, trainer, streams };
  const files: Zippable = { [STATE_FILE]: new TextEncoder().encode(JSON.stringify(text)) };
  for (const [kind, arrays] of [
    [MODEL, model],
    [OPTIMIZER, optimizer.arrays],
  ] as const) {
    for (const [name, x] of Object.entries(arrays)) files[`${kind}${name}.npy`] = encodeNpy(x);
  }
  return sealed(zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) }));
}

/**
 * The checkpoint in some bytes.
 *
 * @param name what to call the file in an error
 * @throws DamagedCheckpointError unless they are to the last bit what was written; InputError when another version
 * wrote them
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  if (!isWhole(bytes)) throw new DamagedCheckpointError(`${name} is damaged: its checksum is not that of its content`);
  const files = new Map(Object.entries(unzipSync(bytes)));
  const text: StateFile = JSON.parse(new TextDecoder().decode(files.get(STATE_FILE)));
  const { format, settings, optimizerSteps, trainer, streams } = text;
  if (format !== FORMAT) {
    throw new InputError(`${name} was written by another version of handgrad: its format is ${format}, not ${FORMAT}`);
  }
  const arraysOf = (kind: string): StateDict => {
    const own = [...files].filter(([file]) => file.startsWith(kind) && file.endsWith('.npy'));
    return Object.fromEntries(
      own.map(([file, content]) => [file.slice(kind.length, -'.npy'.length), decodeNpy(content, `${name}, ${file}`)]),
    );
  };
  const optimizer = { steps: optimizerSteps, arrays: arraysOf(OPTIMIZER) };
  return { settings, state: { model: arraysOf(MODEL), optimizer, trainer, streams } };
}

/** A zip archive ends with the length of its comment, two bytes, and the comment. */
const COMMENT = /^sha256 [0-9a-f]{64}$/;
const COMMENT_LENGTH = 'sha256 '.length + 64;

/** The archive with its checksum as its comment. */
function sealed(archive: Uint8Array): Uint8Array {
  const content = archive.subarray(0, -2);
  const out = new Uint8Array(archive.length + COMMENT_LENGTH);
  out.set(content);
  new DataView(out.buffer).setUint16(content.length, COMMENT_LENGTH, true);
  out.set(new TextEncoder().encode(commentOn(content)), archive.length);
  return out;
}

function isWhole(bytes: Uint8Array): boolean {
  const comment = new TextDecoder().decode(bytes.subarray(-COMMENT_LENGTH));
  if (bytes.length < COMMENT_LENGTH + 2 || !COMMENT.test(comment)) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint16(bytes.length - COMMENT_LENGTH - 2, true);
  return length === COMMENT_LENGTH && comment === commentOn(bytes.subarray(0, -COMMENT_LENGTH - 2));
}

function commentOn(content: Uint8Array): string {
  return `sha256 ${createHash('sha256').update(content).digest('hex')}`;
}
