import { byClass } from '../dom.js';
import { short } from '../text.js';
import { FIGURES } from './figures.js';
import type { Motion, Moving } from './moving.js';
import { patch } from './patch.js';

const ARROWS: Readonly<Record<string, { x: number; y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

/** Frames without a picture: for readers who prefer no motion, a motion is only its end. */
const MOST_FRAMES = 10_000;

/** Makes a still picture move. */
function start(root: HTMLElement, figure: Moving): void {
  const part = byClass(root);
  const [picture, controls] = [part('picture'), part('controls')];
  const motion = figure.begin();
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let frame = 0;

  const draw = () => {
    patch(picture, motion.html(), arm);
    patch(controls, motion.controlsHtml(), () => {});
    for (const input of controls.querySelectorAll('input')) input.value = input.defaultValue;
  };
  const run = () => {
    frame = 0;
    const goesOn = still.matches ? toTheEnd(motion) : motion.goOn();
    draw();
    if (goesOn) frame = requestAnimationFrame(run);
  };
  const changed = () => {
    if (frame === 0) frame = requestAnimationFrame(run);
  };

  controls.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    motion.use(target.name, target.value);
    target.defaultValue = target.value;
    changed();
  });
  controls.addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    motion.use(target.name, target.value);
    changed();
  });
  withPointer(picture, motion, changed);
  picture.addEventListener('keydown', (event) => {
    const by = ARROWS[event.key];
    const handle = handleAt(event.target);
    if (!by || !handle || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    motion.nudge(handle.dataset.handle ?? '', by);
    changed();
  });

  root.classList.add('live');
  draw();
}

/** A mouse, a finger or a pen drags a handle. */
function withPointer(picture: HTMLElement, motion: Motion, changed: () => void): void {
  let held: SVGElement | undefined;
  const move = (handle: SVGElement, event: PointerEvent) => {
    const matrix = handle.ownerSVGElement?.getScreenCTM();
    if (!matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    motion.drag(handle.dataset.handle ?? '', { x, y });
    changed();
  };
  picture.addEventListener('pointerdown', (event) => {
    held = handleAt(event.target);
    if (!held || event.button !== 0) return;
    picture.setPointerCapture(event.pointerId);
    held.focus({ preventScroll: true });
    event.preventDefault();
    move(held, event);
  });
  // A finger on a handle does not scroll the page. The style `touch-action` does not suffice inside an SVG.
  const noScroll = (event: TouchEvent) => {
    const touched = handleAt(event.target);
    if (touched && !touched.classList.contains('wide')) event.preventDefault();
  };
  picture.addEventListener('touchstart', noScroll, { passive: false });
  picture.addEventListener('pointermove', (event) => {
    const over = handleAt(event.target);
    if (held) move(held, event);
    else if (over && event.pointerType === 'mouse' && motion.follows(over.dataset.handle ?? '')) move(over, event);
  });
  for (const name of ['pointerup', 'pointercancel'] as const)
    picture.addEventListener(name, () => {
      held = undefined;
    });
}

function toTheEnd(motion: Motion): boolean {
  for (let i = 0; i < MOST_FRAMES; i++) if (!motion.goOn()) return false;
  return false;
}

function handleAt(target: EventTarget | null): SVGElement | undefined {
  const found = target instanceof Element ? target.closest('[data-handle]') : null;
  return found instanceof SVGElement ? found : undefined;
}

/** Makes what can be dragged a slider for keyboards and screen readers. Without scripts it is only a picture. */
function arm(fresh: ParentNode): void {
  for (const one of fresh.querySelectorAll<SVGElement>('[data-handle]')) {
    const { label = '', min = '', max = '', now = '' } = one.dataset;
    const attributes = {
      role: 'slider',
      tabindex: '0',
      'aria-label': label,
      'aria-valuemin': min,
      'aria-valuemax': max,
      'aria-valuenow': now,
      'aria-valuetext': one.dataset.text ?? short(Number(now)),
    };
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  }
}

for (const root of document.querySelectorAll<HTMLElement>('.moving')) {
  const figure = FIGURES[root.dataset.figure ?? ''];
  if (figure) start(root, figure);
}
