import { byClass } from '../dom.js';
import { startWorker } from '../start-worker.js';
import type { Exercise, Result, Settings } from './exercise.js';
import { paintedCode } from './paint.js';
import { resultHtml } from './view.js';
import type { CheckRequest } from './worker.js';

/** A check that takes longer is stopped, in milliseconds. */
const LIMIT = 3000;
/** A pause in typing after which the code is checked. */
const PAUSE = 150;
const SOLVED = 'handgrad-solved';

function start(root: HTMLElement): void {
  const part = byClass(root);
  const exercises: Exercise[] = JSON.parse(part('exercises').textContent ?? '[]');
  const choice = part<HTMLSelectElement>('exercise');
  const code = part<HTMLTextAreaElement>('code');
  const [paint, result, said] = [part('paint'), part('result'), part('said')];
  const titles = [...choice.options].map(({ text }) => text);
  const solved = new Set(remembered());
  const drafts = new Map<number, string>();
  let current = 0;
  let number = 0;
  let worker: Worker | undefined;
  let ready = false;
  let asked: CheckRequest | undefined;
  let waiting: CheckRequest | undefined;
  let [pause, limit] = [0, 0];

  const send = (request: CheckRequest) => {
    asked = request;
    waiting = undefined;
    worker?.postMessage(request);
    limit = window.setTimeout(() => {
      worker?.terminate();
      asked = undefined;
      show({ ...EMPTY, failure: `Stopped after ${LIMIT / 1000} seconds. Does a loop never end?` });
      launch();
    }, LIMIT);
  };

  const launch = () => {
    ready = false;
    worker = startWorker('workbenchWorker', ({ data }: MessageEvent<{ number: number; result?: Result }>) => {
      ready = true;
      if (data.result) {
        clearTimeout(limit);
        const isLast = data.number === asked?.number && !waiting;
        asked = undefined;
        if (isLast) show(data.result);
      }
      if (waiting) send(waiting);
    });
  };

  const check = () => {
    number++;
    const { kind, right } = exercises[current];
    const pick = (name: string) => part<HTMLSelectElement>(name).value;
    const settings = { dout: pick('dout'), dtype: pick('dtype'), inputs: pick('inputs') } as Settings;
    waiting = { number, code: code.value, exercise: { kind, right }, settings };
    root.dataset.state = 'checking';
    if (ready && !asked) send(waiting);
  };

  const show = (found: Result) => {
    result.innerHTML = resultHtml(found);
    root.dataset.state = found.failure !== undefined ? 'failed' : found.passed ? 'passed' : 'wrong';
    said.textContent = part('verdict', result).textContent;
    const isStrict =
      part<HTMLSelectElement>('dout').value === 'random' && part<HTMLSelectElement>('dtype').value === 'float64';
    if (found.passed && isStrict && exercises[current].right !== undefined) {
      solved.add(exercises[current].title);
      remember([...solved]);
      showProgress();
    }
  };

  const showProgress = () => {
    const puzzles = exercises.filter(({ right }) => right !== undefined);
    part('progress').textContent =
      `${puzzles.filter(({ title }) => solved.has(title)).length} of ${puzzles.length} puzzles solved`;
    for (const [i, option] of [...choice.options].entries())
      option.text = `${titles[i]}${solved.has(exercises[i].title) ? ' ✓' : ''}`;
  };

  const draw = () => {
    const painted = paint.querySelector('code');
    if (painted) painted.innerHTML = `${paintedCode(code.value)}\n`;
    part('editor').style.setProperty('--lines', String(code.value.split('\n').length));
    paint.scrollTop = code.scrollTop;
    paint.scrollLeft = code.scrollLeft;
  };

  const use = (index: number) => {
    current = index;
    choice.selectedIndex = index;
    code.value = drafts.get(index) ?? exercises[index].code;
    const { hint } = exercises[index];
    const clue = part<HTMLDetailsElement>('clue');
    clue.hidden = hint === undefined;
    clue.open = false;
    part('hint-text').textContent = hint ?? '';
    draw();
    check();
  };

  code.addEventListener('input', () => {
    drafts.set(current, code.value);
    draw();
    clearTimeout(pause);
    pause = window.setTimeout(check, PAUSE);
  });
  code.addEventListener('scroll', draw);
  choice.addEventListener('change', () => use(choice.selectedIndex));
  part('restore').addEventListener('click', () => {
    drafts.delete(current);
    use(current);
  });
  for (const name of ['dout', 'dtype', 'inputs']) part(name).addEventListener('change', check);

  root.classList.add('live');
  launch();
  showProgress();
  use(0);
}

const EMPTY: Result = { layer: '', passed: false, arrays: [], remarks: [], curve: [] };

/** The titles of the solved puzzles. Some browsers store nothing for files; then they hold for this visit. */
function remembered(): string[] {
  try {
    return JSON.parse(localStorage.getItem(SOLVED) ?? '[]');
  } catch {
    return [];
  }
}

function remember(titles: readonly string[]): void {
  try {
    localStorage.setItem(SOLVED, JSON.stringify(titles));
  } catch {
    // Then they hold for this visit only.
  }
}

const root = document.querySelector<HTMLElement>('#workbench');
if (root) start(root);
