import { linesSvg } from '../../../src/node.js';

/** The error of a difference quotient of eˣ at 1, by step: central and one-sided. */
export function stepFigure(): Promise<string> {
  const steps = Array.from({ length: 61 }, (_, i) => 10 ** (-12 + i / 5));
  const error = (estimate: (h: number) => number) =>
    steps.map((h): [number, number] => [h, Math.abs(estimate(h) / Math.E - 1)]);
  const lines = [
    { name: 'central', points: error((h) => (Math.exp(1 + h) - Math.exp(1 - h)) / (2 * h)) },
    { name: 'one-sided', points: error((h) => (Math.exp(1 + h) - Math.exp(1)) / h) },
    {
      name: 'central, float32',
      points: error(
        (h) => (Math.fround(Math.exp(Math.fround(1 + h))) - Math.fround(Math.exp(Math.fround(1 - h)))) / (2 * h),
      ),
    },
  ];
  return linesSvg(lines, {
    title: 'The error of a difference quotient of eˣ at x = 1',
    x: 'step h',
    y: 'relative error',
    logX: true,
    logY: true,
    height: 380,
  });
}
