import { array, at, numericalGradient } from 'handgrad';
import { factor, short } from '../text.js';
import { moving } from './moving.js';
import { type Color, named, panel, panels, words } from './plot.js';

/** The graph of the figure: y₁ = x², y₂ = sin x, z₁ = y₁ y₂, z₂ = y₁ − 2 y₂, L = z₁ z₂ / 2. */
const NODES = ['x', 'y₁', 'y₂', 'z₁', 'z₂', 'L'] as const;
type Node = (typeof NODES)[number];

const FORMULAS: Readonly<Record<Node, string>> = {
  x: '',
  'y₁': 'x²',
  'y₂': 'sin x',
  'z₁': 'y₁ · y₂',
  'z₂': 'y₁ − 2 y₂',
  L: '½ z₁ · z₂',
};
const PLACES: Readonly<Record<Node, readonly [number, number]>> = {
  x: [170, 28],
  'y₁': [68, 124],
  'y₂': [272, 124],
  'z₁': [68, 232],
  'z₂': [272, 232],
  L: [170, 328],
};
const PATHS: readonly { nodes: readonly Node[]; color: Color }[] = [
  { nodes: ['x', 'y₁', 'z₁', 'L'], color: 'blue' },
  { nodes: ['x', 'y₁', 'z₂', 'L'], color: 'green' },
  { nodes: ['x', 'y₂', 'z₁', 'L'], color: 'orange' },
  { nodes: ['x', 'y₂', 'z₂', 'L'], color: 'pink' },
];
const ALL = 'all';

interface State {
  x: number;
  path: string;
}

function valuesOf(x: number): Record<Node, number> {
  const [y1, y2] = [x ** 2, Math.sin(x)];
  const [z1, z2] = [y1 * y2, y1 - 2 * y2];
  return { x, 'y₁': y1, 'y₂': y2, 'z₁': z1, 'z₂': z2, L: (z1 * z2) / 2 };
}

/** The slope of each edge, the product along each path, the gradient at each node, and dL/dx by differences. */
export function pathsOf(x: number) {
  const value = valuesOf(x);
  const slopes: Readonly<Record<string, number>> = {
    'x y₁': 2 * x,
    'x y₂': Math.cos(x),
    'y₁ z₁': value['y₂'],
    'y₁ z₂': 1,
    'y₂ z₁': value['y₁'],
    'y₂ z₂': -2,
    'z₁ L': value['z₂'] / 2,
    'z₂ L': value['z₁'] / 2,
  };
  const factors = PATHS.map(({ nodes }) => nodes.slice(1).map((node, i) => slopes[`${nodes[i]} ${node}`]));
  const products = factors.map((all) => all.reduce((product, one) => product * one, 1));
  const gradient = { L: 1 } as Record<Node, number>;
  for (const node of [...NODES].reverse().slice(1))
    gradient[node] = Object.entries(slopes)
      .map(([edge, slope]) => ({ ends: edge.split(' '), slope }))
      .filter(({ ends }) => ends[0] === node)
      .reduce((total, { ends, slope }) => total + gradient[ends[1] as Node] * slope, 0);
  const L = (point: ReturnType<typeof array>) => valuesOf(at(point, 0)).L;
  const measured = at(numericalGradient(L, array([x], 'float64')), 0);
  return { value, slopes, factors, products, gradient, measured };
}

function draw({ x, path: chosen }: State): string {
  const { value, slopes, factors, products, gradient, measured } = pathsOf(x);
  const isShown = (i: number) => chosen === ALL || chosen === String(i + 1);
  const edges = Object.entries(slopes).map(([edge, slope]) => {
    const [from, to] = edge.split(' ') as [Node, Node];
    const [[x1, y1], [x2, y2]] = [PLACES[from], PLACES[to]];
    const own = PATHS.map((path, i) => ({ ...path, i })).filter(
      ({ nodes, i }) => isShown(i) && nodes.includes(from) && nodes.includes(to),
    );
    const shift = (k: number) => (k - (own.length - 1) / 2) * 5;
    const lines = own.map(
      ({ color }, k) =>
        `<line class="stroke ${color} broad" x1="${x1 + shift(k)}" y1="${y1}" x2="${x2 + shift(k)}" y2="${y2}"/>`,
    );
    const base = `<line class="stroke faint" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
    // Labels of lines that cross stand nearer to their ends.
    const share = x1 !== x2 && y1 > 100 && y2 < 300 ? 0.3 : 0.5;
    const label = `<text class="middle label" x="${x1 + (x2 - x1) * share}" y="${y1 + (y2 - y1) * share + 4}">${short(slope)}</text>`;
    return { lines: base + lines.join(''), label };
  });
  const nodes = NODES.map((node) => {
    const [cx, cy] = PLACES[node];
    const formula = FORMULAS[node] === '' ? node : `${node} = ${FORMULAS[node]}`;
    return `<g class="node"><rect x="${cx - 67}" y="${cy - 26}" width="134" height="52" rx="8"/>${words(cx, cy - 9, formula, 'middle soft')}${words(cx - 6, cy + 9, short(value[node]), 'end strong')}<text class="gradient" data-gradient="${node}" data-value="${gradient[node]}" x="${cx + 6}" y="${cy + 9}">${short(gradient[node])}</text></g>`;
  });
  const list = PATHS.map(({ nodes: way, color }, i) => {
    const product = factors[i].map((value, k) => (k === 0 ? short(value) : factor(value))).join(' · ');
    return `<li class="${isShown(i) ? '' : 'off'}"><span class="swatch ${color}"></span>${way.join(' → ')}<br>${product} = <b data-path="${products[i]}">${short(products[i])}</b></li>`;
  });
  const total = products.reduce((sum, one) => sum + one, 0);
  return panels(
    `<div>${panel(340, 360, `The graph at x = ${short(x)}: dL/dx is ${short(gradient.x)}`, edges.map(({ lines }) => lines).join('') + edges.map(({ label }) => label).join('') + nodes.join(''))}<p class="legend"><span class="value">value</span> <span class="gradient">gradient of L</span> on the edges: slopes</p></div>`,
    `<div class="words"><ol class="ways-through">${list.join('')}</ol><p>Sum of the four paths: ${named('total', total)}</p><p>Backward, node by node: ${named('backward', gradient.x)}</p><p>By differences: ${named('measured', measured)}</p></div>`,
  );
}

export const paths = moving<State>({
  label: 'A graph with four paths from x to the loss',
  caption:
    'Along a path, slopes multiply; paths add. Going backward node by node gives the same sum with less work: where two paths share an edge, their factor is multiplied once. With ten layers like these there would be a thousand paths, and still only four products per layer.',
  hint: 'Move x, and look at one path at a time.',
  start: { x: 1.3, path: ALL },
  controls: [
    {
      kind: 'slider',
      name: 'x',
      label: 'x',
      min: -2,
      max: 2,
      step: 0.05,
      get: ({ x }) => x,
      set: (state, x) => ({ ...state, x }),
    },
    {
      kind: 'choice',
      name: 'path',
      label: 'Path',
      options: [ALL, '1', '2', '3', '4'],
      get: ({ path }) => path,
      set: (state, path) => ({ ...state, path }),
    },
  ],
  draw,
});
