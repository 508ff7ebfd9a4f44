import { type LinesPanel, panelsSvg, pointOf } from '../../plots/panels.js';
import { PALETTE } from '../../plots/svg.js';
import { LINE_FIGURES, shiftOf, type VGGFile, vggFiles } from './vgg-study-claims.js';
import { VGG_ARMS, VGG_RATES, VGG_STARTS, VGG_STUDY, type VGGArm, type VGGRecipe } from './vgg-study-plan.js';
import type { VGGRecord } from './vgg-training.js';

/** The names of the arms in reports. */
export const VGG_ARM_NAMES: Record<VGGArm, string> = {
  plain: 'plain',
  batch: 'batch norm',
  noisy: 'batch norm + noise',
  'noise-only': 'noise without batch norm',
};

/** Training loss and accuracy of the four arms at each step size. */
export function vggTrainingFigure(files: readonly VGGFile[]): Promise<string> {
  const panels = VGG_RATES.flatMap((rate) => [
    vggPanel(files, rate, {
      title: `SGD ${rate}: training loss`,
      label: 'loss (nats per sample)',
      figure: ({ loss }) => loss,
    }),
    vggPanel(files, rate, {
      title: `SGD ${rate}: accuracy`,
      label: 'training accuracy',
      figure: ({ accuracy }) => accuracy,
    }),
  ]);
  return panelsSvg('VGG-16 on CIFAR-10; bands from the lowest seed to the highest', panels, { columns: 2 });
}

/** Training loss at 1e-3 with each optimizer and initialization. */
export function vggStartsFigure(files: readonly VGGFile[]): Promise<string> {
  const panels = VGG_STARTS.map((recipe) => {
    const title = `${recipe.optimizer} ${recipe.rate}, ${recipe.init} weights`;
    return vggPanel(files, recipe, { title, label: 'loss (nats per sample)', figure: ({ loss }) => loss });
  });
  return panelsSvg('Training loss at 0.001', panels, { columns: 2 });
}

/** Covariate shift of both layers at each step size: relative difference, and cosine. */
export function vggShiftFigure(files: readonly VGGFile[]): Promise<string> {
  const panels = VGG_RATES.flatMap((rate) =>
    VGG_STUDY.layers.flatMap((layer, i) => [
      vggPanel(files, rate, {
        title: `SGD ${rate}, layer ${layer + 1}: ℓ2`,
        label: '‖G − G′‖₂ / ‖G‖₂',
        log: true,
        figure: (record) => (record.measures ? shiftOf(i)({ ...record, measures: record.measures }) : Number.NaN),
      }),
      vggPanel(files, rate, {
        title: `SGD ${rate}, layer ${layer + 1}: cosine`,
        label: 'cosine of G and G′',
        figure: ({ measures }) => measures?.shifts[i].cosine ?? Number.NaN,
      }),
    ]),
  );
  return panelsSvg('Internal covariate shift', panels, { columns: 2 });
}

/** The measures along the gradient of all parameters, or of the last layer's. */
export function vggLandscapeFigure(files: readonly VGGFile[], which: 'all' | 'last'): Promise<string> {
  const panels = VGG_RATES.flatMap((rate) =>
    LINE_FIGURES.map(({ name, of }, i) =>
      vggPanel(files, rate, {
        title: `SGD ${rate}: ${['landscape', 'predictiveness', 'smoothness'][i]}`,
        label: name,
        log: true,
        figure: ({ measures }) => (measures ? of(measures[which]) : Number.NaN),
      }),
    ),
  );
  const along = which === 'all' ? 'all parameters' : 'the last layer’s parameters';
  return panelsSvg(`Along the gradient of ${along}`, panels, { columns: 3 });
}

function vggPanel(
  files: readonly VGGFile[],
  recipe: number | VGGRecipe,
  {
    title,
    label,
    log = false,
    figure,
  }: { title: string; label: string; log?: boolean; figure: (record: VGGRecord) => number },
): LinesPanel {
  const lines = VGG_ARMS.flatMap((arm, place) => {
    const results = vggFiles(files, arm, recipe).map(({ result }) => result.records);
    const longest = results.reduce<readonly VGGRecord[]>((best, each) => (each.length > best.length ? each : best), []);
    const points = longest.map(({ step }, i) =>
      pointOf(
        step,
        results.flatMap((records) => (i < records.length ? [figure(records[i])] : [])),
      ),
    );
    return points.length > 0 ? [{ name: VGG_ARM_NAMES[arm], color: PALETTE[place], points }] : [];
  });
  return { title, x: { label: 'step' }, y: { label, log }, lines };
}
