import { join } from 'node:path';
import { argmax, max, type NdArray } from '../../array/index.js';
import { PIXELS } from '../../data/pixel-scale.js';
import { Linear } from '../../layers/linear.js';
import type { StateDict } from '../../layers/module.js';
import { Softmax } from '../../layers/softmax.js';
import type { Evaluation } from '../../training/evaluate.js';
import type { History } from '../../training/history.js';
import { type LayerLook, lookInside } from '../../training/inspect-layers.js';
import { DATASETS } from '../data/datasets.js';
import type { LoadedSet } from '../data/loaded-set.js';
import { classAccuracySvg } from '../plots/class-accuracy.js';
import { confusionSvg } from '../plots/confusion.js';
import { curvesSvg } from '../plots/curves.js';
import { type GradientNorms, gradientNormsSvg } from '../plots/gradient-norms.js';
import { histogramsSvg } from '../plots/histograms.js';
import { escapeHtml, htmlPage, htmlTable, type Section } from '../plots/page.js';
import { type Sample, samplesSvg } from '../plots/samples.js';
import { weightImagesSvg } from '../plots/weight-images.js';
import { RUN_FILES, writeWhole } from './run-folder.js';
import { testSource } from './run-sources.js';
import { testName } from './split.js';
import { buildModel, type TrainConfig } from './train-config.js';

/** A run that has ended with a net worth looking at. */
export interface Trained {
  config: TrainConfig;
  data: LoadedSet;
  /** The net's arrays as it was last tested. */
  weights: StateDict;
  history: History;
  evaluation: Evaluation;
}

/** How many test images the net is looked into with. */
const LOOKED_AT = 500;
const SAMPLES = 12;

/** Writes `report.html`: one page with every picture of a run, which needs nothing beside it. */
export async function writeReport(folder: string, trained: Trained): Promise<void> {
  const { config, data, history, evaluation } = trained;
  const { classNames, shape, count, width } = data.test;
  const images = `${testName(config)} images`;
  const batch = testSource(data.test, PIXELS[config.pixels](data.train)).batch(
    Array.from({ length: Math.min(LOOKED_AT, count) }, (_, i) => i),
  );
  const net = `MLP ${[width, ...config.hidden, classNames.length].join(' → ')}`;
  const model = buildModel(config, width, classNames.length);
  const before = lookInside(model, model.loss(), batch);
  model.loadStateDict(trained.weights);
  const after = lookInside(model, model.loss(), batch);
  const first = model.layers.find((layer) => layer instanceof Linear);
  const sections: Section[] = [
    { heading: 'Settings', html: settings(config) },
    { heading: 'Learning curves', html: await curvesSvg(history, 'Loss and accuracy over the run', testName(config)) },
    {
      heading: 'What was taken for what',
      html: await confusionSvg(
        evaluation.confusion,
        classNames,
        `Confusion matrix of the ${count.toLocaleString('en-US')} ${images}`,
      ),
    },
    {
      heading: 'Class by class',
      html: await classAccuracySvg(evaluation.confusion, classNames, `Accuracy of each class, ${images}`),
    },
    {
      heading: `The first ${images}`,
      html: samplesSvg(samplesOf(data, after), shape, `The first ${SAMPLES} ${images}, and what the net says`),
    },
    ...(first
      ? [
          {
            heading: 'What the first layer looks for',
            html: weightImagesSvg(first.weight.value, shape, 'Weights of the first layer'),
          },
        ]
      : []),
    {
      heading: 'Inside the net',
      html: await histogramsSvg(after.map(spreadOf), 'output', `Outputs of each layer, ${batch.x.shape[0]} ${images}`),
    },
    {
      heading: 'Gradients, layer by layer',
      html: await gradientNormsSvg(
        [normsOf('before training', before), normsOf('after training', after)],
        `Length of each layer's gradient, ${batch.x.shape[0]} ${images}`,
      ),
    },
  ];
  const title = `${net} on ${DATASETS[config.dataset].title}: ${testName(config)} accuracy ${evaluation.accuracy.toFixed(4)}`;
  await writeWhole(join(folder, RUN_FILES.report), htmlPage(title, sections));
}

/** The settings that are not empty, as a table. */
function settings(config: TrainConfig): string {
  const rows = Object.entries(config).flatMap(([name, value]) =>
    value === null || value === undefined
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') || 'none' : String(value)]],
  );
  return `<details><summary>${escapeHtml(`seed ${config.seed}, ${config.maxSteps} steps of ${config.batchSize} images`)}</summary>${htmlTable([['setting', 'value'], ...rows])}</details>`;
}

/** Probabilities, also of a net that ends at its logits. */
function probabilities(looks: readonly LayerLook[], layer = new Softmax()): NdArray {
  const { name, out } = looks[looks.length - 1];
  return name.endsWith('Softmax') ? out : layer.forward(out); // (N, C)
}

function samplesOf({ test }: LoadedSet, looks: readonly LayerLook[]): Sample[] {
  const probs = probabilities(looks); // (N, C)
  const [predicted, sure] = [argmax(probs, { axis: 1 }), max(probs, { axis: 1 })]; // (N,)
  return Array.from({ length: Math.min(SAMPLES, test.count) }, (_, i) => ({
    pixels: test.image(i),
    actual: test.classNames[test.label(i)],
    predicted: test.classNames[predicted.get(i)],
    probability: sure.get(i),
  }));
}

function spreadOf({ name, out }: LayerLook): { name: string; values: Float64Array } {
  const [samples, width] = out.shape;
  return {
    name,
    values: Float64Array.from({ length: out.size }, (_, i) => out.get(Math.floor(i / width) % samples, i % width)),
  };
}

function normsOf(name: string, looks: readonly LayerLook[]): GradientNorms {
  const layers = looks.flatMap(({ name, weightNorm }) =>
    weightNorm === undefined ? [] : [{ name, norm: weightNorm }],
  );
  return { name, layers };
}
