import { stepsHtml } from './steps/still.js';

/** An interactive figure: its still picture, and the scripts that make it move. */
export interface Live {
  /** The HTML of the figure as it is without scripts, for the page of a Markdown file. */
  still: (file: string) => string;
  /** The name of its script in assets/. */
  script: string;
}

/** The interactive figures by the names with which a Markdown file asks for them: `{{live steps}}`. */
export const LIVE: Readonly<Record<string, Live>> = {
  steps: { still: stepsHtml, script: 'live-steps.js' },
};

/** The scripts in assets/ and where they come from. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  'live-steps.js': 'steps/page.ts',
};

/** The interactive figure of a name. */
export function liveFigure(name: string): Live {
  if (!Object.hasOwn(LIVE, name)) throw new Error(`there is no live figure '${name}'; there are ${Object.keys(LIVE)}`);
  return LIVE[name];
}
