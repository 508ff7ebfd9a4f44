import { parseArgs } from 'node:util';
import { PEERS, type PeerConfig } from './peers.js';

/** The groups of measurements, for `--only`. */
export const GROUPS = [
  ...(['j1', 'j2', 'j3', 'products', 'growth'] as const),
  ...(['j4', 'j5', 'j6', 'convolutions', 'convolution-growth'] as const),
] as const;
export type Group = (typeof GROUPS)[number];

/** The options of the bench. */
export interface Options {
  quick: boolean;
  only: readonly Group[];
  peers: readonly PeerConfig[];
  out: string;
  json?: string;
}

/** A wrong option: one sentence, exit code 2. */
export class UsageError extends Error {}

export const HELP = `Usage: npm run bench -- [options]

Compares handgrad with other libraries on this machine: training steps, inference, matrix products, convolutions.

Options:
  --quick          fewer rounds and points, and smaller batches of J4, J5 and convolutions
  --only LIST      only these groups: ${GROUPS.join(', ')}
  --peers LIST     only the libraries whose names (below) contain one of these words
  --out DIR        the folder for performance.md and images/bench-*.svg (default: runs/bench); in an existing
                   performance.md, the part between the two comments of the bench is replaced, or added at the end
  --json FILE      also write all numbers to this file
  --help           show this help

Libraries: ${PEERS.map(({ id }) => id).join(' ')}
Example: npm run bench -- --quick --only j1,j4,products --peers handgrad,pytorch
`;

/** Reads the command line. Returns undefined for `--help`. Throws UsageError. */
export function readOptions(args: readonly string[], defaultOut: string): Options | undefined {
  const { quick, only, peers, out, json, help } = parse(args);
  if (help) return undefined;
  return {
    quick,
    only: only === undefined ? GROUPS : groupsOf(only),
    peers: peersOf(peers),
    out: out ?? defaultOut,
    json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        peers: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message.split('. ')[0] : String(error)}; --help shows the options`,
    );
  }
}

function groupsOf(text: string): Group[] {
  const words = wordsOf(text);
  const unknown = words.find((word) => !GROUPS.some((group) => group === word));
  if (unknown !== undefined || words.length === 0) {
    throw new UsageError(`--only: there is no '${unknown ?? text}'; there are ${GROUPS.join(', ')}`);
  }
  return GROUPS.filter((group) => words.includes(group));
}

function peersOf(text: string | undefined): readonly PeerConfig[] {
  if (text === undefined) return PEERS;
  const words = wordsOf(text);
  const unknown = words.find((word) => !PEERS.some(({ id }) => id.includes(word)));
  if (unknown !== undefined || words.length === 0) {
    throw new UsageError(
      `--peers: none has '${unknown ?? text}' in its name; there are ${PEERS.map(({ id }) => id).join(', ')}`,
    );
  }
  return PEERS.filter(({ id }) => words.some((word) => id.includes(word)));
}

function wordsOf(list: string): string[] {
  return list.split(',').flatMap((word) => word.trim().toLowerCase() || []);
}
