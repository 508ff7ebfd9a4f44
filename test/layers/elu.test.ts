import { expect } from 'chai';
import { array, ELU, toNested } from '../../src/index.js';

const values = (nested: number[]) => array(nested, 'float64');

describe('ELU', () => {
  it('computes an example worked by hand', () => {
    const layer = new ELU({ alpha: 2 });
    const [positive, zero, negative] = toNested(layer.forward(values([3, 0, -Math.LN2]))) as number[];
    expect([positive, zero]).to.deep.equal([3, 0]);
    expect(negative).to.be.closeTo(-1, 1e-15); // 2 (1/2 − 1)
    const [right, , left] = toNested(layer.backward(values([5, 5, 5]))) as number[];
    expect(right).to.equal(5);
    expect(left).to.be.closeTo(5, 1e-14); // 5 · 2 · 1/2
  });

  it('stays finite for large inputs, where eˣ overflows', () => {
    const layer = new ELU();
    expect(toNested(layer.forward(values([1000, -1000])))).to.deep.equal([1000, -1]);
    expect(toNested(layer.backward(values([1, 1])))).to.deep.equal([1, 0]);
  });

  it('keeps all digits near 0', () => {
    expect(new ELU().forward(values([-1e-12])).get(0)).to.equal(Math.expm1(-1e-12));
  });

  it('refuses an alpha that is not a number', () => {
    expect(() => new ELU({ alpha: Number.NaN })).to.throw('ELU: expected a finite alpha, got NaN');
  });
});
