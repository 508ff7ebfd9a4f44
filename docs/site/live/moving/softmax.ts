import { array, at, CrossEntropy, Softmax, SoftmaxCrossEntropy } from 'handgrad';
import { short } from '../text.js';
import { type Control, type Definition, moving, onGrid, within } from './moving.js';
import { bars, handle, matrix, named, panel, panels, rect, sums, unscale, words } from './plot.js';

const RANGE = [-4, 4] as const;
const [WIDTH, HEIGHT, LEFT, COLUMN] = [340, 212, 20, 75];
const ZERO = 102;
const UNIT = 20;
const CLASSES = ['1', '2', '3', '4'];
const dtype = 'float64';

interface State {
  logits: readonly number[];
  /** The true class, from 0. */
  target: number;
}

const rowOf = (x: ReturnType<typeof array>) => CLASSES.map((_, c) => at(x, 0, c));
const oneAt = (k: number) => array([CLASSES.map((_, c) => (c === k ? 1 : 0))], dtype);

/** Everything that the two figures show, computed by the layers. */
export function softmaxOf({ logits, target }: State) {
  const [softmax, loss, fused] = [new Softmax(), new CrossEntropy(), new SoftmaxCrossEntropy()];
  const x = array([[...logits]], dtype);
  const targets = oneAt(target);
  const y = softmax.forward(x);
  const jacobian = CLASSES.map((_, k) => rowOf(softmax.backward(oneAt(k))));
  const L = loss.forward(y, targets);
  const dy = loss.backward();
  const composed = rowOf(softmax.backward(dy));
  fused.forward(x, targets);
  return { probs: rowOf(y), jacobian, L, dy: rowOf(dy), composed, fused: rowOf(fused.backward()) };
}

const under = (y: number, text = (c: number) => `class ${c + 1}`) =>
  CLASSES.map((_, c) => words(LEFT + (c + 0.5) * COLUMN, y, text(c), 'soft middle')).join('');

/** The logits, as bars to drag. */
function logitsSvg({ logits }: State): string {
  const content = bars(logits, {
    left: LEFT,
    column: COLUMN,
    zero: ZERO,
    unit: UNIT,
    most: 4 * UNIT,
    color: 'blue',
    handleOf: (c) => handle(`logit-${c}`, `Logit of class ${c + 1}`, RANGE, logits[c]),
  });
  return `<div><h4>logits X, to drag</h4>${panel(WIDTH, HEIGHT, `Logits ${logits.map(short).join(', ')}`, content + under(HEIGHT - 3), true)}</div>`;
}

/** The probabilities; with a target, its outline around the true class. */
function probsSvg(probs: readonly number[], target?: number): string {
  const zero = 186;
  const outline =
    target === undefined
      ? ''
      : rect(LEFT + (target + 0.16) * COLUMN, zero - 160, COLUMN * 0.68, 160, 'stroke green thin');
  const content =
    outline +
    bars(probs, { left: LEFT, column: COLUMN, zero, unit: 160, most: 170, color: 'green', name: 'prob' }) +
    under(HEIGHT - 3);
  const title = target === undefined ? 'probabilities Y' : 'probabilities Y; dashed, the target T';
  return `<div><h4>${title}</h4>${panel(WIDTH, HEIGHT, `Probabilities ${probs.map(short).join(', ')}`, content)}</div>`;
}

function drawJacobian(state: State): string {
  const { probs, jacobian } = softmaxOf(state);
  const names = CLASSES.map((name, k) => words(LEFT - 4, 20 + 38 * k + 23, name, 'soft end')).join('');
  const table =
    names +
    matrix(jacobian, { left: LEFT, top: 20, cell: COLUMN, height: 38, largest: 0.25, name: 'jacobian' }) +
    under(190, (c) => `∂X${'₁₂₃₄'[c]}`);
  return panels(
    logitsSvg(state),
    probsSvg(probs),
    `<div><h4>Jacobian: row k is ∂Y<sub>k</sub>, one backward each</h4>${panel(WIDTH, 200, 'The Jacobian of softmax', table)}</div>`,
    `<div class="words"><p>The diagonal is Y(1 − Y): largest, 0.25, where a probability is one half. Beside it stands −Y<sub>k</sub>Y<sub>c</sub>.</p><p>Every row sums to 0, because a constant that is added to all logits changes nothing. Where the softmax is certain, the whole matrix is close to 0.</p></div>`,
  );
}

function drawLoss(state: State): string {
  const { probs, L, dy, composed, fused } = softmaxOf(state);
  const { target } = state;
  const gradient =
    bars(fused, { left: LEFT, column: COLUMN, zero: ZERO, unit: 78, most: 80, color: 'orange', name: 'gradient' }) +
    under(HEIGHT - 3);
  return (
    panels(
      logitsSvg(state),
      probsSvg(probs, target),
      `<div><h4>∂L/∂X = Y − T</h4>${panel(WIDTH, HEIGHT, `The gradient of the logits: ${fused.map(short).join(', ')}`, gradient)}</div>`,
      `<div class="words"><p>The long way for class ${target + 1}: cross-entropy hands ∂L/∂Y = −1/Y = ${named('dy', dy[target])} to softmax, and softmax multiplies it by Y(1 − Y). The result is ${named('composed', composed[target])}.</p><p>The short way: Y − T = ${short(probs[target])} − 1 = ${named('fused', fused[target])}.</p></div>`,
    ) + sums(`L = −ln ${short(probs[target])} = ${named('loss', L)}`)
  );
}

const moves: Pick<Definition<State>, 'drag' | 'nudge'> = {
  drag: (state, name, { y }) => withLogit(state, name, () => unscale(RANGE, [ZERO + 4 * UNIT, ZERO - 4 * UNIT], y)),
  nudge: (state, name, { x, y }) => withLogit(state, name, (value) => value + 0.1 * (x + y)),
};

function withLogit(state: State, name: string, change: (value: number) => number): State {
  const c = Number(name.replace('logit-', ''));
  const logits = state.logits.map((value, i) => (i === c ? within(onGrid(change(value)), ...RANGE) : value));
  return { ...state, logits };
}

const shift: Control<State> = {
  kind: 'button',
  name: 'shift',
  label: 'Add 1 to every logit',
  press: (state) => {
    // At the end of the axis, they start again from below.
    const by = Math.max(...state.logits) + 1 > RANGE[1] ? RANGE[0] - Math.min(...state.logits) : 1;
    return { ...state, logits: state.logits.map((value) => onGrid(value + by)) };
  },
};

export const softmax = moving<State>({
  label: 'Four logits, their probabilities, and the Jacobian',
  caption: 'Raise one logit: its own probability grows, and all others shrink. Add 1 to all, and nothing happens.',
  hint: 'Drag a bar, or choose one with the Tab key and use the arrow keys.',
  start: { logits: [2, 1, 0.5, -1], target: 0 },
  controls: [shift],
  draw: drawJacobian,
  ...moves,
});

export const softmaxLoss = moving<State>({
  label: 'Softmax with cross-entropy: the gradient is the prediction minus the target',
  caption:
    'The gradient of the logits pulls the true class up and pushes each other class down by its own probability. The bars sum to 0.',
  hint: 'Drag the logits until the net is certain and wrong: the gradient is then largest.',
  start: { logits: [2, 1, 0.5, -1], target: 1 },
  controls: [
    {
      kind: 'choice',
      name: 'target',
      label: 'True class',
      options: CLASSES,
      get: ({ target }) => CLASSES[target],
      set: (state, name) => ({ ...state, target: CLASSES.indexOf(name) }),
    },
    shift,
  ],
  draw: drawLoss,
  ...moves,
});
