import { createHash } from 'node:crypto';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import {
  assertBytes,
  assertMethods,
  assertText,
  checkedOptions,
  decodeNpy,
  encodeNpy,
  InputError,
} from '../../array/index.js';
import type { StateDict } from '../../layers/module.js';
import type { RunState } from '../../training/run-state.js';

/**
 * A checkpoint. Its file is an `.npz` archive that `numpy.load` opens. It holds the arrays of the net and the
 * optimizer, and everything else in `state.json`. The comment of the archive is the SHA-256 of all bytes before it.
 */
export interface Checkpoint {
  /** The settings of the run, a JSON value. */
  settings: unknown;
  /** The state that `captureRun` returned. */
  state: RunState;
}

/** The content of `state.json`. */
interface StateFile extends Pick<RunState, 'trainer' | 'streams'> {
  format: number;
  settings: unknown;
  optimizerSteps: number;
}

/** The version of the file format. It increases when the meaning of an entry changes. */
const FORMAT = 1;
const STATE_FILE = 'state.json';
const MODEL = 'model.';
const OPTIMIZER = 'optimizer.';

/** A checkpoint file whose content does not match its checksum. */
export class DamagedCheckpointError extends InputError {}

/** The bytes of a checkpoint file. They depend only on the checkpoint, not on the time. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { settings, state } = checkedOptions('encodeCheckpoint', checkpoint);
  for (const part of ['model', 'optimizer', 'trainer', 'streams'] as const)
    assertMethods('encodeCheckpoint', `state.${part}`, Object(state)[part], [], 'a part of what captureRun returned');
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
 * Reads a checkpoint from the bytes of its file.
 *
 * @param name the name of the file in an error
 * @throws DamagedCheckpointError if a bit has changed since the file was written; InputError if another version of
 * handgrad wrote it
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  assertBytes('decodeCheckpoint', 'bytes', bytes);
  assertText('decodeCheckpoint', 'name', name);
  if (!isWhole(bytes)) throw new DamagedCheckpointError(`${name} is damaged: its content does not match its checksum`);
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
