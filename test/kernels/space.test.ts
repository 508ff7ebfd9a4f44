import { expect } from 'chai';
import { Space } from '../../src/kernels/space.js';

const MB = 2 ** 20;

/** Copies of 2 MB, at so many bytes a nanosecond. */
function copies(space: Space, count: number, speed: number): void {
  for (let i = 0; i < count; i++) space.learn(2 * MB, (2 * MB) / (speed * 1e6));
}

describe('Space', () => {
  it('is one place as long as copying is fast, also when a few copies are held up', () => {
    const space = new Space(4096);
    for (let i = 0; i < 100; i++) copies(space, 1, i % 3 === 0 ? 0.1 : 20);
    expect([1, 2, 3].map(() => space.take(5 * MB))).to.deep.equal([4096, 4096, 4096]);
  });

  it('is another place for each product when most copies are slow, until it is all used', () => {
    const space = new Space(4096);
    copies(space, 8, 3);
    const taken = Array.from({ length: 14 }, () => (space.take(5 * MB) - 4096) / MB);
    expect(taken).to.deep.equal([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 0, 5]);
  });

  it('leaves small products where they are, and those that need all of it', () => {
    const space = new Space(4096);
    copies(space, 8, 3);
    space.take(5 * MB);
    expect(space.take(1000)).to.equal(4096);
    expect(space.take(100 * MB)).to.equal(4096);
    expect(space.take(2 * MB)).to.equal(4096 + 5 * MB);
  });

  it('tries the one place again after a while', () => {
    const space = new Space(4096);
    copies(space, 8, 3);
    copies(space, 8 * 30 - 1, 20);
    space.take(5 * MB);
    expect(space.take(5 * MB)).to.equal(4096 + 5 * MB);
    copies(space, 1, 20);
    expect(space.take(5 * MB)).to.equal(4096);
  });
});
