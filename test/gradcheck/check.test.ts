import { expect } from 'chai';
import { CHECK_CASES } from '../../src/gradcheck/cases.js';
import {
  array,
  assign,
  checkLayer,
  checkLoss,
  copy,
  ELU,
  type Layer,
  Linear,
  multiply,
  type NdArray,
  numericalGradient,
  oneHot,
  Random,
  Softmax,
  SoftmaxCrossEntropy,
  square,
  sum,
  toNested,
} from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';
import { bare } from '../support/bare.js';

const dtype = 'float64';

/** The number of random shapes per layer: few in `npm test`, many in `.ci/run`, which sets HANDGRAD_THOROUGH. */
const SHAPES = process.env.HANDGRAD_THOROUGH ? 100 : 15;

describe('every layer and loss of the library', () => {
  for (const { name, check } of CHECK_CASES) {
    it(`${name} passes at ${SHAPES} random shapes, without a false alarm`, function () {
      this.timeout(180_000);
      for (let i = 0; i < SHAPES; i++) {
        const report = check(new Random(`${name} ${i}`));
        expect(report.passed, String(report)).to.equal(true);
      }
    });
  }
});

describe('numericalGradient', () => {
  it('measures the gradient of a function that returns a number', () => {
    const x = normal([3, 4], 1);
    expectClose(
      numericalGradient((v) => sum(square(v)), x),
      multiply(x, 2),
      1e-9,
    );
  });

  it('measures the result of backward(dout) for a function that returns an array', () => {
    const x = normal([2, 3], 1);
    const dout = normal([2, 3], 2);
    expectClose(numericalGradient(square, x, { dout }), multiply(multiply(x, 2), dout), 1e-9);
    expectClose(
      numericalGradient(square, scattered(x), { dout: scattered(dout) }),
      multiply(multiply(x, 2), dout),
      1e-9,
    );
  });

  it('refuses a step that is not a finite number above 0', () => {
    for (const step of [0, -1, Infinity, Number.NaN])
      expect(() => numericalGradient((v) => sum(v), normal([2], 1), { step }), String(step)).to.throw(
        RangeError,
        'expected a positive step',
      );
  });

  it('does not change x, and accepts another step', () => {
    const x = normal([2, 2], 3);
    const before = toNested(x);
    const cube = (v: NdArray) => sum(multiply(square(v), v));
    const error = (step: number) => Math.abs(numericalGradient(cube, x, { step }).get(0, 0) - 3 * x.get(0, 0) ** 2);
    // The error of a central difference falls with the square of the step: 100 times for 10.
    expect(error(1e-1) / error(1e-2)).to.be.closeTo(100, 1);
    expect(toNested(x)).to.deep.equal(before);
  });

  it('refuses float32, a missing dout or one of the wrong shape, and an invalid step', () => {
    expect(() => numericalGradient(sum, array([1]))).to.throw(
      'numericalGradient: expected x of dtype float64, got float32',
    );
    expect(() => numericalGradient(square, normal([2], 1))).to.throw(
      'f returns an array, so a dout of its shape is needed',
    );
    expect(() => numericalGradient(square, normal([2], 1), { dout: normal([3], 1) })).to.throw(
      'expected dout of shape (2,), got (3,)',
    );
    expect(() => numericalGradient(sum, normal([2], 1), { step: 0 })).to.throw('expected a positive step, got 0');
  });
});

/** The square of every element, with a backward that has the factor 2 or another one. */
class Square implements Layer {
  private x = array(0);

  constructor(private readonly factor: number) {}

  forward(x: NdArray): NdArray {
    this.x = x;
    return square(x);
  }

  backward(dout: NdArray): NdArray {
    return multiply(dout, multiply(this.x, this.factor));
  }

  parameters(): [] {
    return [];
  }

  train(): void {}
  eval(): void {}
}

describe('the report of a gradient check', () => {
  it('names layer, array, worst index, analytic and numeric value', () => {
    const layer = new Linear(4, 2, { init: 'normal:1', dtype });
    const spoiled: Layer = {
      forward: (x) => layer.forward(x),
      backward(dout) {
        const dx = layer.backward(dout);
        dx.set(2, 3, dx.get(2, 3) + 0.5);
        return dx;
      },
      parameters: () => layer.parameters(),
      train: () => layer.train(),
      eval: () => layer.eval(),
    };
    const report = checkLayer(spoiled, normal([3, 4], 1), { name: 'Linear' });
    expect(report.passed).to.equal(false);
    const [dx, weight, bias] = report.rows;
    expect([dx.layer, dx.array, dx.index, dx.passed]).to.deep.equal(['Linear', 'x', [2, 3], false]);
    expect(dx.analytic - dx.numeric).to.be.closeTo(0.5, 1e-8);
    expect(dx.error).to.be.closeTo(0.5, 1e-8);
    expect(dx.allowed).to.be.within(1e-7 + 1e-6 * Math.abs(dx.analytic), 1e-5);
    expect([weight.array, weight.shape, weight.passed]).to.deep.equal(['weight', [2, 4], true]);
    expect([bias.array, bias.shape, bias.passed]).to.deep.equal(['bias', [2], true]);
    expect(String(report)).to.match(
      /Linear: dx of shape \(3, 4\) FAILS; worst at \[2, 3\]: analytic .*, numeric .* \(difference 5\.0e-1, allowed .*e-6\)/,
    );
  });

  it('has one verdict per array, also for tiny gradients, which differ by less than the rounding of the difference', () => {
    const tiny = new Linear(4, 2, { dtype });
    assign(tiny.weight.value, 1e-13);
    const report = checkLayer(tiny, normal([3, 4], 1));
    expect(report.passed).to.equal(true);
    expect(String(report).split('\n')).to.have.length(3);
    for (const line of String(report).split('\n')) expect(line).to.match(/passes.*\(difference .*, allowed .*\)$/);
  });

  it('passes a right square of numbers of any size, because its step grows with them', () => {
    for (const size of [1e-3, 1, 1e3, 1e6, 1e9]) {
      const x = multiply(normal([2, 3], 1), size);
      expect(checkLayer(new Square(2), x).passed, `x of ${size}`).to.equal(true);
      expect(checkLayer(new Square(2.0001), x).passed, `x of ${size}`).to.equal(false);
    }
  });

  it('fails a gradient with an infinity, of x, of a parameter and of a loss', () => {
    for (const infinite of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const spoiled = (dx: NdArray) => {
        dx.set(0, 1, infinite);
        return dx;
      };
      const elu = new ELU();
      const x = normal([2, 3], 1);
      expect(checkLayer({ ...bare(elu), backward: (dout) => spoiled(elu.backward(dout)) }, x).passed).to.equal(false);
      const linear = new Linear(3, 2, { init: 'normal:1', dtype });
      const backward = (dout: NdArray) => {
        const dx = linear.backward(dout);
        spoiled(linear.weight.grad);
        return dx;
      };
      expect(checkLayer({ ...bare(linear), backward }, x).passed).to.equal(false);
      const loss = new SoftmaxCrossEntropy();
      const wrong = { forward: loss.forward.bind(loss), backward: () => spoiled(loss.backward()) };
      expect(checkLoss(wrong, x, oneHot([0, 2], 3, dtype)).passed).to.equal(false);
    }
  });

  it('fails a gradient of NaN', () => {
    const layer = new Softmax();
    const report = checkLayer(
      { ...bare(layer), backward: (dout) => multiply(layer.backward(dout), Number.NaN) },
      normal([2, 3], 1),
    );
    expect(report.passed).to.equal(false);
    expect(report.rows[0].error).to.deep.equal(Number.NaN);
  });

  it('reports a gradient of the wrong shape, and a changed x or dout', () => {
    const layer = new ELU();
    const shaped = { ...bare(layer), backward: (dout: NdArray) => sum(layer.backward(dout), { axis: 0 }) };
    expect(checkLayer(shaped, normal([2, 3], 1), { name: 'ELU' }).problems).to.deep.equal([
      'ELU: dx has shape (3,), but x has (2, 3)',
    ]);
    const careless = {
      ...bare(layer),
      backward(dout: NdArray) {
        const dx = layer.backward(copy(dout));
        dout.set(0, 0, 7);
        return dx;
      },
    };
    const report = checkLayer(careless, normal([2, 3], 1), { name: 'ELU' });
    expect(report.problems).to.deep.equal(['ELU: dout was changed']);
    expect(report.passed).to.equal(false);
  });
});

describe('checkLoss', () => {
  /** Half the sum of squares, or of cubes. */
  const loss = (power: 2 | 3, spoil = 0) => {
    let given: NdArray | undefined;
    return {
      forward(x: NdArray) {
        given = copy(x);
        if (spoil > 0) x.set(0, 0, spoil);
        return sum(power === 2 ? square(x) : multiply(square(x), x)) / 2;
      },
      backward() {
        if (!given) throw new Error('forward first');
        return power === 2 ? given : multiply(square(given), 1.5);
      },
    };
  };
  const [x, targets] = [normal([2, 3], 1), normal([2, 3], 2)];

  it('takes another step: the error of a cube grows with its square', () => {
    const small = multiply(x, 0.1); // the step is that of numbers up to 1
    const error = (step: number) => checkLoss(loss(3), small, targets, { step }).rows[0].error;
    // (x + h)³ has the central difference 3x² + h², of which the loss has half.
    expect(error(0.1)).to.be.closeTo(0.005, 1e-9);
    expect(error(0.01)).to.be.closeTo(0.00005, 1e-9);
  });

  it('notices a forward that changes its input', () => {
    expect(checkLoss(loss(2), x, targets).passed).to.equal(true);
    const report = checkLoss(loss(2, 7), x, targets, { name: 'Spoiler' });
    expect(String(report)).to.include('Spoiler: x was changed');
    expect(report.passed).to.equal(false);
  });
});
