import { expect } from 'chai';
import { type Axis, powersOfTen, scaleOf, tickText } from '../../../src/node/plots/axes.js';

/** The numbers on an axis whose points have the given positions. */
function texts(axis: Omit<Axis, 'label'>, positions: readonly number[], room?: number): (string | undefined)[] {
  const { ticks, tickFormat } = scaleOf({ label: '', ...axis }, positions, room);
  return ticks.map(tickFormat);
}

describe('scaleOf', () => {
  it('puts round numbers with the same decimals around the points', () => {
    expect(texts({}, [0.21, 0.39])).to.deep.equal(['0.20', '0.25', '0.30', '0.35', '0.40']);
    expect(scaleOf({ label: '' }, [0.21, 0.39]).domain).to.deep.equal([0.2, 0.4]);
    expect(texts({}, [-3.5, 4])).to.deep.equal(['−4', '−3', '−2', '−1', '0', '1', '2', '3', '4']);
    expect(texts({ zero: true }, [200, 1400])).to.deep.equal([
      '0',
      '200',
      '400',
      '600',
      '800',
      '1,000',
      '1,200',
      '1,400',
    ]);
  });

  it('has as many numbers as there is room for', () => {
    expect(texts({}, [0, 25_600], 220)).to.deep.equal(['0', '10,000', '20,000', '30,000']);
    expect(texts({ log: true }, [-8, 0], 200)).to.deep.equal(['1e-8', '1e-6', '1e-4', '0.01', '1']);
  });

  it('keeps to whole numbers if all points are whole', () => {
    expect(texts({}, [0, 2])).to.deep.equal(['0', '1', '2']);
  });

  it('stays within a given domain', () => {
    expect(texts({ domain: [-31.5, 12] }, [])).to.deep.equal(['−30', '−20', '−10', '0', '10']);
    expect(scaleOf({ label: '', domain: [-31.5, 12] }, []).domain).to.deep.equal([-31.5, 12]);
  });

  it('gives one point room on both sides, and draws an axis without points', () => {
    expect(scaleOf({ label: '' }, [4]).domain).to.deep.equal([2, 6]);
    expect(scaleOf({ label: '' }, [0]).domain).to.deep.equal([-1, 1]);
    expect(texts({}, [])).to.deep.equal(['0', '1']);
  });

  it('has powers of ten on a logarithmic axis, at most nine', () => {
    expect(texts({ log: true }, [-2, 1])).to.deep.equal(['0.01', '0.1', '1', '10']);
    expect(texts({ log: true }, [-9, 7])).to.deep.equal(['1e-8', '1e-6', '1e-4', '0.01', '1', '100', '10,000', '1e6']);
    expect(powersOfTen(-30, 10).length).to.be.at.most(9);
  });

  it('has finer numbers on a short logarithmic axis', () => {
    expect(texts({ log: true }, [0, Math.log10(60)])).to.deep.equal(['1', '2', '5', '10', '20', '50']);
    expect(texts({ log: true }, [Math.log10(21), Math.log10(29)])).to.deep.equal(['22', '24', '26', '28']);
  });

  it('shows the given numbers as far as there are points', () => {
    const positions = [2, 8, 512].map(Math.log10);
    expect(texts({ log: true, ticks: [2, 8, 512, 1024] }, positions)).to.deep.equal(['2', '8', '512']);
  });
});

describe('tickText', () => {
  it('writes three digits, with an exponent for very small and very large numbers', () => {
    expect([0, 0.0123456, 12_345, -5, 1e-6, 2.5e7].map(tickText)).to.deep.equal([
      ...['0', '0.0123', '12,300', '−5', '1e-6', '2.5e7'],
    ]);
  });
});
