import { type Claim, not } from '../claims.js';
import type { MeasurementFile } from '../measurement.js';
import { EQUIVALENCE_MARGIN, pairedInterval, ratioBelow, ratioText, type SeedValues } from '../paired-ratio.js';
import { formatMagnitude, median } from '../statistics.js';
import { VGG_RATES, VGG_STARTS, VGG_STUDY, type VGGArm, type VGGRecipe } from './vgg-study-plan.js';
import type { LineMeasures, VGGRecord, VGGResult } from './vgg-training.js';

export type VGGFile = MeasurementFile<VGGResult>;

/** A net does not learn if the loss of the last tenth of its steps is above this; chance is ln 10 = 2.3026. */
export const NO_LEARNING = 2.28;

/** The files of an arm, one per seed: at a step size with all measures, or with the recipe of a start. */
export function vggFiles(files: readonly VGGFile[], arm: VGGArm, recipe: number | VGGRecipe): VGGFile[] {
  return files.filter(({ settings }) => {
    if (settings.arm !== arm) return false;
    if (typeof recipe === 'number') return settings.part === 'measured' && settings.rate === recipe;
    return (
      settings.part === 'start' &&
      settings.optimizer === recipe.optimizer &&
      settings.init === recipe.init &&
      settings.rate === recipe.rate
    );
  });
}

/** A quantity of a record with measures. */
export type VGGFigure = (record: Required<VGGRecord>) => number;

/** The measures along the gradient, by name, of all parameters or of the last layer's. */
export const LINE_FIGURES: readonly { name: string; of: (measures: LineMeasures) => number }[] = [
  {
    name: 'range of the loss, relative to the loss',
    of: ({ landscape, loss }) => (landscape.high - landscape.low) / loss,
  },
  { name: 'largest change of the gradient', of: ({ predictiveness }) => predictiveness.high },
  { name: 'effective β', of: ({ smoothness }) => smoothness },
];

/** The relative covariate shift of the i-th measured layer. */
export function shiftOf(i: number): VGGFigure {
  return ({ measures: { shifts } }) => shifts[i].difference / shifts[i].length;
}

/** The median of a figure over the records of each run, by seed. */
export function vggMedians(files: readonly VGGFile[], figure: VGGFigure): SeedValues {
  return new Map(
    files.map(({ settings, result }) => [
      settings.seed,
      median(result.records.flatMap(({ measures, ...rest }) => (measures ? [figure({ ...rest, measures })] : []))),
    ]),
  );
}

/** The mean loss of the last tenth of the steps, by seed; infinite for a run that diverged. */
export function lastLosses(files: readonly VGGFile[]): SeedValues {
  return new Map(files.map(({ settings, result }) => [settings.seed, result.lastLoss ?? Number.POSITIVE_INFINITY]));
}

/** The claims of the three experiments. */
export function vggStudyClaims(files: readonly VGGFile[]): Claim[] {
  return [
    ...VGG_RATES.flatMap((rate) => rateClaims(files, rate)),
    ...VGG_STARTS.flatMap((start) => startClaims(files, start)),
  ];
}

function rateClaims(files: readonly VGGFile[], rate: number): Claim[] {
  const [plain, batch, noisy, noise] = (['plain', 'batch', 'noisy', 'noise-only'] as const).map((arm) =>
    vggFiles(files, arm, rate),
  );
  if ([plain, batch, noisy, noise].some(({ length }) => length === 0)) return [];
  const lower = (claim: string, what: string, a: SeedValues, b: SeedValues): Claim => ({
    claim: `SGD ${rate}: ${claim}`,
    criterion: `${what}, divided by that of the plain net: the 90 % interval of the paired ratio is below 1`,
    ...ratioMeasured(a, b),
    holds: ratioBelow(pairedInterval(a, b)),
  });
  const loss = 'training loss of the last tenth of the steps';
  return [
    lower('batch norm converges faster.', loss, lastLosses(batch), lastLosses(plain)),
    lower('with noise after the norm, it still does.', `with noise, ${loss}`, lastLosses(noisy), lastLosses(plain)),
    standsStill(`SGD ${rate}: with noise and no norm, the net does not converge at all.`, noise),
    ...VGG_STUDY.layers.map((layer, i): Claim => {
      const [own, others] = [vggMedians(batch, shiftOf(i)), vggMedians(plain, shiftOf(i))];
      return {
        claim: `SGD ${rate}: batch norm does not reduce the internal covariate shift of layer ${layer + 1}.`,
        criterion:
          'median of ‖G − G′‖/‖G‖, divided by that of the plain net: the 90 % interval of the paired ratio is above ' +
          String(EQUIVALENCE_MARGIN),
        ...ratioMeasured(own, others),
        holds: not(ratioBelow(pairedInterval(own, others), EQUIVALENCE_MARGIN)),
      };
    }),
    ...(['all', 'last'] as const).flatMap((which) =>
      LINE_FIGURES.map(({ name, of }) => {
        const medians = (arm: readonly VGGFile[]) => vggMedians(arm, ({ measures }) => of(measures[which]));
        const along = which === 'all' ? 'all parameters' : 'the last layer’s parameters';
        return lower(
          `smoother with batch norm, along ${along}: ${name}.`,
          `median of it`,
          medians(batch),
          medians(plain),
        );
      }),
    ),
  ];
}

function startClaims(files: readonly VGGFile[], recipe: VGGRecipe): Claim[] {
  const plain = vggFiles(files, 'plain', recipe);
  if (plain.length === 0) return [];
  const { optimizer, init, rate } = recipe;
  return [
    standsStill(`${optimizer} ${rate}, ${init} weights: the net without batch norm does not learn at all.`, plain),
  ];
}

function standsStill(claim: string, files: readonly VGGFile[]): Claim {
  const losses = [...lastLosses(files).values()];
  const still = losses.map((loss) => loss > NO_LEARNING);
  const agree = still.length > 1 && still.every((each) => each === still[0]);
  return {
    claim,
    criterion: `training loss of the last tenth of the steps above ${NO_LEARNING} (chance: 2.303), or not finite, with every seed; undecided if seeds differ`,
    measured: losses.map(valueText).join(', '),
    holds: agree ? still[0] : null,
  };
}

function ratioMeasured(a: SeedValues, b: SeedValues): { measured: string } {
  const text = (values: SeedValues) => [...values.values()].map(valueText).join(', ');
  return { measured: `${text(a)}; plain ${text(b)}; ${ratioText(pairedInterval(a, b))}` };
}

/** Three digits of a value of any magnitude. */
export function valueText(mean: number): string {
  return formatMagnitude({ mean, deviation: null });
}
