import { encode } from 'fast-png';
import { codeHtml } from '../../markdown.js';
import { DEFAULTS } from './config.js';
import { samplesOf } from './problems.js';
import { programOf } from './program.js';
import { REACH, type Report, Session, SIDE } from './session.js';
import { layersHtml, lossSvg, samplesSvg, settingsHtml, stateHtml, surfacePixels } from './view.js';

/** The steps of the still picture. */
const STEPS = 600;

/** The default net after its training: what a page without scripts shows. */
export function trainingHtml(): string {
  const session = new Session(DEFAULTS);
  const history: Report[] = [session.report()];
  for (let step = 1; step <= STEPS; step++) {
    session.advance();
    if (step % 20 === 0) history.push(session.report());
  }
  const report = history[history.length - 1];
  const png = encode({ width: SIDE, height: SIDE, data: surfacePixels(report.surface), channels: 4, depth: 8 });
  const picture = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const box = `${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`;
  return `<section class="widget" id="training" aria-label="A net that trains in this page">
<form class="settings control">${settingsHtml(DEFAULTS)}</form>
<div class="controls"><button type="button" class="run primary">Train</button><button type="button" class="one">One step</button><button type="button" class="again">Start again</button><button type="button" class="seed">Another seed</button></div>
<p class="problem" role="alert"></p>
<div class="board">
<div class="plane"><img class="still" src="${picture}" alt=""><canvas width="${SIDE}" height="${SIDE}" hidden></canvas><svg viewBox="${box}" role="img" aria-label="The samples, and behind them what the net predicts">${samplesSvg(DEFAULTS, samplesOf(DEFAULTS.problem, 'train'), report.surface)}</svg></div>
<div class="numbers"><dl class="state">${stateHtml(report)}</dl><div class="curves">${lossSvg(history)}</div><p class="key"><span class="loss">training loss</span> <span class="testLoss">test loss</span></p></div>
</div>
<div class="bars">${layersHtml(report.layers)}</div>
<p class="said" role="status"></p>
<details class="program"><summary>Show the program</summary><p>This program does the same in Node, with as many steps as the page has made.</p><div class="text">${codeHtml(programOf(DEFAULTS, STEPS), 'js')}</div></details>
</section>`;
}
