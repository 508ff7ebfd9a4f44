import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sourcesOf } from '../../src/coursework/assignment/project-sources.js';
import type { TaskResult } from '../../src/coursework/grading/grade-report.js';
import { ASSIGNMENTS, filesOf, TASK_FILES } from '../../src/coursework/task-files.js';
import { gradeSources } from './in-process.js';
import { RIGHT_WITH_LOOPS, WRONG_IMAGE_SOLUTIONS } from './wrong-image-solutions.js';
import { RIGHT_OTHERWISE, WRONG_SOLUTIONS, type WrongSolution } from './wrong-solutions.js';

const ALL = TASK_FILES.map(({ id }) => id);
const right = sourcesOf(filesOf(ALL.join(',')), true);

/** The right solution with changes in different files; everything else of it is right. */
function changed(changes: readonly Pick<WrongSolution, 'file' | 'change' | 'and' | 'imports'>[]): Map<string, string> {
  const sources = new Map(right);
  for (const { file, change, and = [], imports } of changes) {
    let text = right.get(`${file}.ts`) ?? '';
    for (const [from, to] of [change, ...and]) {
      expect(text, `src/${file}.ts contains the text to change`).to.include(from);
      text = text.replace(from, () => to);
    }
    const head = imports ? `import { ${imports} } from 'handgrad';\n` : '';
    sources.set(`${file}.ts`, head + text);
  }
  return sources;
}

/** Wrong solutions that are graded together, as one submission to one assignment. */
interface Round {
  assignment: string;
  wrong: WrongSolution[];
  tasks?: Promise<TaskResult[]>;
}

const usedBy = (file: string) => TASK_FILES.find(({ id }) => id === file)?.uses ?? [];
/** Whether neither file builds on the other, so that a mistake in one cannot cost the other any points. */
const independent = (a: string, b: string) => a !== b && !usedBy(a).includes(b) && !usedBy(b).includes(a);

/** As few rounds as possible. All files that build on a wrong file are right in its round. */
function roundsOf(wrongs: readonly WrongSolution[]): Map<WrongSolution, Round> {
  const rounds = new Map<WrongSolution, Round>();
  for (const wrong of wrongs) {
    const ids = Object.values(ASSIGNMENTS).find((files) => files.includes(wrong.file)) ?? [wrong.file];
    const assignment = ids.join(',');
    const open = [...rounds.values()].find(
      (it) => it.assignment === assignment && it.wrong.every(({ file }) => independent(file, wrong.file)),
    );
    const round = open ?? { assignment, wrong: [] };
    round.wrong.push(wrong);
    rounds.set(wrong, round);
  }
  return rounds;
}

describe('the diagnosis of the grader', function () {
  this.timeout(300_000);
  const rounds = roundsOf([...WRONG_SOLUTIONS, ...WRONG_IMAGE_SOLUTIONS]);
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'handgrad-test-')));
  let folders = 0;
  after(() => rmSync(home, { recursive: true, force: true }));

  const graded = (sources: ReadonlyMap<string, string>, assignment: string, seed?: string) =>
    gradeSources(sources, join(home, String(++folders)), { files: filesOf(assignment), seed });
  const findingsOf = (tasks: readonly TaskResult[]) => tasks.flatMap(({ findings }) => findings);

  it('knows more than thirty kinds of mistakes', () => {
    expect(new Set(WRONG_SOLUTIONS.map(({ diagnosis }) => diagnosis)).size).to.be.greaterThan(30);
  });

  for (const [wrong, round] of rounds) {
    it(`names “${wrong.diagnosis}” in ${wrong.task}, and no other task of a right file loses points`, async () => {
      round.tasks ??= graded(changed(round.wrong), round.assignment);
      const tasks = await round.tasks;
      const said = JSON.stringify(tasks.map(({ id, findings }) => [id, findings]));
      const losers = tasks.filter(({ score, points }) => score < points).map(({ id }) => id);
      expect(losers, said).to.have.members(round.wrong.map(({ task }) => task));
      // Every name that is given is the right one; an array that is also wrong for another reason may have none.
      const found = findingsOf(tasks.filter(({ id }) => id === wrong.task));
      const names = found.flatMap(({ diagnosis }) => diagnosis?.id ?? []);
      expect([...new Set(names)], said).to.deep.equal([wrong.diagnosis]);
    });
  }

  for (const solutions of [RIGHT_OTHERWISE.slice(0, 2), RIGHT_OTHERWISE.slice(2), RIGHT_WITH_LOOPS]) {
    const titles = solutions.map(({ name }) => name).join(', ');
    it(`finds nothing in right solutions written in another way: ${titles}`, async () => {
      const assignment = solutions.map(({ file }) => file);
      expect(new Set(assignment).size, 'files').to.equal(solutions.length).and.be.greaterThan(0);
      for (let seed = 0; seed < 5; seed++) {
        const tasks = await graded(changed(solutions), assignment.join(','), `seed ${seed}`);
        expect(findingsOf(tasks)).to.deep.equal([]);
        expect(tasks.filter(({ status }) => status !== 'passed')).to.deep.equal([]);
      }
    });
  }

  for (const assignment of [...Object.keys(ASSIGNMENTS), 'dropout']) {
    it(`finds nothing in the right solution of ${assignment}, from three seeds`, async () => {
      for (let seed = 0; seed < 3; seed++) {
        const tasks = await graded(right, assignment, `seed ${seed}`);
        expect(findingsOf(tasks), `seed ${seed}`).to.deep.equal([]);
        expect(tasks.filter(({ status }) => status !== 'passed')).to.deep.equal([]);
      }
    });
  }
});
