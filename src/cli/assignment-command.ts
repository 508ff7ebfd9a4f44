import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ASSIGNMENTS } from '../coursework/task-files.js';
import { version } from '../node/runs/version.js';
import { Console } from './console.js';
import { folder } from './flag-values.js';
import { textTable } from './layout.js';

/** Adds `handgrad assignment` to the program. */
export function addAssignment(program: Command): void {
  const assignment = program
    .command('assignment')
    .summary('make assignments for a course')
    .description('Makes assignments from this library: projects with method bodies to fill in, and their autograder.');
  addNew(assignment);
  addRun(assignment);
  addGradescope(assignment);
  for (const command of assignment.commands) {
    command.exitOverride().showHelpAfterError(`(handgrad assignment ${command.name()} --help shows more)`);
  }
}

function addNew(assignment: Command): void {
  assignment
    .command('new')
    .summary("write a student's project")
    .description(
      "Writes a student's project: files of this library without the bodies of the tasks and without their derivations, " +
        'the questions, and `npm test`, which grades the project.',
    )
    .argument(
      '<name>',
      `${Object.keys(ASSIGNMENTS).join(', ')}; or a comma-separated list of files, such as linear,elu`,
    )
    .argument('<folder>', 'the folder of the project; it must be empty or not exist', folder)
    .option('--solution', 'write the solution instead of the stubs', false)
    .option(
      '--library <where>',
      'the handgrad that the project depends on: a version, or a tarball or folder that goes into it (default: this library)',
    )
    .option('--json', 'print one JSON document', false)
    .action(async (name: string, target: string, flags: { solution: boolean; library?: string; json: boolean }) => {
      const { writeProject } = await import('../coursework/assignment/project.js'); // loads a compiler, so only here
      const { solution, library, json } = flags;
      const files = writeProject({ name, folder: target, solution, library, version: version() });
      const tasks = files.flatMap((file) => file.tasks);
      const total = tasks.reduce((sum, { points }) => sum + points, 0);
      const out = new Console(json);
      for (const line of textTable(
        tasks.map(({ id, points }) => [id, points, 'points']),
        { width: out.width },
      ))
        out.note(line);
      out.note(`\n${total} points in ${resolve(target)}. Next, in that folder: npm install && npm test`);
      out.result({ folder: resolve(target), assignment: name, solution, points: total, tasks });
    });
}

function addRun(assignment: Command): void {
  assignment
    .command('run')
    .summary("run a script of a student's project, such as train.ts")
    .argument('<file>', 'a TypeScript file in the folder of the project')
    .argument('[args...]', 'arguments of the script')
    .action(async (file: string, args: string[]) => {
      const { runScript } = await import('../coursework/assignment/run-script.js');
      process.exitCode = await runScript(file, args);
    });
}

interface ZipFlags {
  rubric: string;
  hidden?: string;
  out: string;
  library?: string;
  json: boolean;
}

function addGradescope(assignment: Command): void {
  assignment
    .command('gradescope')
    .summary('write an autograder for Gradescope')
    .description('Writes a zip for Gradescope with the rubric, the hidden cases and this library.')
    .requiredOption('--rubric <file>', 'points, visibility, seed, time limit, late policy')
    .option('--hidden <folder>', 'hidden cases, JSON files')
    .option('--out <file>', 'the file to write', 'autograder.zip')
    .option('--library <version>', 'install this version of the published library instead of packing this one')
    .option('--json', 'print one JSON document', false)
    .action(async ({ json, ...flags }: ZipFlags) => {
      const { writeGradescopeZip } = await import('../coursework/assignment/gradescope-zip.js');
      const files = await writeGradescopeZip({ ...flags, version: version() });
      const out = new Console(json);
      out.note(`${resolve(flags.out)}: setup.sh, run_autograder and ${files.length - 2} more files`);
      out.result({ file: resolve(flags.out), files });
    });
}
