import { join } from 'node:path';
import { argmax, max, type NdArray, reshape } from '../../array/index.js';
import { ImageSet } from '../../data/image-set.js';
import { nounOf } from '../../data/sample-set.js';
import type { StateDict } from '../../layers/module.js';
import type { Model } from '../../models/model.js';
import { modelKind } from '../../models/model-table.js';
import type { Evaluation } from '../../training/evaluate.js';
import type { History } from '../../training/history.js';
import { inspectLayers, type LayerInspection } from '../../training/inspect-layers.js';
import { scoreText } from '../../training/score-text.js';
import { datasetOf } from '../data/datasets.js';
import { classAccuracySvg } from '../plots/class-accuracy.js';
import { confusionSvg } from '../plots/confusion.js';
import { curvesSvg } from '../plots/curves.js';
import { type GradientNorms, gradientNormsSvg } from '../plots/gradient-norms.js';
import { histogramsSvg } from '../plots/histograms.js';
import { escapeHtml, htmlPage, htmlTable, type Section } from '../plots/page.js';
import { type Sample, samplesSvg } from '../plots/samples.js';
import { weightImagesSvg } from '../plots/weight-images.js';
import { buildModel, lossOf, modelSizeOf, type RunConfig } from './run-config.js';
import type { RunData } from './run-data.js';
import { formatSetting, settingsByName } from './run-flags.js';
import { RUN_FILES, writeWhole } from './run-folder.js';
import { netInputs, testSource } from './run-sources.js';
import { testName } from './split.js';

/** A run that has ended with finite weights. */
export interface TrainedRun {
  config: RunConfig;
  data: RunData;
  /** The arrays of the net as it was last evaluated. */
  weights: StateDict;
  history: History;
  evaluation: Evaluation;
}

/** The number of test images with which a net is inspected: the outputs of all layers of a net of images are large. */
const INSPECTED = { flat: 500, image: 20 };
const SAMPLES = 12;

/** Writes `report.html`: one self-contained page with every picture of a run. */
export async function writeRunReport(folder: string, trained: TrainedRun): Promise<void> {
  const { config, data, history, evaluation, weights } = trained;
  const { classNames, count } = data.test;
  const images = `${testName(config)} ${nounOf(data.test)}`;
  const batch = testSource(config, data.test, netInputs(config, data.train)).batch(
    Array.from({ length: Math.min(INSPECTED[modelKind(config.model).inputs], count) }, (_, i) => i),
  );
  const inspected = `${batch.x.shape[0]} ${images}`;
  const model = buildModel(config, modelSizeOf(data.train));
  const loss = lossOf(config, model);
  const before = inspectLayers(model, loss, batch);
  model.loadStateDict(weights);
  const after = inspectLayers(model, loss, batch);
  const sections: Section[] = [
    { heading: 'Settings', html: settingsTable(config) },
    { heading: 'Learning curves', html: await curvesSvg(history, 'Loss and accuracy over the run', testName(config)) },
    ...(await classSections(evaluation, classNames, images)),
    ...imageSections(model, data, batch.x, images),
    {
      heading: 'Outputs of each layer',
      html: await histogramsSvg(after.map(valuesOf), 'output', `Outputs of each layer, ${inspected}`),
    },
    {
      heading: 'Gradients of each layer',
      html: await gradientNormsSvg(
        [normsOf('before training', before), normsOf('after training', after)],
        `Norm of the gradient of each layer, ${inspected}`,
      ),
    },
  ];
  const net = `${modelKind(config.model).title(config.model)} on ${datasetOf(config.dataset).title}`;
  const title = `${net}: ${testName(config)} ${scoreText(evaluation)}`;
  await writeWhole(join(folder, RUN_FILES.report), htmlPage(title, sections));
}

/** What a classifier gets right and wrong. */
async function classSections(
  { confusion }: Evaluation,
  classes: readonly string[],
  images: string,
): Promise<Section[]> {
  if (!confusion) return [];
  const count = confusion.flat().reduce((total, each) => total + each, 0);
  const all = `Confusion matrix of the ${count.toLocaleString('en-US')} ${images}`;
  return [
    { heading: 'Confusion matrix', html: await confusionSvg(confusion, classes, all) },
    {
      heading: 'Accuracy of each class',
      html: await classAccuracySvg(confusion, classes, `Accuracy of each class, ${images}`),
    },
  ];
}

/** Images with their predictions, and the first weights as pictures. */
function imageSections(model: Model, { train, test }: RunData, x: NdArray, images: string): Section[] {
  if (!(train instanceof ImageSet && test instanceof ImageSet)) return [];
  model.eval();
  const probs = model.probabilities(model.forward(x)); // (N, C)
  const title = `The first ${SAMPLES} ${images} and their predictions`;
  const html = samplesSvg(samplesOf(test, probs), test.shape, title);
  return [{ heading: `The first ${images}`, html }, ...weightSection(model, train)];
}

/** The first weights as pictures, if each unit has one weight per pixel of an image, or of a kernel. */
function weightSection(model: Model, { shape, width }: ImageSet): Section[] {
  const weight = model.parameters().find(({ name }) => name === 'weight')?.value;
  if (!weight) return [];
  const [units, inputs, height, ...rest] = weight.shape;
  const isOfPixels = weight.shape.length === 2 && inputs === width;
  const isOfKernels = rest.length === 1 && inputs === shape.channels;
  if (!isOfPixels && !isOfKernels) return [];
  const size = isOfKernels ? { channels: inputs, height, width: rest[0] } : shape;
  const html = weightImagesSvg(reshape(weight, [units, -1]), size, 'Weights of the first layer');
  return [{ heading: 'Weights of the first layer', html }];
}

/** The settings that have a value, as a table. */
function settingsTable(config: RunConfig): string {
  const rows = [...settingsByName(config)].flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, formatSetting(value)]],
  );
  return `<details><summary>${escapeHtml(`seed ${config.seed}, ${config.maxSteps} steps of ${config.batchSize}`)}</summary>${htmlTable([['setting', 'value'], ...rows])}</details>`;
}

function samplesOf(test: ImageSet, probs: NdArray): Sample[] {
  const [predicted, probability] = [argmax(probs, { axis: 1 }), max(probs, { axis: 1 })]; // (N,)
  return Array.from({ length: Math.min(SAMPLES, test.count) }, (_, i) => ({
    pixels: test.image(i),
    actual: test.classNames[test.label(i)],
    predicted: test.classNames[predicted.get(i)],
    probability: probability.get(i),
  }));
}

function valuesOf({ name, out }: LayerInspection): { name: string; values: Float64Array } {
  const flat = reshape(out, [-1]);
  return { name, values: Float64Array.from({ length: flat.size }, (_, i) => flat.get(i)) };
}

function normsOf(name: string, inspections: readonly LayerInspection[]): GradientNorms {
  const layers = inspections.flatMap(({ name, weightNorm }) =>
    weightNorm === undefined ? [] : [{ name, norm: weightNorm }],
  );
  return { name, layers };
}
