import { byClass } from '../dom.js';
import { startWorker } from '../start-worker.js';
import { escapeHtml } from '../text.js';
import { type Config, readConfig, writeConfig } from './config.js';
import { samplesOf } from './problems.js';
import { programOf } from './program.js';
import type { Report } from './session.js';
import { layersHtml, lossSvg, samplesSvg, settingsHtml, stateHtml, surfacePixels } from './view.js';
import type { Request } from './worker.js';

/** More reports than this are thinned out, every second one. */
const MOST = 400;

function start(root: HTMLElement): void {
  const part = byClass(root);
  const form = part<HTMLFormElement>('settings');
  const [run, problem, said] = [part('run'), part('problem'), part('said')];
  const canvas = root.querySelector('canvas');
  const svg = root.querySelector('.plane svg');
  const pen = canvas?.getContext('2d');
  if (!canvas || !svg || !pen) return;
  let config: Config = readConfig(location.hash);
  let samples = samplesOf(config.problem, 'train');
  let history: Report[] = [];
  let last: Report | undefined;
  let running = false;
  let frame = 0;

  const worker = startWorker('trainingWorker', ({ data }: MessageEvent<Report>) => {
    last = data;
    if (frame === 0) frame = requestAnimationFrame(draw);
  });
  const ask = (request: Request) => worker.postMessage(request);

  const draw = () => {
    frame = 0;
    if (!last) return;
    if (last.problem) {
      problem.textContent = last.problem;
      setRunning(false);
    } else {
      history.push(last);
      if (history.length > MOST) history = history.filter((_, i) => i % 2 === 0 || i === history.length - 1);
      canvas.hidden = last.surface.length <= canvas.width;
      if (!canvas.hidden)
        pen.putImageData(new ImageData(surfacePixels(last.surface), canvas.width, canvas.height), 0, 0);
      svg.innerHTML = samplesSvg(config, samples, last.surface);
      part('curves').innerHTML = lossSvg(history);
      part('bars').innerHTML = layersHtml(last.layers);
      part('state').innerHTML = stateHtml(last);
      if (part<HTMLDetailsElement>('program').open) showProgram();
    }
    ask({ kind: 'drawn' });
  };

  const setRunning = (on: boolean) => {
    running = on;
    run.textContent = on ? 'Pause' : 'Train';
    ask({ kind: on ? 'run' : 'pause' });
    if (!on && last && !last.problem)
      said.textContent = `Paused at step ${last.step}, training loss ${last.loss.toPrecision(3)}.`;
  };

  const again = () => {
    setRunning(false);
    history = [];
    last = undefined;
    problem.textContent = '';
    samples = samplesOf(config.problem, 'train');
    ask({ kind: 'start', config });
  };

  const showProgram = () => {
    const text = escapeHtml(programOf(config, Math.max(1, last?.step ?? 1)));
    part('text').innerHTML = `<pre class="code js" tabindex="0"><code>${text}</code></pre>`;
  };

  const use = (next: Config) => {
    config = next;
    history.length = 0;
    window.history.replaceState(null, '', location.pathname + writeConfig(config));
    again();
  };

  form.innerHTML = settingsHtml(config);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', () => {
    const entries = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    const wasRunning = running;
    use(readConfig(String(new URLSearchParams(entries))));
    if (wasRunning) setRunning(true);
  });
  run.addEventListener('click', () => setRunning(!running));
  part('one').addEventListener('click', () => {
    if (running) setRunning(false);
    ask({ kind: 'step' });
  });
  part('again').addEventListener('click', again);
  part('seed').addEventListener('click', () => {
    use({ ...config, seed: config.seed + 1 });
    form.innerHTML = settingsHtml(config);
  });
  part('program').addEventListener('toggle', showProgram);
  addEventListener('hashchange', () => {
    use(readConfig(location.hash));
    form.innerHTML = settingsHtml(config);
  });
  // A hidden page does not draw, so it does not answer, and the worker waits.

  root.querySelector('.still')?.remove();
  root.classList.add('live');
  again();
}

const root = document.querySelector<HTMLElement>('#training');
if (root) start(root);
