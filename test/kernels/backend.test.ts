import { execFileSync } from 'node:child_process';
import { expect } from 'chai';

const lib = JSON.stringify(new URL('../../lib/index.js', import.meta.url).href);
const script = `
  const { array, backend, matmul, toNested } = await import(${lib});
  console.log(backend(), JSON.stringify(toNested(matmul(array([[1, 2]]), array([[3], [4]])))));`;

describe('the engine that auto chooses', () => {
  it('is wasm', () => {
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).to.equal(
      'wasm [[11]]\n',
    );
  });

  it('is reference if the runtime has no WebAssembly', () => {
    const without = `delete globalThis.WebAssembly; ${script}`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', without], { encoding: 'utf8' })).to.equal(
      'reference [[11]]\n',
    );
  });

  if (process.platform === 'linux') {
    it('is reference if a limit on addresses leaves no memory for WebAssembly', () => {
      const memory = `
        let engine = 'wasm';
        try { new WebAssembly.Memory({ initial: 1, maximum: 1024, shared: true }) } catch { engine = 'reference' }
        console.log(engine, '[[11]]');`;
      const limit = 'ulimit -v 3500000; exec "$0" --input-type=module -e "$1"';
      const [expected, printed] = [memory, script].map((text) =>
        execFileSync('bash', ['-c', limit, process.execPath, text], { encoding: 'utf8' }),
      );
      expect(printed).to.equal(expected);
    });
  }
});
