import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One row of the tables: a library with one setting, and how its process is started. */
export interface PeerConfig {
  id: string;
  label: string;
  /** The group that sets its color in pictures. */
  family: 'handgrad' | 'python' | 'javascript';
  /** The program and arguments of its process, for the folder with the data. */
  command(folder: string): string[];
  /** Environment variables of its process, in addition to those of the parent. */
  env?: Record<string, string>;
  /** Whether it has a tenth of PyTorch's speed or less. Then it skips the longest jobs. */
  slow?: boolean;
  /** Whether it is in the growth curves. */
  grows?: boolean;
}

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const threadsText = (threads: number): string => `${threads} thread${threads > 1 ? 's' : ''}`;

function handgrad(engine: string, threads: number, more: Partial<PeerConfig> = {}): PeerConfig {
  return {
    id: `handgrad-${engine}-${threads}`,
    label: `handgrad ${engine}, ${threadsText(threads)}`,
    family: 'handgrad',
    command: node('handgrad', [engine, String(threads)]),
    ...more,
  };
}

function javascript(
  id: string,
  label: string,
  file: string,
  args: string[],
  more: Partial<PeerConfig> = {},
): PeerConfig {
  return { id, label, family: 'javascript', command: node(file, args), ...more };
}

function node(file: string, args: string[]): PeerConfig['command'] {
  return (folder) => [process.execPath, path('peers/host.js'), file, folder, ...args];
}

function python(id: string, label: string, file: string, args: string[], env: Record<string, string>): PeerConfig {
  const command = (folder: string) => [pythonWith(file), path(`peers/${file}.py`), folder, ...args];
  return { id, label, family: 'python', command, env };
}

/** The Python with the packages: that of the system, for which Debian's packages are, or the first on the path. */
function pythonWith(file: string): string {
  const module = file === 'pytorch' ? 'torch' : 'numpy';
  const candidates = ['/usr/bin/python3', 'python3'];
  const found = candidates.find((name) => spawnSync(name, ['-c', `import numpy, ${module}`]).status === 0);
  if (found === undefined) throw new Error(`no Python here has the module ${module}`);
  return found;
}

/**
 * Those whose results are the reference, the first that starts: PyTorch, or handgrad with plain loops, which needs minutes
 * for three steps of the largest nets. Both are in float64 and not in the tables.
 */
export const JUDGES: readonly PeerConfig[] = [
  python('judge', 'PyTorch in float64', 'pytorch', ['2', 'float64'], {
    OMP_NUM_THREADS: '2',
    OPENBLAS_NUM_THREADS: '2',
    OMP_WAIT_POLICY: 'passive',
  }),
  {
    ...handgrad('reference', 1),
    id: 'judge',
    label: 'handgrad reference in float64',
    command: node('handgrad', ['reference', '1', 'float64']),
  },
];

/** All rows, in the order of the tables. */
export const PEERS: readonly PeerConfig[] = [
  handgrad('reference', 1, { slow: true }),
  handgrad('wasm', 1, { grows: true }),
  handgrad('wasm', 2, { grows: true }),
  handgrad('blas', 1),
  handgrad('blas', 2, { grows: true }),
  {
    ...python('pytorch-1', 'PyTorch, 1 thread', 'pytorch', ['1'], { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' }),
    grows: true,
  },
  {
    // The threads of OpenMP and OpenBLAS alternate. Waiting OpenMP threads must sleep, or both compete for the cores.
    ...python('pytorch-2', 'PyTorch, 2 threads', 'pytorch', ['2'], {
      OMP_NUM_THREADS: '2',
      OPENBLAS_NUM_THREADS: '2',
      OMP_WAIT_POLICY: 'passive',
    }),
    grows: true,
  },
  python('numpy-1', 'NumPy, 1 thread', 'numpy_by_hand', [], { OPENBLAS_NUM_THREADS: '1' }),
  python('numpy-default', 'NumPy, as it comes', 'numpy_by_hand', [], {}),
  javascript('tensorflow-wasm-1', 'TensorFlow.js wasm, 1 thread', 'tensorflow', ['wasm', '1']),
  javascript('tensorflow-wasm-2', 'TensorFlow.js wasm, 2 threads', 'tensorflow', ['wasm', '2']),
  // With weights in the layout of the others, every forward pass transposes them.
  ...[1, 2].map((threads) =>
    javascript(
      `tensorflow-rows-${threads}`,
      `TensorFlow.js wasm, weights (out, in), ${threadsText(threads)}`,
      'tensorflow',
      ['wasm', String(threads), 'outputs-first'],
    ),
  ),
  javascript('tensorflow-cpu', 'TensorFlow.js cpu', 'tensorflow', ['cpu', '1'], { slow: true }),
  javascript('jax-1', 'jax-js, 1 thread', 'jax', []),
  javascript('jax-2', 'jax-js, 2 threads', 'jax-threads', ['2']),
  javascript('numpy-ts', 'numpy-ts', 'numpy-ts', []),
  javascript('ml-matrix', 'ml-matrix', 'ml-matrix', [], { slow: true }),
  javascript('scijs', 'scijs (ndarray-gemm)', 'scijs', [], { slow: true }),
  javascript('convnetjs', 'ConvNetJS', 'convnetjs', [], { slow: true }),
];
