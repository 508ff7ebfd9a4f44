import { byClass } from '../dom.js';
import { short } from '../text.js';
import { type Numbers, type Pass, type Place, passThrough, placesOf, START, withNumber } from './net.js';
import { STEPS } from './steps.js';
import { belowHtml, fieldsHtml, graphHtml, NUDGED, nameOf, nudgeHtml, rowsHtml, type View } from './view.js';

const LAST = STEPS.length - 1;

/** Makes the still picture of the chapter a thing that moves. */
function start(root: HTMLElement): void {
  const part = byClass(root);
  const [picture, fields, problem, said] = [part('picture'), part('fields'), part('problem'), part('said')];
  const scrubber = part<HTMLInputElement>('scrubber');
  const rate = part<HTMLInputElement>('rate');
  const choice = part<HTMLSelectElement>('choice');
  const slider = part<HTMLInputElement>('slider');
  const steps = [...root.querySelectorAll<HTMLElement>('.step')];
  const view: View = {
    numbers: structuredClone(START),
    pass: passThrough(START),
    step: 0,
    chosen: { array: 'weight1', index: [0, 0] },
    nudge: Number(slider.value),
  };

  const draw = () => {
    picture.innerHTML = graphHtml(view);
    for (const [i, step] of steps.entries()) {
      step.classList.toggle('now', i === view.step);
      part('sums', step).innerHTML = rowsHtml(view, i);
    }
    for (const cell of fields.querySelectorAll('td')) {
      const input = cell.querySelector('input');
      const output = cell.querySelector('output');
      if (input && output) output.outerHTML = belowHtml(view, placeOf(input));
      cell.classList.toggle(
        'active',
        STEPS[view.step].arrays.some((name) => name === cell.dataset.array),
      );
    }
    scrubber.value = String(view.step);
    scrubber.setAttribute('aria-valuetext', `step ${view.step} of ${LAST}: ${STEPS[view.step].title}`);
    part('count').textContent = `${view.step} / ${LAST}`;
    part<HTMLButtonElement>('back').disabled = view.step === 0;
    part<HTMLButtonElement>('next').disabled = view.step === LAST;
    part<HTMLButtonElement>('take').hidden = view.step < LAST;
    part('nudged').innerHTML = nudgeHtml(view);
  };

  const go = (step: number) => {
    view.step = Math.max(0, Math.min(LAST, step));
    draw();
    said.textContent = `${STEPS[view.step].title}. ${STEPS[view.step].rows(view.numbers, view.pass).join('. ')}`;
  };

  /** Computes everything again. The library's own sentence says what is wrong with a number. */
  const use = (numbers: Numbers) => {
    try {
      const pass: Pass = passThrough(numbers);
      Object.assign(view, { numbers, pass });
      problem.textContent = '';
      draw();
    } catch (cause) {
      problem.textContent = cause instanceof Error ? cause.message : String(cause);
    }
  };

  /** Targets are probabilities: the other one takes what is left. */
  const setTarget = (place: Place, value: number) => {
    const other: Place = { array: 'targets', index: [1 - place.index[0]] };
    const rest = Math.round(1e9 * (1 - value)) / 1e9;
    use(withNumber(withNumber(view.numbers, place, value), other, rest));
    const field = fields.querySelector<HTMLInputElement>(`#field-targets-${other.index[0]}`);
    if (field) field.value = String(rest);
  };

  const fill = () => {
    fields.innerHTML = fieldsHtml(view);
    rate.value = String(view.numbers.learningRate);
  };

  const choices: Place[] = NUDGED.flatMap((name) => placesOf(view.numbers, name));
  choice.replaceChildren(...choices.map((place, i) => new Option(nameOf(place), String(i))));
  const choose = (place: Place) => {
    view.chosen = place;
    choice.selectedIndex = choices.findIndex((other) => nameOf(other) === nameOf(place));
    draw();
  };

  fields.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const value = target.valueAsNumber;
    if (Number.isNaN(value)) problem.textContent = `${nameOf(placeOf(target))} needs a number.`;
    else if (target.dataset.array === 'targets') setTarget(placeOf(target), value);
    else use(withNumber(view.numbers, placeOf(target), value));
  });
  fields.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLInputElement && target.dataset.array !== 'targets') choose(placeOf(target));
  });
  picture.addEventListener('click', ({ target }) => {
    if (target instanceof SVGElement && target.dataset.array) choose(placeOf(target));
  });
  rate.addEventListener('input', () => {
    if (rate.valueAsNumber > 0) use({ ...view.numbers, learningRate: rate.valueAsNumber });
    else problem.textContent = 'The learning rate needs a number above 0.';
  });
  choice.addEventListener('change', () => choose(choices[choice.selectedIndex]));
  slider.addEventListener('input', () => {
    view.nudge = slider.valueAsNumber;
    slider.setAttribute('aria-valuetext', short(view.nudge));
    draw();
  });
  scrubber.addEventListener('input', () => go(scrubber.valueAsNumber));
  part('back').addEventListener('click', () => go(view.step - 1));
  part('next').addEventListener('click', () => go(view.step + 1));
  part('first').addEventListener('click', () => go(0));
  part('take').addEventListener('click', () => {
    use(structuredClone(view.pass.updated));
    fill();
    go(0);
    part('next').focus();
  });
  part('reset').addEventListener('click', () => {
    use(structuredClone(START));
    fill();
    go(0);
  });

  // The arrow keys belong to the net while it is on the screen, and not while a number is being typed.
  document.addEventListener(
    'keydown',
    (event) => {
      const { activeElement } = document;
      const typing = activeElement?.matches('input, select, textarea, dialog *, pre, .formula') ?? false;
      if (typing || event.ctrlKey || event.metaKey || event.altKey || !isOnScreen(picture)) return;
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      go(view.step + by);
    },
    { capture: true },
  );

  root.classList.add('live');
  fill();
  go(0);
}

function placeOf({ dataset }: HTMLElement | SVGElement): Place {
  const name = (['x', 'weight1', 'bias1', 'weight2', 'bias2', 'targets'] as const).find((one) => one === dataset.array);
  if (!name || !dataset.index) throw new Error('this element stands for no number of the net');
  return { array: name, index: dataset.index.split(',').map(Number) };
}

function isOnScreen(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

const root = document.querySelector<HTMLElement>('#steps');
if (root) start(root);
