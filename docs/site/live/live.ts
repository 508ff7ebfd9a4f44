import { FIGURES } from './moving/figures.js';
import { movingHtml } from './moving/still.js';
import { stepsHtml } from './steps/still.js';
import { trainingHtml } from './training/still.js';
import { workbenchHtml } from './workbench/still.js';

/** An interactive figure: its still picture, and the scripts that make it move. */
export interface Live {
  /** The HTML of the figure as it is without scripts, for the page of a Markdown file. */
  still: (file: string) => string;
  /** Its scripts in assets/, in order. */
  scripts: readonly string[];
}

/** The interactive figures by the names with which a Markdown file asks for them: `{{live steps}}`. */
export const LIVE: Readonly<Record<string, Live>> = {
  steps: { still: stepsHtml, scripts: ['live-steps.js'] },
  training: { still: trainingHtml, scripts: ['live-training-worker.js', 'live-training.js'] },
  workbench: { still: workbenchHtml, scripts: ['live-workbench-worker.js', 'live-workbench.js'] },
  ...Object.fromEntries(
    Object.keys(FIGURES).map((name) => [name, { still: () => movingHtml(name), scripts: ['live-moving.js'] }]),
  ),
};

/** The scripts in assets/ and where they come from. That of a worker becomes the body of a function with this name. */
export const SCRIPTS: Readonly<Record<string, { file: string; worker?: string }>> = {
  'live-steps.js': { file: 'steps/page.ts' },
  'live-moving.js': { file: 'moving/page.ts' },
  'live-training.js': { file: 'training/page.ts' },
  'live-training-worker.js': { file: 'training/worker.ts', worker: 'trainingWorker' },
  'live-workbench.js': { file: 'workbench/page.ts' },
  'live-workbench-worker.js': { file: 'workbench/worker.ts', worker: 'workbenchWorker' },
};

/** The interactive figure of a name. */
export function liveFigure(name: string): Live {
  if (!Object.hasOwn(LIVE, name)) throw new Error(`there is no live figure '${name}'; there are ${Object.keys(LIVE)}`);
  return LIVE[name];
}
