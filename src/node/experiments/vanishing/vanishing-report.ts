import { type PanelLine, panelsSvg } from '../../plots/panels.js';
import { stepHeatmapsSvg } from '../../plots/step-heatmap.js';
import { type ClaimsReport, enginesText } from '../experiment-report.js';
import { formatMagnitude, meanDeviation } from '../statistics.js';
import { firstOverLast, flatUnits, type GradientFile, gradientFiles, vanishingClaims } from './vanishing-claims.js';
import { ACTIVATION_LABELS, COMPARED_ACTIVATIONS, type TrackedNet } from './vanishing-plan.js';

/** The report of some measurements. */
export function vanishingReport(files: readonly GradientFile[]): ClaimsReport {
  const titles = {
    deep: 'Length of each layer’s gradient, 16 hidden layers of 128, no norm (seed 42)',
    table1: 'Length of each layer’s gradient, the net of setups 6, 8 and 9 of Table 1',
  };
  const heatMaps = (net: TrackedNet['name'], alt: string) => {
    const svg = heatFigure(files, net, titles[net]);
    return { file: `${net}.svg`, alt: `Heat maps of the length of each layer’s gradient in ${alt}`, svg };
  };
  return {
    title: 'Vanishing gradients',
    setup: [
      heatMaps('deep', 'the deep net'),
      'The length of the gradient of each linear layer’s weight during training, with ELU, ReLU and tanh. The first net is an MLP with 16 hidden ' +
        'layers of 128 units and no norm (SGD 0.1, pixels from −1 to 1). The second is the net of setups 6, 8 and 9 of Table 1 (1024, 512, 256, 64, batch ' +
        'norm before each linear layer, Adam 0.001), with 5,000 steps each; in Table 1, only setup 9 has that many. CIFAR-10, batch size 128, PyTorch’s ' +
        'initial weights.',
      `Made with \`npx handgrad experiment vanishing\`. Engine: ${enginesText(files)}.`,
    ],
    claims: vanishingClaims(files),
    parts: [
      { heading: 'The net of Table 1' },
      heatMaps('table1', 'the net of Table 1'),
      {
        file: 'accuracy.svg',
        alt: 'Training accuracy and test accuracy of the net of Table 1',
        svg: accuracyFigure(files),
      },
      { heading: 'Figures' },
      'First over last: the length of the first layer’s gradient divided by that of the last layer’s, median over the steps. Flat: the fraction of units, ' +
        'over samples and layers, at which the slope of the activation is below 0.1, in the second half of training.',
      figureCells(files),
    ],
  };
}

function figureCells(files: readonly GradientFile[]): string[][] {
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
  return [header, ...rows];
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
    COMPARED_ACTIVATIONS.map((activation) => ({
      name: ACTIVATION_LABELS[activation],
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
