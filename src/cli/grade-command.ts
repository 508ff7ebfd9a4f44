import { existsSync, watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { FORMATS, type Format, formatted } from '../coursework/formats/index.js';
import { type About, parseAbout } from '../coursework/formats/platforms.js';
import { type GradingSettings, gradeFolder, gradeOrFail } from '../coursework/grade-folder.js';
import type { GradeReport } from '../coursework/grading/grade-report.js';
import { readHidden } from '../coursework/hidden-cases.js';
import { tryOutput, writeOutput } from '../coursework/output-file.js';
import { parseInstant, readRubric } from '../coursework/rubric.js';
import { ENFORCED, ISOLATIONS, type Isolation, isolation, useIsolation } from '../coursework/sandbox/isolation.js';
import { assignmentOf } from '../coursework/submission.js';
import { filesOf } from '../coursework/task-files.js';
import { Console } from './console.js';
import { count, file, folder } from './flag-values.js';
import { type ClassFlags, gradeClass } from './grade-class.js';
import { brokenText, widthOf } from './layout.js';
import { print } from './output.js';

interface GradeFlags extends ClassFlags {
  assignment?: string;
  only?: string;
  watch: boolean;
  rubric?: string;
  hidden?: string;
  format: Format;
  out?: string;
  submittedAt?: string;
  about: string[];
  isolation: Isolation | 'auto';
  json: boolean;
}

/** Adds `handgrad grade` to the program. */
export function addGrade(program: Command): void {
  program
    .command('grade')
    .summary('grade one submission, or a class')
    .description(
      'Runs the files of a submission in an isolated process, compares the arrays that they return with right ones, and shows ' +
        'the points and the likely mistake of each task. Only these arrays affect the score. A submission cannot affect the ' +
        'result of another.',
    )
    .argument('[submission]', 'the folder of the project', folder)
    .option('--only <tasks>', 'only these tasks or files, such as linear or elu.backward,softmax')
    .option('--watch', 'grade again after every change', false)
    .option('--assignment <name>', 'the assignment (default: the one in assignment.json)', undefined)
    .option('--rubric <file>', "the teacher's rubric: points, visibility, seed, time limit, late policy", file)
    .option('--hidden <folder>', 'hidden cases, JSON files', folder)
    .option('--submitted-at <time>', 'when it was submitted, for the late policy (default: now)')
    .addOption(new Option('--format <format>', 'the format of the report').choices(FORMATS).default('text'))
    .option('--out <file>', 'the file to write, or with --all the folder (default: stdout, or grades)', file)
    .option('--about <key=value>', "a field of Classroom 50's result.json", collect, [])
    .option('--all <folder>', 'grade every folder in this folder', folder)
    .option('--jobs <n>', 'with --all: how many submissions to grade at a time', count, 2)
    .option('--times <file>', 'with --all: when each was submitted, in lines NAME,TIME', file)
    .option('--without-isolation', 'with --all: grade even if this system cannot isolate submissions', false)
    .addOption(
      new Option('--isolation <kind>', 'how to isolate submissions; auto is the best that works on this system')
        .choices(['auto', ...ISOLATIONS])
        .default('auto'),
    )
    .option('--json', 'the same as --format json', false)
    .addHelpText(
      'after',
      '\nThe exit code is 1 if the score is below the maximum. It is 0 with --format, because the report contains the score.',
    )
    .action((submission: string | undefined, flags: GradeFlags) => runGrade(submission, flags));
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

async function runGrade(submission: string | undefined, flags: GradeFlags): Promise<void> {
  if ((submission === undefined) === (flags.all === undefined)) {
    throw new InputError('grade: expected the folder of a submission, or --all with a folder of submissions');
  }
  assertFit(flags);
  const about = parseAbout(flags.about);
  const settings = settingsOf(submission, flags);
  const submitted = flags.submittedAt === undefined ? new Date() : parseInstant('--submitted-at', flags.submittedAt);
  if (flags.isolation !== 'auto') useIsolation(flags.isolation);
  if (flags.all !== undefined) {
    await gradeClass(flags.all, settings, flags);
    return;
  }
  if (flags.out !== undefined) tryOutput('--out', flags.out);
  const path = submission ?? '.';
  const once = () => gradeOne(path, settings, submitted, flags, about);
  if (flags.watch) await watchAndGrade(path, once);
  else process.exitCode = await once();
}

/** Refuses flags that do not go together, instead of ignoring one. */
function assertFit({ all, format, watch, out, rubric, assignment, submittedAt, times }: GradeFlags): void {
  const given = rubric !== undefined || assignment !== undefined;
  const what = all !== undefined ? '--all' : `--format ${format}`;
  if (!given && (all !== undefined || !['text', 'json'].includes(format))) {
    throw new InputError(
      `grade ${what}: expected --rubric or --assignment, because a submission must not choose its own assignment`,
    );
  }
  if (watch && (all !== undefined || out !== undefined || format !== 'text')) {
    throw new InputError('grade --watch: expected one submission, and no --out or --format');
  }
  if (all !== undefined && format !== 'text')
    throw new InputError('grade --all: --format is for one submission; --all writes a CSV file, a page and reports');
  if (all !== undefined && submittedAt !== undefined)
    throw new InputError('grade --all: expected --times, not --submitted-at');
  if (all === undefined && times !== undefined)
    throw new InputError('grade --times: expected --all; for one submission use --submitted-at');
}

function settingsOf(submission: string | undefined, flags: GradeFlags): GradingSettings {
  const rubric = flags.rubric === undefined ? undefined : readRubric(flags.rubric);
  const named = flags.assignment === undefined ? undefined : filesOf(flags.assignment);
  const files = rubric?.files ?? named ?? assignmentOf(submission ?? '.');
  const only = flags.only?.split(',').map((name) => name.trim());
  const known = [...new Set(files.flatMap(({ id, tasks }) => [id, ...tasks.map((task) => task.id)]))];
  const unknown = only?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InputError(`--only ${unknown}: unknown task; expected one of ${known.join(', ')}`);
  const hidden = flags.hidden === undefined ? undefined : readHidden(flags.hidden, files);
  return { files, rubric, hidden, only };
}

async function gradeOne(
  path: string,
  settings: GradingSettings,
  submitted: Date,
  { format: wanted, json, out, rubric }: GradeFlags,
  about: About,
): Promise<number> {
  const { Sandbox } = await import('../coursework/sandbox/sandbox.js');
  const { selfTest } = await import('../coursework/self-test.js');
  const format = json ? 'json' : wanted;
  const sandbox = new Sandbox();
  const mayThrow = ['text', 'json'].includes(format) && out === undefined; // otherwise a results file is always written
  let report: GradeReport;
  try {
    // A student's own run tests one task first. Before points count, all of them are tested.
    await selfTest(sandbox, rubric === undefined ? { ...settings, only: [settings.files[0].tasks[0].id] } : settings);
    report = await (mayThrow ? gradeFolder : gradeOrFail)(sandbox, path, settings, submitted);
  } finally {
    sandbox.close();
  }
  if (rubric !== undefined && isolation() === 'node') report.remarks.push(`isolated by ${ENFORCED.node}`);
  const text = formatted(report, format, about, rubric !== undefined, widthOnTerminal());
  if (out === undefined) print(process.stdout, text);
  else writeOutput('--out', out, text);
  if (format !== 'text') return 0;
  if (out !== undefined) new Console(false).say(`${report.score} of ${report.points} points; ${resolve(out)}`);
  return report.score >= report.points ? 0 : 1;
}

/** The width of the terminal. Undefined for a file or a pipe. */
function widthOnTerminal(): number | undefined {
  const width = widthOf(process.stdout);
  return Number.isFinite(width) ? width : undefined;
}

/** Grades now and after each change of a source file, until Ctrl-C. */
async function watchAndGrade(path: string, grade: () => Promise<number>): Promise<void> {
  const src = join(path, 'src');
  if (!existsSync(src)) throw new InputError(`--watch: the folder ${src} does not exist`);
  let [running, changed] = [false, false];
  const change = async () => {
    changed = true;
    if (running) return;
    running = true;
    while (changed) {
      await new Promise((done) => setTimeout(done, 100)); // editors write a file in several steps
      changed = false;
      print(process.stdout, `\n${new Date().toLocaleTimeString()}\n`);
      await grade().catch((error) =>
        print(process.stdout, `${brokenText(messageOf(error), widthOf(process.stdout))}\n`),
      );
    }
    running = false;
  };
  watch(src, { recursive: process.platform !== 'linux' }, change);
  await change();
  await new Promise(() => {});
}
