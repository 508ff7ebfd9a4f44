import { expect } from 'chai';
import { array, GELU, setBackend, toNested } from '../../src/index.js';
import { expectClose } from '../support/arrays.js';

const values = (nested: number[]) => array(nested, 'float64');

describe('GELU', () => {
  it('computes an example worked by hand', () => {
    // At 0 half of the input passes. At ±1, u = √(2/π) · 1.044715 = 0.833561…, and (1 + tanh u)/2 = 0.841191….
    const layer = new GELU();
    const u = Math.sqrt(2 / Math.PI) * 1.044715;
    const s = (1 + Math.tanh(u)) / 2;
    expectClose(layer.forward(values([0, 1, -1])), [0, s, s - 1], 1e-15);
    const dw = 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715);
    expectClose(layer.backward(values([2, 1, 1])), [1, s + s * (1 - s) * dw, 1 - s - s * (1 - s) * dw], 1e-15);
  });

  it('is antisymmetric up to x: x = GELU(x) − GELU(−x)', () => {
    const x = values([0.3, 1.7, 4, 9]);
    const [right, left] = [new GELU().forward(x), new GELU().forward(values([-0.3, -1.7, -4, -9]))];
    for (let i = 0; i < x.size; i++) expect(right.get(i) - left.get(i)).to.be.closeTo(x.get(i), 1e-14);
  });

  it('is within 5e-4 of x Φ(x), the exact formula with the normal distribution', () => {
    // Φ at 0.5, 1, 2 and 3, from a table.
    const table = { 0.5: 0.6914624613, 1: 0.8413447461, 2: 0.977249868, 3: 0.998650102 };
    for (const [x, phi] of Object.entries(table)) {
      expect(new GELU().forward(values([Number(x)])).get(0)).to.be.closeTo(Number(x) * phi, 5e-4);
    }
  });

  it('stays finite for large inputs, where eˣ and x² overflow', () => {
    const layer = new GELU();
    expect(toNested(layer.forward(values([1000, -1000, 1e200, -1e200])))).to.deep.equal([1000, -0, 1e200, -0]);
    expect(toNested(layer.backward(values([1, 1, 1, 1])))).to.deep.equal([1, 0, 1, 0].map((slope) => slope + 0));
  });

  it('has its limits at ±∞, on every engine', () => {
    for (const engine of ['reference', 'wasm'] as const) {
      setBackend(engine);
      for (const dtype of ['float32', 'float64'] as const) {
        const layer = new GELU();
        expect(toNested(layer.forward(array([Infinity, -Infinity], dtype)))).to.deep.equal([Infinity, -0]);
        expect(toNested(layer.backward(array([1, 1], dtype)))).to.deep.equal([1, 0]);
      }
    }
    setBackend('auto');
  });

  it('keeps its digits for negative inputs, where 1 + tanh u loses them', () => {
    // e⁻ʷ is 8.6e-31 at −7, far below the last digit of 1.
    const w = 2 * Math.sqrt(2 / Math.PI) * (7 + 0.044715 * 343);
    expect(new GELU().forward(values([-7])).get(0) / (-7 * Math.exp(-w))).to.be.closeTo(1, 1e-12);
  });
});
