import { expect } from 'chai';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import { ASSIGNMENTS, filesOf, TASK_FILES } from '../../src/coursework/catalog.js';
import { gradeSubmission } from '../../src/coursework/grading/grade-submission.js';
import { Sandbox } from '../../src/coursework/sandbox/sandbox.js';
import { RIGHT_OTHERWISE, WRONG_SOLUTIONS, type WrongSolution } from './wrong-solutions.js';

const ALL = TASK_FILES.map(({ id }) => id).join(',');
const right = sourcesOf(filesOf(ALL), true);

/** The right solution with one change; everything else of it is right. */
function changed({ file, change: [from, to], imports }: WrongSolution): Map<string, string> {
  const text = right.get(`${file}.ts`) ?? '';
  expect(text, `src/${file}.ts holds the text that is changed`).to.include(from);
  const head = imports ? `import { ${imports} } from 'handgrad';\n` : '';
  return new Map([...right, [`${file}.ts`, head + text.replace(from, () => to)]]);
}

describe('the grader’s diagnosis', function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  before(() => {
    sandbox = new Sandbox();
  });
  after(() => sandbox.close());

  it('knows more than fifteen kinds of mistakes', () => {
    expect(new Set(WRONG_SOLUTIONS.map(({ diagnosis }) => diagnosis)).size).to.be.greaterThan(30);
  });

  for (const wrong of WRONG_SOLUTIONS) {
    it(`names “${wrong.diagnosis}” in ${wrong.task}, which alone loses points`, async () => {
      const files = filesOf(
        Object.values(ASSIGNMENTS)
          .find((ids) => ids.includes(wrong.file))
          ?.join(',') ?? wrong.file,
      );
      const report = await gradeSubmission(sandbox, { sources: changed(wrong), remarks: [] }, { files });
      const losers = report.tasks.filter(({ score, points }) => score < points);
      const said = JSON.stringify(
        losers.map(({ id, findings }) => [id, findings]),
        null,
        1,
      );
      expect(report.remarks).to.deep.equal([]);
      expect(
        losers.map(({ id }) => id),
        said,
      ).to.deep.equal([wrong.task]);
      // Every name that is given is the right one; an array that is wrong for another reason as well may have none.
      const names = losers[0].findings.flatMap(({ diagnosis }) => diagnosis?.id ?? []);
      expect([...new Set(names)], said).to.deep.equal([wrong.diagnosis]);
    });
  }

  for (const { name, file, change, imports } of RIGHT_OTHERWISE) {
    it(`names nothing in what is right another way: ${name}`, async () => {
      const sources = changed({ file, change, imports, task: file, diagnosis: '' });
      for (let seed = 0; seed < 5; seed++) {
        const report = await gradeSubmission(
          sandbox,
          { sources, remarks: [] },
          { files: filesOf(file), seed: `seed ${seed}` },
        );
        expect(report.tasks.flatMap(({ findings }) => findings)).to.deep.equal([]);
        expect(report.score).to.equal(report.points);
      }
    });
  }

  it('names nothing in right solutions, whatever they are drawn from', async () => {
    for (let seed = 0; seed < 3; seed++) {
      for (const name of [...Object.keys(ASSIGNMENTS), 'dropout']) {
        const files = filesOf(name);
        const report = await gradeSubmission(sandbox, { sources: right, remarks: [] }, { files, seed: `seed ${seed}` });
        expect(
          report.tasks.flatMap(({ findings }) => findings),
          `${name} ${seed}`,
        ).to.deep.equal([]);
        expect(report.score).to.equal(report.points);
      }
    }
  });
});
