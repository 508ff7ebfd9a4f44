import { writeFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { env } from '@tensorflow/tfjs-core';

/**
 * Lets TensorFlow.js use threads under Node, which it has for browsers alone. Its module with threads does run on
 * Node's workers; in the way are only a flag, and two scripts that it hands to its workers as blobs, which Node's
 * cannot load. They are given to it as files in the folder of the data.
 */
export function lendThreads(threads: number, folder: string): void {
  const require = createRequire(import.meta.url);
  const module = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd';
  const factory: () => unknown = require(`${module}.js`);
  const { wasmWorkerContents }: { wasmWorkerContents: string } = require(`${module}.worker.js`);

  const main = join(folder, 'tensorflow-main.js');
  const worker = join(folder, 'tensorflow-worker.js');
  writeFileSync(main, `var WasmBackendModuleThreadedSimd = ${factory.toString()}`);
  const useMain = `URL.createObjectURL = () => ${JSON.stringify(main)};\n`;
  writeFileSync(worker, useMain + wasmWorkerContents.replace(/\n/g, '\\n'));
  URL.createObjectURL = () => worker;

  // It starts at most half as many threads as there are processors, so that it is shown twice as many as are wanted.
  const [processor] = os.cpus();
  os.cpus = () => Array.from({ length: 2 * threads }, () => processor);
  syncBuiltinESMExports();
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
}
