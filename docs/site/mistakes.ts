import { checkLayer, checkLoss, type GradientReport, oneHot, Random, Softmax } from '../../src/index.js';
import { WRONG_LAYERS, WRONG_LOSSES } from '../../test/gradcheck/mutants.js';

/** A backward that is wrong on purpose, and the report of its gradient check. */
export interface Mistake {
  name: string;
  found: string;
}

/**
 * Checks the wrong backwards of a layer or loss.
 *
 * @param plain the name of its file without hyphens
 * @throws Error if one of them passes
 */
export function caughtMistakes(plain: string): Mistake[] {
  const own = (name: string) => name.split(':')[0].toLowerCase().replace(/1d$/, '') === plain;
  const layers = Object.entries(WRONG_LAYERS)
    .filter(([name]) => own(name))
    .map(([name, { make, shape }]) => {
      const [rng, draws] = [new Random(name), new Random(1)];
      const x = new Random(2).normal(shape, { dtype: 'float64' });
      return mistake(name, checkLayer(make(rng, draws), x, { rng, replay: draws, name }));
    });
  const losses = Object.entries(WRONG_LOSSES)
    .filter(([name]) => own(name))
    .map(([name, make]) => {
      const logits = new Random(3).normal([3, 4], { dtype: 'float64' });
      const x = name.startsWith('Softmax') ? logits : new Softmax().forward(logits);
      return mistake(name, checkLoss(make(), x, oneHot([1, 2, 0], 4, 'float64'), { name }));
    });
  return [...layers, ...losses];
}

function mistake(name: string, report: GradientReport): Mistake {
  if (report.passed) throw new Error(`${name}: this wrong backward passed its gradient check`);
  const row = report.rows.find(({ passed }) => !passed);
  const words = row
    ? `d${row.array}[${row.index.join(', ')}]: ${short(row.analytic)} where differences say ${short(row.numeric)}`
    : report.problems[0].replace(`${name}: `, '');
  return { name: name.replace(/^[^:]*: /, ''), found: words };
}

function short(value: number): string {
  return String(+value.toPrecision(4)).replace('-', '−');
}
