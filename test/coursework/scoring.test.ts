import { expect } from 'chai';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { optionsOf } from '../../src/coursework/grade-folder.js';
import { gradeSubmission } from '../../src/coursework/grading/grade-submission.js';
import type { TestCase } from '../../src/coursework/grading/test-case.js';
import { Sandbox } from '../../src/coursework/sandbox/sandbox.js';
import { assertPossible, selfTest } from '../../src/coursework/self-test.js';
import { filesOf, TASK_FILES } from '../../src/coursework/task-files.js';
import * as library from '../../src/index.js';
import { errorOf, temporaryFolders } from '../support/temporary.js';
import { gradeExports, gradeSources } from './in-process.js';

const { argmax, full, map, NotImplementedError, sign, sum, zeros } = library;
type NdArray = library.NdArray;
type Method = (...args: NdArray[]) => unknown;
type Class = new (...args: never[]) => { forward: Method; backward: Method };

const hot = (x: NdArray) =>
  library.oneHot([...argmax(x, x.shape.length - 1).data], x.shape[x.shape.length - 1], 'float64');

/** Answers that need no understanding. */
const TRIVIAL: Readonly<Record<string, Method>> = {
  'its argument': (x) => x,
  zeros: (x) => zeros(x?.shape ?? [], 'float64'),
  'one half everywhere': (x) => full(x?.shape ?? [], 0.5, 'float64'),
  'the sign': (x) => sign(x),
  'a step': (x) => map(x, (v) => (v > 0 ? 1 : 0)),
  'max(x, 0), rounded': (x) => map(x, (v) => Math.round(Math.max(v, 0))),
  'x above 0, −0.7 below': (x) => map(x, (v) => (v > 0 ? v : -0.7)),
  'the largest of each row': (x) => hot(x),
  'the sum of its argument': (x) => sum(x),
  'the number 0': () => 0,
  'ln 5': () => Math.log(5),
  'twenty, as clamps give': () => 20,
};

/** The library's class with another method. */
function withMethod(exports: string, method: string, change: Method): Record<string, unknown> {
  const right = (library as Record<string, unknown>)[exports] as Class;
  const wrong = class extends right {};
  Object.defineProperty(wrong.prototype, method, { value: change });
  return { [exports]: wrong };
}

const methodTasks = TASK_FILES.flatMap((file) =>
  file.tasks.filter(({ id }) => /\.(for|back)ward$/.test(id)).map((task) => ({ file, task })),
);

describe('the scoring of coursework', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  it('gives nothing for a trivial answer, in any forward and any backward', async () => {
    expect(methodTasks.length).to.be.greaterThan(20);
    for (const { file, task } of methodTasks) {
      const method = task.id.split('.')[1];
      for (const [name, answer] of Object.entries(TRIVIAL)) {
        if (file.id === 'relu' && method === 'forward' && name === 'a step') continue;
        const options = { files: [file], only: [task.id] };
        const [{ score, aspects }] = await gradeExports(withMethod(file.exports, method, answer), options);
        expect(score, `${task.id}: ${name} ${JSON.stringify(aspects)}`).to.equal(0);
      }
    }
  });

  it('gives nothing for a constant accuracy, a net without hidden layers, and a step that does not learn', async () => {
    for (const value of [0, 0.25, 0.5, 1]) {
      const [{ score }] = await gradeExports({ accuracy: () => value }, { files: filesOf('accuracy') });
      expect(score, `accuracy ${value}`).to.equal(0);
    }
    class Flat extends library.MLP {
      constructor(options: library.MLPOptions) {
        super({ ...options, hidden: [] });
      }
    }
    expect((await gradeExports({ MLP: Flat }, { files: filesOf('mlp'), only: ['mlp.layers'] }))[0].score).to.equal(0);
    const trainStep = (model: library.Layer, loss: library.Loss, _: unknown, x: NdArray, targets: NdArray) =>
      loss.forward(model.forward(x), targets);
    expect((await gradeExports({ trainStep }, { files: filesOf('train-step') }))[0].score).to.equal(0);
  });

  it('gives nothing for a dropout with a mask that is fixed, alternates, covers whole rows, or has another rate', async () => {
    const masks: Record<string, (i: number, j: number, call: number) => boolean> = {
      fixed: (i, j) => (i * 7919 + j * 104729) % 10 >= 4,
      alternating: (i, j, call) => (i * 7919 + j * 104729 + 3 * call) % 10 >= 4,
      'of whole rows': (i, _j, call) => (i * 7919 + call * 31) % 10 >= 4,
      'of whole columns': (_i, j, call) => (j * 7919 + call * 31) % 10 >= 4,
      'that keeps everything': () => true,
      'that drops everything': () => false,
    };
    for (const [name, keeps] of Object.entries(masks)) {
      class Masked extends library.Module {
        private calls = 0;
        private evaluating = false;
        override eval() {
          this.evaluating = true;
        }
        private masked(x: NdArray, call: number) {
          const D = x.shape[1];
          let at = 0;
          return map(x, (v) => {
            const [i, j] = [Math.floor(at / D), at++ % D];
            return this.evaluating ? v : keeps(i, j, call) ? v / 0.6 : 0;
          });
        }
        forward(x: NdArray) {
          return this.masked(x, ++this.calls);
        }
        backward(dout: NdArray) {
          return this.masked(dout, this.calls);
        }
      }
      const tasks = await gradeExports({ Dropout: Masked }, { files: filesOf('dropout') });
      expect(
        tasks.map(({ score }) => score),
        name,
      ).to.deep.equal([0, 0]);
    }
  });

  it('pays for what throws in a case exactly what it pays for a wrong array there', async () => {
    const hidden = { 'linear.backward': [{ name: 'four inputs', sizes: { N: 2, D: 4, M: 3 }, seed: 'secret' }] };
    const options = { files: filesOf('linear'), only: ['linear.backward'], hidden };
    const right = library.Linear.prototype.backward;
    const results = [];
    for (const answer of [
      () => {
        throw new Error('no');
      },
      () => {
        throw new NotImplementedError('later');
      },
      (dout: NdArray) => zeros([dout.shape[0], 4], 'float64'),
    ]) {
      const backward = function (this: library.Linear, dout: NdArray) {
        return this.weight.value.shape[1] === 4 && this.weight.value.shape[0] === 3
          ? answer(dout)
          : right.call(this, dout);
      };
      const [{ score }] = await gradeExports(withMethod('Linear', 'backward', backward as Method), options);
      results.push(score);
    }
    expect(results).to.deep.equal([0, 0, 0]);
  });

  it('fixes the aspects before anything runs: a stub has the same ones as the solution', async () => {
    for (const { file, task } of methodTasks) {
      const options = { files: [file], only: [task.id] };
      const [right] = await gradeExports({}, options);
      const throwing = () => {
        throw new Error('no');
      };
      const [wrong] = await gradeExports(withMethod(file.exports, task.id.split('.')[1], throwing), options);
      expect(right.score, task.id).to.equal(right.points);
      expect(Object.keys(wrong.aspects), task.id).to.deep.equal(Object.keys(right.aspects));
      expect(wrong.score, task.id).to.equal(0);
    }
  });

  it('a large hidden case is graded like any other', async () => {
    const hidden = {
      'groupnorm.backward': [{ name: 'large', sizes: { N: 100, D: 200, L: 10, G: 4 } }],
      'linear.backward': [{ name: 'large', sizes: { N: 200, D: 200, M: 200 } }],
    };
    const files = filesOf('linear,groupnorm');
    const options = { files, hidden, only: Object.keys(hidden) };
    const sandbox = new Sandbox();
    try {
      const report = await gradeSubmission(sandbox, { sources: sourcesOf(files, true), remarks: [] }, options);
      expect(
        report.tasks.map(({ status }) => status),
        JSON.stringify(report.tasks),
      ).to.deep.equal(['passed', 'passed']);
    } finally {
      sandbox.close();
    }
  });

  it('refuses an impossible hidden case by its name, before anyone is graded', async () => {
    const impossible: [task: string, given: Partial<TestCase>, sentence: RegExp][] = [
      ['batchnorm.forward', { sizes: { N: 1 } }, /"one sample" of batchnorm.forward is impossible: .*BatchNorm1d/],
      [
        'groupnorm.backward',
        { sizes: { G: 5, D: 6 } },
        /"one sample" of groupnorm.backward is impossible: .*GroupNorm/,
      ],
      ['dropout.forward', { options: { p: 1 } }, /"one sample" of dropout.forward is impossible: .*Dropout/],
    ];
    for (const [task, given, sentence] of impossible) {
      const hidden = { [task]: [{ name: 'one sample', ...given }] };
      const files = filesOf(task.split('.')[0]);
      expect((await errorOf(() => assertPossible({ files, hidden }))).message).to.match(sentence);
      await assertPossible({ files, hidden: { [task]: [{ name: 'good', sizes: { N: 3 } }] } });
    }
  });

  it('grades nobody where the right solution has not full marks', async () => {
    const sandbox = new Sandbox();
    try {
      const files = filesOf('elu');
      const rubric = { files, seed: 'x', points: {}, visibility: {}, timeLimit: 0.001, timeLimits: {} };
      const { message } = await errorOf(() => selfTest(sandbox, { files, rubric }));
      expect(message).to.match(/^nobody is graded: .* the right solution fails elu.forward: It did not finish within/);
      expect(optionsOf({ files, rubric }).timeLimit).to.equal(0.001);
    } finally {
      sandbox.close();
    }
  });

  it('says what a method returns instead of an array, and which case is right', async () => {
    // The students' forward returns something wrong on purpose, so its type is any.
    const stub = (body: string, head = '') => `import { map, type NdArray } from 'handgrad'; void map;
export class ReLU {
  x!: NdArray;
  parameters() { return []; }
  ${head}forward(x: NdArray): any { this.x = x; ${body} }
  backward(dout: NdArray) { return dout; }
}`;
    for (const [text, said] of [
      [stub('return x.data.map((v) => Math.max(v, 0));'), /numbers without a shape.*x\.data\.map.*Use map\(x, …\)/],
      [stub(''), /returned undefined, not an array\. Is a return missing\?/],
      [stub('return map(x, (v) => Math.max(v, 0));', 'async '), /returned a promise.*Remove async/],
      [stub('return maximum(x, 0);'), /maximum is not defined\. Import it: import \{ maximum \} from 'handgrad'/],
      [stub('return nonsense(x);'), /nonsense is not defined\. Is the name misspelled, or its import missing\?/],
      [stub('return [[1, 2]];'), /returned a list, not an array\. Use array\(list\)/],
      [
        stub('return map(x, (v) => Math.max(v, x.shape[0] === 1 ? 1 : 0));'),
        /It is right in another case \(N = 3, D = 5\)\. Here is N = 1, D = 6\./,
      ],
    ] as const) {
      const options = { files: filesOf('relu'), only: ['relu.forward'] };
      const [{ findings, score }] = await gradeSources(new Map([['relu.ts', text]]), newFolder(), options);
      expect(JSON.stringify(findings)).to.match(said);
      expect(score).to.equal(0);
    }
  });
});
