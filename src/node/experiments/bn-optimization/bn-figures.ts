import { type LinesPanel, type PanelLine, panelsSvg } from '../../plots/panels.js';
import { COLORS, PALETTE } from '../../plots/svg.js';
import { NORM_VARIANTS, VARIANT_NAMES } from './norm-variants.js';
import {
  absoluteShift,
  type NetSeries,
  relativeShift,
  type StepFigure,
  shiftAndCurvature,
  shiftCosine,
  smoothness,
  stepCurve,
  trainingLoss,
  type VariantSeries,
} from './variant-series.js';

/** The training loss of each net, and for classifiers the training accuracy next to it. */
export function trainingFigure(nets: readonly NetSeries[]): Promise<string> {
  const losses = ({ name, linear, series }: NetSeries): LinesPanel => {
    const label = linear ? 'loss, summed over the samples' : 'loss (nats per sample)';
    return panel(`${name}: training loss`, label, series, trainingLoss, linear);
  };
  const accuracies = ({ name, series }: NetSeries): LinesPanel =>
    panel(`${name}: accuracy`, 'training accuracy', series, (_, i, { accuracies }) => accuracies[i]);
  const pairs = nets.filter(({ linear }) => !linear).flatMap((net) => [losses(net), accuracies(net)]);
  const alone = nets.filter(({ linear }) => linear).map(losses);
  return panelsSvg('Training; bands from the lowest seed to the highest', [...pairs, ...alone], { columns: 2 });
}

/** The internal covariate shift of each net, in three panels. */
export function shiftFigure(nets: readonly NetSeries[]): Promise<string> {
  return panelsSvg(
    'Internal covariate shift, mean over the measured layers',
    nets.flatMap(({ name, series }) => [
      panel(`${name}: difference`, '‖G − G′‖₂', series, absoluteShift, true),
      panel(`${name}: relative difference`, '‖G − G′‖₂ / ‖G‖₂', series, relativeShift, true),
      panel(`${name}: cosine`, 'cosine of G and G′', series, shiftCosine),
    ]),
    { columns: 3 },
  );
}

/**
 * The relative covariate shift of each run by the curvature along its gradient: the MLPs, and the deep linear net.
 */
export function curvatureFigure(nets: readonly NetSeries[]): Promise<string> {
  const scatter = (title: string, shown: readonly NetSeries[], log: boolean): LinesPanel[] => {
    const lines = shown.flatMap(({ series, rate }) =>
      series.map((each): PanelLine => {
        const points = shiftAndCurvature(each, rate).map(([x, y]) => ({ x, y }));
        return { ...style(each), points, dots: 'only' };
      }),
    );
    const x = { label: 'η β: step size × effective β-smoothness', log };
    return lines.length === 0 ? [] : [{ title, x, y: { label: 'relative shift ‖G − G′‖₂ / ‖G‖₂' }, lines }];
  };
  const [mlps, linear] = [nets.filter((net) => !net.linear), nets.filter((net) => net.linear)];
  return panelsSvg('Covariate shift and curvature, one dot per run', [
    ...scatter('MLP, all step sizes', mlps, false),
    ...scatter('deep linear net', linear, true),
  ]);
}

/** The loss landscape, predictiveness and smoothness of each net, in three panels. */
export function landscapeFigure(nets: readonly NetSeries[]): Promise<string> {
  return panelsSvg(
    'Along the gradient: range of the loss, change of the gradient, and smoothness',
    nets.flatMap(({ name, series }) => [
      rangePanel(`${name}: loss at W − s∇L`, 'loss', series, 'landscape'),
      rangePanel(`${name}: gradient predictiveness`, '‖∇L(W) − ∇L(W − s∇L)‖₂', series, 'predictiveness'),
      panel(`${name}: effective β-smoothness`, 'largest ‖change of ∇L‖₂ / ‖s∇L‖₂', series, smoothness, true),
    ]),
    { columns: 3 },
  );
}

/** The distribution of three activations over the batch during training: quantiles by step, one row per variant. */
export function activationsFigure({ name, series }: NetSeries): Promise<string> {
  const shown = series.filter(({ variant }) => ['plain', 'batch', 'noisy', 'linf'].includes(variant));
  const panels = shown.flatMap(({ variant, files: [{ result }] }) =>
    result.records[0].activations.map((_, unit): LinesPanel => {
      const records = result.records.map(({ step, activations }) => ({ x: step, quantiles: activations[unit] }));
      const band = (name: string, color: string, low: number, high: number): PanelLine => {
        const points = records.map(({ x, quantiles: q }) => ({ x, y: q[2], low: q[low], high: q[high] }));
        return { name, color, points };
      };
      return {
        title: `${VARIANT_NAMES[variant]}, unit ${unit + 1}`,
        x: { label: 'step' },
        y: { label: 'value' },
        lines: [
          band('5 % to 95 % of the batch', PALETTE[1], 0, 4),
          band('25 % to 75 %', PALETTE[2], 1, 3),
          band('median', COLORS.ink, 2, 2),
        ],
      };
    }),
  );
  return panelsSvg(`${name}: three random activations during training`, panels, { columns: 3 });
}

function panel(title: string, label: string, series: readonly VariantSeries[], figure: StepFigure, log = false) {
  const lines = series.map((each) => ({ ...style(each), points: stepCurve(each, figure) }));
  return { title, x: { label: 'step' }, y: { label, log }, lines };
}

/** Bands from the lowest to the highest value along the gradient, for the first seed. */
function rangePanel(
  title: string,
  label: string,
  series: readonly VariantSeries[],
  figure: 'landscape' | 'predictiveness',
): LinesPanel {
  const shown = series.filter(({ variant }) => ['plain', 'batch', 'noisy'].includes(variant));
  const lines = shown.map((each) => ({
    ...style(each),
    points: each.files[0].result.records.map((record) => {
      const { low, high } = record[figure];
      return { x: record.step, y: Math.sqrt(low * high), low, high };
    }),
  }));
  return { title, x: { label: 'step' }, y: { label, log: true }, lines };
}

/** The palette has six colors. */
const SEVENTH = '#7b5cc4';

function style({ variant }: VariantSeries): { name: string; color: string } {
  return { name: VARIANT_NAMES[variant], color: PALETTE[NORM_VARIANTS.indexOf(variant)] ?? SEVENTH };
}
