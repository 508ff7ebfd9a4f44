import { short } from '../text.js';

/** A place in the picture, in the units of its `viewBox`. */
export interface Point {
  x: number;
  y: number;
}

/** A control below a figure. Each reads the state, or makes a new one. */
export type Control<State> =
  | {
      kind: 'slider';
      name: string;
      label: string;
      min: number;
      max: number;
      step: number;
      get: (state: State) => number;
      set: (state: State, value: number) => State;
    }
  | {
      kind: 'choice';
      name: string;
      label: string;
      options: readonly string[];
      get: (state: State) => string;
      set: (state: State, value: string) => State;
    }
  | { kind: 'button'; name: string; label: string; press: (state: State) => State };

/** A figure that is a function of a state. The reader changes the state, and the figure is drawn again. */
export interface Definition<State> {
  /** What it is, for readers who do not see it. */
  label: string;
  caption: string;
  /** What to do with it. Shown while scripts run. */
  hint: string;
  /** The state of the still picture. */
  start: State;
  controls?: readonly Control<State>[];
  /** The figure as HTML. A part that can be dragged has the attributes of `handle`. */
  draw: (state: State) => string;
  /** A handle was dragged to a place. */
  drag?: (state: State, handle: string, to: Point) => State;
  /** An arrow key was pressed on a handle: one unit to the right, or up. */
  nudge?: (state: State, handle: string, by: Point) => State;
  /** Handles that follow a mouse without a button pressed. */
  following?: readonly string[];
  /** The next frame of a motion; undefined at its end. */
  next?: (state: State) => State | undefined;
}

/** A figure of the page, with the type of its state hidden. */
export interface Moving {
  readonly label: string;
  readonly caption: string;
  readonly hint: string;
  begin: () => Motion;
}

/** A figure and its present state. */
export interface Motion {
  html(): string;
  controlsHtml(): string;
  /** Uses the value of a control. */
  use(control: string, value: string): void;
  drag(handle: string, to: Point): void;
  nudge(handle: string, by: Point): void;
  follows(handle: string): boolean;
  /** Goes on to the next frame. False at the end of the motion. */
  goOn(): boolean;
}

/** A figure from its definition. */
export function moving<State>(definition: Definition<State>): Moving {
  const { label, caption, hint, start, controls = [], draw, drag, nudge, following = [], next } = definition;
  const begin = (): Motion => {
    let state = start;
    return {
      html: () => draw(state),
      controlsHtml: () => controls.map((control) => controlHtml(control, state)).join(''),
      use: (name, value) => {
        const control = controls.find((one) => one.name === name);
        if (!control) throw new Error(`there is no control '${name}'`);
        if (control.kind === 'slider') state = control.set(state, Number(value));
        else if (control.kind === 'choice') state = control.set(state, value);
        else state = control.press(state);
      },
      drag: (handle, to) => {
        state = drag?.(state, handle, to) ?? state;
      },
      nudge: (handle, by) => {
        state = nudge?.(state, handle, by) ?? state;
      },
      follows: (handle) => following.includes(handle),
      goOn: () => {
        const after = next?.(state);
        state = after ?? state;
        return after !== undefined;
      },
    };
  };
  return { label, caption, hint, begin };
}

function controlHtml<State>(control: Control<State>, state: State): string {
  const { kind, name, label } = control;
  if (kind === 'button') return `<button type="button" name="${name}">${label}</button>`;
  if (kind === 'slider') {
    const { min, max, step, get } = control;
    const value = get(state);
    return `<label class="slide">${label} <input type="range" name="${name}" min="${min}" max="${max}" step="${step}" value="${value}"><output>${short(value)}</output></label>`;
  }
  const chosen = control.get(state);
  const buttons = control.options.map(
    (option) =>
      `<button type="button" name="${name}" value="${option}" aria-pressed="${option === chosen}">${option}</button>`,
  );
  return `<span class="choices" role="group" aria-label="${label}"><span class="of">${label}</span>${buttons.join('')}</span>`;
}

/** The nearest number of an interval. */
export function within(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** A number on a grid of so many parts per unit, so that a dragged value has few digits. */
export function onGrid(value: number, perUnit = 20): number {
  return Math.round(value * perUnit) / perUnit;
}
