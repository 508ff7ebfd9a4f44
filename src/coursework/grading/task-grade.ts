import { messageOf } from '../../array/index.js';
import { SessionError } from '../sandbox/session.js';
import type { Responder } from '../sandbox/wire.js';
import { type Finding, findingOf, looksNumerical } from './finding.js';
import type { Status } from './grade-report.js';
import { StubError, SubmissionClient } from './submission-client.js';
import type { TaskPlan, TaskTest } from './task-plan.js';
import { caseText, type TestCase } from './test-case.js';

/** What runs the tests of a task. */
export interface TaskRunner {
  /** The file of the task. */
  file: string;
  /** A process to run in. It may be the last one, if that has not ended. */
  session: () => Responder;
  placeOf?: (name: string) => string | undefined;
}

/** The grade of a task: which of its aspects are right so far, and what is wrong with the others. */
export class TaskGrade {
  readonly findings: Finding[] = [];
  /** Whether a right gradient looks like finite differences. */
  numerical = false;
  private readonly wrong = new Set<string>();
  private readonly rightIn = new Map<string, TestCase>();
  private readonly tested = new Set<string>();
  private isStub = false;
  private hasThrown = false;

  constructor(private readonly plan: TaskPlan) {}

  /** Runs the visible or the hidden tests, one after the other. */
  async run(hidden: boolean, { file, session, placeOf }: TaskRunner, seconds: number): Promise<void> {
    const time = { left: 1000 * seconds };
    for (const test of this.plan.tests.filter((test) => test.case.hidden === hidden)) {
      if (this.isStub || (hidden && this.isHopeless())) return;
      try {
        const results = await test.run(new SubmissionClient(session(), time, placeOf));
        for (const result of results) {
          this.numerical ||= looksNumerical(result);
          this.note(test, result.aspect, findingOf(file, result));
        }
      } catch (error) {
        this.fail(test, error);
        // Nothing can be won anymore, and every further case would start another process.
        if (error instanceof SessionError && this.isHopeless()) return;
      }
      if (time.left <= 0) {
        this.failRest(hidden, test);
        return;
      }
    }
  }

  /** Counts a task as failed that cannot run at all. */
  failAll(text: string): void {
    for (const aspect of this.plan.aspects.keys()) this.wrong.add(aspect);
    this.hasThrown = true;
    this.findings.push({ aspect: 'run', case: '', hidden: false, text });
  }

  /** Which aspects have points: those that are right in every case, and whose needs are. */
  get aspects(): Record<string, boolean> {
    const isRight = (name: string) => this.tested.has(name) && !this.wrong.has(name);
    return Object.fromEntries(
      [...this.plan.aspects].map(([name, needs]) => [name, isRight(name) && needs.every(isRight)]),
    );
  }

  /** The fraction of the task's points. */
  get share(): number {
    const aspects = Object.values(this.aspects);
    return aspects.filter(Boolean).length / aspects.length;
  }

  get status(): Status {
    if (this.share > 0) return this.share === 1 ? 'passed' : 'partial';
    if (this.isStub) return 'not implemented';
    return this.hasThrown ? 'failed to run' : 'wrong';
  }

  /** Whether further cases cannot change the points. */
  private isHopeless(): boolean {
    return [...this.plan.aspects.keys()].every((name) => this.wrong.has(name));
  }

  private note(test: TaskTest, aspect: string, found: Finding | undefined): void {
    this.tested.add(aspect);
    if (!found) {
      if (!this.rightIn.has(aspect)) this.rightIn.set(aspect, test.case);
      return;
    }
    this.wrong.add(aspect);
    this.keep(this.withContrast(found, test.case));
  }

  /** Says in which case the aspect is right, if it is right in one. */
  private withContrast(found: Finding, given: TestCase): Finding {
    const before = this.rightIn.get(found.aspect);
    if (!before || before === given || given.kind === 'extreme' || (before.hidden && !given.hidden)) return found;
    const text = `It is right in another case (${caseText(before)}). Here is ${caseText(given)}.`;
    const { diagnosis } = found;
    return {
      ...found,
      diagnosis: diagnosis
        ? { ...diagnosis, text: `${diagnosis.text} ${text}` }
        : { id: 'right in another case', text },
    };
  }

  /** What throws, ends or takes too long fails everything that the test decides. */
  private fail(test: TaskTest, error: unknown): void {
    for (const aspect of test.aspects) this.wrong.add(aspect);
    const isFirst = test === this.plan.tests[0];
    if (isFirst && error instanceof StubError) this.isStub = true;
    this.hasThrown = true;
    const isSlow = test.case.kind === 'large' && error instanceof SessionError && error.kind === 'time';
    const { name, hidden } = test.case;
    this.keep({ aspect: `runs on ${name}`, case: name, hidden, text: isSlow ? slow(test.case) : messageOf(error) });
  }

  /** When the time is over, the tests that have not run fail. */
  private failRest(hidden: boolean, last: TaskTest): void {
    const tests = this.plan.tests.filter((test) => test.case.hidden === hidden);
    for (const { aspects } of tests.slice(tests.indexOf(last) + 1)) for (const name of aspects) this.wrong.add(name);
  }

  /** Keeps one finding per aspect and text. A finding that has a diagnosis replaces one that has none. */
  private keep(finding: Finding): void {
    const { findings } = this;
    const before = findings.findIndex(
      ({ aspect, text, hidden }) =>
        hidden === finding.hidden && (aspect === finding.aspect || (!finding.diagnosis && text === finding.text)),
    );
    if (before < 0) findings.push(finding);
    else if (!findings[before].diagnosis && finding.diagnosis) findings[before] = finding;
  }
}

const slow = ({ sizes }: TestCase) =>
  `backward takes seconds for a batch of ${sizes.N}. A formula takes milliseconds. Did you differentiate forward numerically?`;
