import { join } from 'node:path';
import { heatSvg } from '../../plots/heat.js';
import { markdownTable } from '../../plots/page.js';
import { type Line, panelsSvg } from '../../plots/panels.js';
import { PALETTE } from '../../plots/svg.js';
import { writeWhole } from '../../runs/run-folder.js';
import { text } from '../bn-optimization/claims.js';
import { type Claim, claimsTable, markdownReport } from '../claims.js';
import { engineOf, type PartFile } from '../parts.js';
import { type Summary, summary } from '../summary.js';
import { COMPARED_ACTIVATIONS, type ComparedActivation } from './nets.js';
import type { WatchResult } from './watch.js';

type File = PartFile<WatchResult>;

const NAMES: Record<ComparedActivation, string> = { elu: 'ELU', relu: 'ReLU', tanh: 'tanh' };

/** Writes the report and its pictures. */
export async function writeVanishingReport(
  out: string,
  files: readonly File[],
  warning = '',
): Promise<{ report: string; claims: Claim[] }> {
  const claims = vanishingClaims(files);
  await writeWhole(
    join(out, 'deep.svg'),
    picture(files, 'deep', 'Length of each layer’s gradient, 16 hidden layers of 128, no norm (seed 42)'),
  );
  await writeWhole(
    join(out, 'table1.svg'),
    picture(files, 'table1', 'Length of each layer’s gradient, the net of setups 6, 8 and 9 of Table 1'),
  );
  await writeWhole(join(out, 'accuracy.svg'), await accuracyPicture(files));
  await writeWhole(join(out, 'report.md'), markdown(files, claims, warning));
  return { report: 'report.md', claims };
}

function of(files: readonly File[], net: string, activation: ComparedActivation): File[] {
  return files.filter(({ settings }) => settings.net === net && settings.activation === activation);
}

/** How much of the last layer's gradient is left at the first: the median over the steps, for each seed. */
export function leftOver(files: readonly File[]): Summary {
  return summary(
    files.map(({ result }) => {
      const shares = result.looks.map(({ lengths }) => lengths[0] / lengths[lengths.length - 1]).sort((a, b) => a - b);
      return shares[Math.floor(shares.length / 2)];
    }),
  );
}

/** The share of flat units over all activations, the mean of the second half of the looks. */
function flat(files: readonly File[]): Summary {
  return summary(
    files.map(({ result }) => {
      const late = result.looks.slice(Math.floor(result.looks.length / 2)).flatMap((look) => look.flat);
      return late.reduce((total, share) => total + share, 0) / late.length;
    }),
  );
}

/** What is said of vanishing gradients, and what came of it. */
export function vanishingClaims(files: readonly File[]): Claim[] {
  const left = (net: string, activation: ComparedActivation) => leftOver(of(files, net, activation));
  const all = (net: string) => COMPARED_ACTIVATIONS.map((activation) => left(net, activation));
  const said = (summaries: readonly Summary[]) =>
    COMPARED_ACTIVATIONS.map((activation, i) => `${NAMES[activation]} ${text(summaries[i])}`).join(', ');
  if (COMPARED_ACTIVATIONS.some((activation) => of(files, 'deep', activation).length === 0)) return [];
  const deep = all('deep');
  const claims: Claim[] = [
    {
      claim:
        'In a deep net without a norm and with PyTorch’s first weights, gradients vanish on their way to the first layer.',
      criterion:
        'the first layer’s gradient is less than 0.01 of the last one’s in the median step, with all three activations',
      measured: said(deep),
      holds: deep.every(({ mean }) => mean < 0.01),
    },
  ];
  const [tanh] = of(files, 'table1', 'tanh');
  const elu = of(files, 'table1', 'elu');
  if (!tanh || elu.length === 0 || of(files, 'table1', 'relu').length === 0) return claims;
  const table = all('table1');
  const { tests } = tanh.result;
  const [early, last] = [tests.find(({ step }) => step === 2000) ?? tests[0], tests[tests.length - 1]];
  const [eluLast] = elu[0].result.tests.slice(-1);
  return [
    ...claims,
    {
      claim: 'Setup 9 (tanh) is worse than setups 6 and 8 because its gradients vanish.',
      criterion: 'what is left of the gradient at the first layer is less than half of that with ELU and with ReLU',
      measured: said(table),
      holds: table[2].mean < table[0].mean / 2 && table[2].mean < table[1].mean / 2,
    },
    {
      claim: 'It is worse because its 5,000 steps overfit: setups 6 and 8 make 2,000.',
      criterion:
        'with tanh, from step 2,000 to the last the accuracy in training rises by 0.05 and that in the test falls by 0.005',
      measured:
        `training ${early.trainAccuracy.toFixed(3)} to ${last.trainAccuracy.toFixed(3)}, test ${early.testAccuracy.toFixed(3)} to ` +
        `${last.testAccuracy.toFixed(3)}; with ELU after as many steps ${eluLast.testAccuracy.toFixed(3)}`,
      holds: last.trainAccuracy - early.trainAccuracy > 0.05 && early.testAccuracy - last.testAccuracy > 0.005,
    },
    {
      claim: 'It is worse whatever the number of steps.',
      criterion: 'its test accuracy is below that with ELU by 0.01 at step 2,000 and at the last',
      measured: `at step ${early.step.toLocaleString('en-US')} ${early.testAccuracy.toFixed(3)} against ${testAt(elu[0], early.step).toFixed(3)}, at the last ${last.testAccuracy.toFixed(3)} against ${eluLast.testAccuracy.toFixed(3)}`,
      holds: testAt(elu[0], early.step) - early.testAccuracy > 0.01 && eluLast.testAccuracy - last.testAccuracy > 0.01,
    },
  ];
}

function testAt({ result }: File, step: number): number {
  return result.tests.find((test) => test.step === step)?.testAccuracy ?? Number.NaN;
}

function markdown(files: readonly File[], claims: readonly Claim[], warning: string): string {
  return markdownReport('Vanishing gradients', warning, [
    'The length of the gradient of each linear layer’s weights over training, with ELU, ReLU and tanh: in an MLP of 16 hidden layers of 128 without ' +
      'a norm (SGD 0.1, pixels from −1 to 1), and in the net of setups 6, 8 and 9 of Table 1 (1024, 512, 256, 64, batch norm before each linear layer, ' +
      'Adam 0.001), each for the 5,000 steps that only setup 9 has. CIFAR-10, batches of 128, PyTorch’s first weights.',
    `Made with \`npx handgrad experiment vanishing\`. Engine: ${engineOf(files)}.`,
    '## Claims',
    claimsTable(claims, warning === ''),
    '## A deep net without a norm',
    '![Heat maps of the length of each layer’s gradient in the deep net](deep.svg)',
    '## The net of Table 1',
    '![Heat maps of the length of each layer’s gradient in the net of Table 1](table1.svg)',
    '![Accuracy of the net of Table 1 in training and in the test](accuracy.svg)',
    '## Figures',
    'First over last: the length of the first layer’s gradient over that of the last one’s, median over the steps. Flat: the share of units, over samples and ' +
      'layers, at which the slope of the activation is below 0.1, in the second half of training.',
    markdownTable([
      ['net', 'activation', 'seeds', 'first over last', 'flat', 'training accuracy', 'test accuracy'],
      ...['deep', 'table1'].flatMap((net) =>
        COMPARED_ACTIVATIONS.flatMap((activation) => {
          const own = of(files, net, activation);
          if (own.length === 0) return [];
          const last = (figure: 'trainAccuracy' | 'testAccuracy') =>
            text(summary(own.map(({ result }) => result.tests[result.tests.length - 1][figure])));
          const seeds = String(own.length);
          return [
            [
              net,
              NAMES[activation],
              seeds,
              text(leftOver(own)),
              text(flat(own)),
              last('trainAccuracy'),
              last('testAccuracy'),
            ],
          ];
        }),
      ),
    ]),
  ]);
}

function picture(files: readonly File[], net: string, title: string): string {
  const maps = COMPARED_ACTIVATIONS.flatMap((activation) => {
    const [file] = of(files, net, activation);
    if (!file) return [];
    const { looks } = file.result;
    const layers = looks[0].lengths.map((_, layer) => layer);
    return {
      title: NAMES[activation],
      rows: layers.map((layer) => `layer ${layer + 1}`),
      steps: looks.map(({ step }) => step),
      values: layers.map((layer) => looks.map(({ lengths }) => lengths[layer])),
    };
  });
  return heatSvg(title, maps);
}

function accuracyPicture(files: readonly File[]): Promise<string> {
  const lines = (figure: 'trainAccuracy' | 'testAccuracy'): Line[] =>
    COMPARED_ACTIVATIONS.map((activation, i) => ({
      name: NAMES[activation],
      colour: PALETTE[i],
      dots: true,
      points: of(files, 'table1', activation).flatMap(({ result }) =>
        result.tests.map((test) => ({ x: test.step, y: test[figure] })),
      ),
    }));
  const axes = { x: { label: 'step' }, y: { label: 'share classified right' } };
  return panelsSvg('The net of setups 6, 8 and 9 of Table 1, 5,000 steps', [
    { title: 'accuracy on the training batches', ...axes, lines: lines('trainAccuracy') },
    { title: 'accuracy in the test', ...axes, lines: lines('testAccuracy') },
  ]);
}
