import { type Line, type LinesPanel, panelsSvg } from '../../plots/panels.js';
import { COLOURS, PALETTE } from '../../plots/svg.js';
import { ARM_NAMES, ARMS } from './arms.js';
import type { NetSeries } from './claims.js';
import {
  type ArmSeries,
  absoluteShift,
  curve,
  type Figure,
  relativeShift,
  shiftAndCurvature,
  shiftCosine,
} from './series.js';

/** The training of some nets: their losses, and where there are classes the accuracy on the batches beside it. */
export function trainingPicture(nets: readonly NetSeries[]): Promise<string> {
  const losses = ({ name, linear, series }: NetSeries): LinesPanel => {
    const label = linear ? 'loss, summed over the samples' : 'loss (nats a sample)';
    return panel(`${name}: training loss`, label, series, ({ loss }) => loss, linear);
  };
  const accuracies = ({ name, series }: NetSeries): LinesPanel =>
    panel(`${name}: accuracy`, 'share of the batches right', series, (_, i, { accuracies }) => accuracies[i]);
  const pairs = nets.filter(({ linear }) => !linear).flatMap((net) => [losses(net), accuracies(net)]);
  const alone = nets.filter(({ linear }) => linear).map(losses);
  return panelsSvg('Training; bands from the lowest seed to the highest', [...pairs, ...alone], 2);
}

/** The internal covariate shift of some nets, three panels each. */
export function shiftPicture(nets: readonly NetSeries[]): Promise<string> {
  return panelsSvg(
    'Internal covariate shift, mean over the layers looked at',
    nets.flatMap(({ name, series }) => [
      panel(`${name}: difference`, '‖G − G′‖₂', series, absoluteShift, true),
      panel(`${name}: relative difference`, '‖G − G′‖₂ / ‖G‖₂', series, relativeShift, true),
      panel(`${name}: cosine`, 'cosine of G and G′', series, shiftCosine),
    ]),
    3,
  );
}

/** The relative covariate shift of every run against the curvature that its steps meet: the MLPs, and the deep linear net. */
export function shiftAndCurvaturePicture(nets: readonly NetSeries[]): Promise<string> {
  const dots = (title: string, shown: readonly NetSeries[], log: boolean): LinesPanel[] => {
    const lines = shown.flatMap(({ series, rate }) =>
      series.map((each): Line => {
        const points = shiftAndCurvature(each, rate).map(([x, y]) => ({ x, y }));
        return { ...lineOf(each), points, dots: 'only' };
      }),
    );
    const x = { label: 'η β: step size × effective β-smoothness', log };
    return lines.length === 0 ? [] : [{ title, x, y: { label: 'relative shift ‖G − G′‖₂ / ‖G‖₂' }, lines }];
  };
  return panelsSvg('Covariate shift and curvature, a dot a run', [
    ...dots(
      'MLP, all step sizes',
      nets.filter(({ linear }) => !linear),
      false,
    ),
    ...dots(
      'deep linear net',
      nets.filter(({ linear }) => linear),
      true,
    ),
  ]);
}

/** Loss landscape, predictiveness and smoothness of some nets, three panels each. */
export function landscapePicture(nets: readonly NetSeries[]): Promise<string> {
  return panelsSvg(
    'Along the gradient: range of the loss, change of the gradient, and smoothness',
    nets.flatMap(({ name, series }) => [
      bands(`${name}: loss at W − s∇L`, 'loss', series, 'landscape'),
      bands(`${name}: gradient predictiveness`, '‖∇L(W) − ∇L(W − s∇L)‖₂', series, 'predictiveness'),
      panel(
        `${name}: effective β-smoothness`,
        'largest ‖change of ∇L‖₂ / ‖s∇L‖₂',
        series,
        ({ smoothness }) => smoothness,
        true,
      ),
    ]),
    3,
  );
}

/** How three activations are distributed over the batch, and how that changes: quantiles over the steps, a row an arm. */
export function activationsPicture({ name, series }: NetSeries): Promise<string> {
  const shown = series.filter(({ arm }) => ['plain', 'batch', 'noisy', 'linf'].includes(arm));
  const panels = shown.flatMap(({ arm, files }) => {
    const [{ result }] = files;
    return result.records[0].activations.map((_, unit) => ({
      title: `${ARM_NAMES[arm]}, activation ${unit + 1}`,
      x: { label: 'step' },
      y: { label: 'value' },
      lines: [
        { low: 0, high: 4, label: '5 % to 95 % of the batch', colour: PALETTE[1] },
        { low: 1, high: 3, label: '25 % to 75 %', colour: PALETTE[2] },
      ].map(
        ({ low, high, label, colour }): Line => ({
          name: label,
          colour,
          points: result.records.map(({ step, activations }) => {
            const quantiles = activations[unit];
            return { x: step, y: quantiles[2], low: quantiles[low], high: quantiles[high] };
          }),
        }),
      ),
    }));
  });
  const median = { name: 'median', colour: COLOURS.ink };
  const withMedian = panels.map((each) => ({
    ...each,
    lines: [...each.lines, { ...median, points: each.lines[0].points.map(({ x, y }) => ({ x, y })) }],
  }));
  return panelsSvg(`${name}: three activations drawn at random, over training`, withMedian, 3);
}

function panel(title: string, label: string, series: readonly ArmSeries[], figure: Figure, log = false): LinesPanel {
  const lines = series.map((each) => ({ ...lineOf(each), points: curve(each, figure) }));
  return { title, x: { label: 'step' }, y: { label, log }, lines };
}

/** Bands from the lowest to the highest value along the gradient, of the first seed. */
function bands(
  title: string,
  label: string,
  series: readonly ArmSeries[],
  which: 'landscape' | 'predictiveness',
): LinesPanel {
  const shown = series.filter(({ arm }) => ['plain', 'batch', 'noisy'].includes(arm));
  const lines = shown.map((each) => ({
    ...lineOf(each),
    points: each.files[0].result.records.map((record) => {
      const { low, high } = record[which];
      return { x: record.step, y: Math.sqrt(low * high), low, high };
    }),
  }));
  return { title, x: { label: 'step' }, y: { label, log: true }, lines };
}

function lineOf({ arm }: ArmSeries): { name: string; colour: string } {
  return { name: ARM_NAMES[arm], colour: PALETTE[ARMS.indexOf(arm)] };
}
