import { join } from 'node:path';
import { markdownTable } from '../../plots/page.js';
import { type PanelLine, panelsSvg } from '../../plots/panels.js';
import { stepHeatmapsSvg } from '../../plots/step-heatmap.js';
import { PALETTE } from '../../plots/svg.js';
import { writeWhole } from '../../runs/run-folder.js';
import { type Claim, claimsTable } from '../claims.js';
import { markdownReport, REPORT_FILES } from '../experiment.js';
import { measurementEngines } from '../measurement.js';
import { formatMagnitude, meanDeviation } from '../statistics.js';
import { firstOverLast, flatUnits, type GradientFile, gradientFiles, vanishingClaims } from './vanishing-claims.js';
import { ACTIVATION_LABELS, COMPARED_ACTIVATIONS, type TrackedNet } from './vanishing-plan.js';

/** Writes the report and its figures, and returns the claims. */
export async function writeVanishingReport(
  out: string,
  files: readonly GradientFile[],
  warning = '',
): Promise<Claim[]> {
  const claims = vanishingClaims(files);
  const titles = {
    deep: 'Length of each layer’s gradient, 16 hidden layers of 128, no norm (seed 42)',
    table1: 'Length of each layer’s gradient, the net of setups 6, 8 and 9 of Table 1',
  } as const;
  for (const net of ['deep', 'table1'] as const)
    await writeWhole(join(out, `${net}.svg`), await heatFigure(files, net, titles[net]));
  await writeWhole(join(out, 'accuracy.svg'), await accuracyFigure(files));
  await writeWhole(join(out, REPORT_FILES.markdown), markdown(files, claims, warning));
  return claims;
}

function markdown(files: readonly GradientFile[], claims: readonly Claim[], warning: string): string {
  return markdownReport('Vanishing gradients', warning, [
    'The length of the gradient of each linear layer’s weight during training, with ELU, ReLU and tanh. The first net is an MLP with 16 hidden ' +
      'layers of 128 units and no norm (SGD 0.1, pixels from −1 to 1). The second is the net of setups 6, 8 and 9 of Table 1 (1024, 512, 256, 64, batch ' +
      'norm before each linear layer, Adam 0.001), with 5,000 steps each; in Table 1, only setup 9 has that many. CIFAR-10, batch size 128, PyTorch’s ' +
      'initial weights.',
    `Made with \`npx handgrad experiment vanishing\`. Engine: ${measurementEngines(files)}.`,
    '## Claims',
    claimsTable(claims, warning === ''),
    '## A deep net without a norm',
    '![Heat maps of the length of each layer’s gradient in the deep net](deep.svg)',
    '## The net of Table 1',
    '![Heat maps of the length of each layer’s gradient in the net of Table 1](table1.svg)',
    '![Training accuracy and test accuracy of the net of Table 1](accuracy.svg)',
    '## Figures',
    'First over last: the length of the first layer’s gradient divided by that of the last layer’s, median over the steps. Flat: the fraction of units, ' +
      'over samples and layers, at which the slope of the activation is below 0.1, in the second half of training.',
    figuresTable(files),
  ]);
}

function figuresTable(files: readonly GradientFile[]): string {
  const rows = (['deep', 'table1'] as const).flatMap((net) =>
    COMPARED_ACTIVATIONS.flatMap((activation) => {
      const own = gradientFiles(files, net, activation);
      if (own.length === 0) return [];
      const last = (figure: 'trainAccuracy' | 'testAccuracy') =>
        meanDeviation(own.map(({ result }) => result.tests[result.tests.length - 1][figure]));
      const means = [firstOverLast(own), flatUnits(own), last('trainAccuracy'), last('testAccuracy')];
      return [[net, ACTIVATION_LABELS[activation], String(own.length), ...means.map(formatMagnitude)]];
    }),
  );
  const header = ['net', 'activation', 'seeds', 'first over last', 'flat', 'training accuracy', 'test accuracy'];
  return markdownTable([header, ...rows]);
}

function heatFigure(files: readonly GradientFile[], net: TrackedNet['name'], title: string): Promise<string> {
  const maps = COMPARED_ACTIVATIONS.flatMap((activation) => {
    const [file] = gradientFiles(files, net, activation);
    if (!file) return [];
    const { looks } = file.result;
    const layers = looks[0].lengths.map((_, layer) => layer);
    return {
      title: ACTIVATION_LABELS[activation],
      rows: layers.map((layer) => `layer ${layer + 1}`),
      steps: looks.map(({ step }) => step),
      values: layers.map((layer) => looks.map(({ lengths }) => lengths[layer])),
    };
  });
  return stepHeatmapsSvg(title, maps);
}

function accuracyFigure(files: readonly GradientFile[]): Promise<string> {
  const lines = (figure: 'trainAccuracy' | 'testAccuracy'): PanelLine[] =>
    COMPARED_ACTIVATIONS.map((activation, i) => ({
      name: ACTIVATION_LABELS[activation],
      color: PALETTE[i],
      dots: true,
      points: gradientFiles(files, 'table1', activation).flatMap(({ result }) =>
        result.tests.map((test) => ({ x: test.step, y: test[figure] })),
      ),
    }));
  const axes = { x: { label: 'step' }, y: { label: 'accuracy' } };
  return panelsSvg('The net of setups 6, 8 and 9 of Table 1, 5,000 steps', [
    { title: 'training accuracy', ...axes, lines: lines('trainAccuracy') },
    { title: 'test accuracy', ...axes, lines: lines('testAccuracy') },
  ]);
}
