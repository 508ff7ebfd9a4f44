import { short } from '../text.js';
import { type Numbers, numberAt, type Pass, type Place } from './net.js';
import { type Column, GRADIENT_KNOWN, KNOWN, STEPS } from './steps.js';

/** Which way the net is drawn: from left to right, or from top to bottom for a phone. */
export type Direction = 'across' | 'down';

const NODE = { width: 104, height: 50 };
const SIZE = { across: { width: 740, height: 270 }, down: { width: 340, height: 560 } };
const COLUMNS: readonly Column[] = ['x', 'z', 'h', 's', 'y', 'loss'];
const COUNT: Readonly<Record<Column, number>> = { x: 2, z: 3, h: 3, s: 2, y: 2, loss: 1 };
const CAPTIONS: Readonly<Record<Column, string>> = {
  x: 'input',
  z: 'linear',
  h: 'ELU',
  s: 'linear',
  y: 'softmax',
  loss: 'loss',
};
const INDEX = ['₁', '₂', '₃'];

interface Point {
  x: number;
  y: number;
}

/** The net after a step, as the inside of an SVG: values in the nodes, gradients below them. */
export function graphSvg(numbers: Numbers, pass: Pass, step: number, direction: Direction, chosen?: Place): string {
  const { width, height } = SIZE[direction];
  const parts = [edges(numbers, step, direction, chosen), captions(direction)];
  for (const column of COLUMNS)
    for (let i = 0; i < COUNT[column]; i++) parts.push(node(numbers, pass, step, direction, column, i));
  const label = `The net after step ${step}, ${STEPS[step].title}`;
  return `<svg class="net ${direction}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${parts.join('')}</svg>`;
}

function place(column: Column, i: number, direction: Direction): Point {
  const along = COLUMNS.indexOf(column);
  const across = i - (COUNT[column] - 1) / 2;
  if (direction === 'across') return { x: 54 + along * 126.4, y: 146 + across * 82 };
  return { x: 170 + across * 114, y: 48 + along * 92 };
}

function node(numbers: Numbers, pass: Pass, step: number, direction: Direction, column: Column, i: number): string {
  const { x, y } = place(column, i, direction);
  const [valueAt, gradientAt] = KNOWN[column];
  const { value, gradient } = ofNode(numbers, pass, column, i);
  const lit = STEPS[step].columns.includes(column) || (column === 'loss' && step === 6);
  const [left, top] = [x - NODE.width / 2, y - NODE.height / 2];
  const name = column === 'loss' ? 'L' : column + INDEX[i];
  const shown = column === 'loss' && step === STEPS.length - 1 ? pass.nextLoss : value;
  const lines = [
    `<text class="name" x="${left + 7}" y="${y - 7}">${name}</text>`,
    step >= valueAt
      ? `<text class="value" data-node="${name}" data-value="${shown}" x="${left + NODE.width - 7}" y="${y - 7}">${short(shown)}</text>`
      : '',
    step >= gradientAt
      ? `<text class="name" x="${left + 7}" y="${y + 16}">d${name}</text><text class="gradient" data-node="d${name}" data-value="${gradient}" x="${left + NODE.width - 7}" y="${y + 16}">${short(gradient)}</text>`
      : '',
  ];
  const classes = ['node', lit ? 'active' : '', step >= valueAt ? 'known' : ''].filter(Boolean).join(' ');
  return `<g class="${classes}"><rect x="${left}" y="${top}" width="${NODE.width}" height="${NODE.height}" rx="8"/>${lines.join('')}</g>`;
}

function ofNode(numbers: Numbers, pass: Pass, column: Column, i: number): { value: number; gradient: number } {
  if (column === 'x') return { value: numbers.x[i], gradient: Number(pass.gradients.x[i]) };
  if (column === 'loss') return { value: pass.loss, gradient: 1 };
  const gradient = { z: pass.dz, h: pass.dh, s: pass.ds, y: pass.dy }[column][i];
  return { value: pass[column][i], gradient };
}

/** The lines between the nodes. Those with a weight are as thick as the weight is large. */
function edges(numbers: Numbers, step: number, direction: Direction, chosen?: Place): string {
  const { columns, arrays } = STEPS[step];
  const parts: string[] = [];
  const add = (from: Column, i: number, to: Column, j: number, weight?: Place) => {
    const [a, b] = [ends(from, i, direction, 1), ends(to, j, direction, -1)];
    const name = weight?.array === 'weight1' || weight?.array === 'weight2' ? weight.array : undefined;
    const lit = name ? arrays.includes(name) : columns.includes(to) || columns.includes(from);
    const isChosen = chosen && weight && chosen.array === weight.array && String(chosen.index) === String(weight.index);
    const thickness = weight ? 1 + Math.min(5, 3.5 * Math.abs(numberAt(numbers, weight))) : 1.2;
    const sign = weight && numberAt(numbers, weight) < 0 ? 'negative' : 'positive';
    const known = name && step >= GRADIENT_KNOWN[name] ? ' known' : '';
    const classes = `edge ${weight ? sign : 'plain'}${lit ? ' active' : ''}${isChosen ? ' chosen' : ''}${known}`;
    const data = weight ? ` data-array="${weight.array}" data-index="${weight.index.join(',')}"` : '';
    parts.push(
      `<line class="${classes}"${data} x1="${a.x}" y1="${a.y}" x2="${b.x}" y2="${b.y}" stroke-width="${thickness.toFixed(2)}"/>`,
    );
  };
  for (let m = 0; m < 3; m++) for (let d = 0; d < 2; d++) add('x', d, 'z', m, { array: 'weight1', index: [m, d] });
  for (let m = 0; m < 3; m++) add('z', m, 'h', m);
  for (let c = 0; c < 2; c++) for (let m = 0; m < 3; m++) add('h', m, 's', c, { array: 'weight2', index: [c, m] });
  for (let k = 0; k < 2; k++) for (let c = 0; c < 2; c++) add('s', c, 'y', k);
  for (let c = 0; c < 2; c++) add('y', c, 'loss', 0);
  return parts.join('');
}

/** Where a line leaves a node, or arrives. */
function ends(column: Column, i: number, direction: Direction, side: 1 | -1): Point {
  const { x, y } = place(column, i, direction);
  return direction === 'across' ? { x: x + (side * NODE.width) / 2, y } : { x, y: y + (side * NODE.height) / 2 };
}

function captions(direction: Direction): string {
  return COLUMNS.map((column, i) => {
    const at = place(column, 0, direction);
    const { x, y } = direction === 'across' ? { x: at.x, y: 24 } : { x: 2, y: 16 + i * 92 };
    return `<text class="caption" x="${x}" y="${y}">${CAPTIONS[column]}</text>`;
  }).join('');
}
