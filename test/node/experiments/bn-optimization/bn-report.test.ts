import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { optimizationClaims } from '../../../../src/node/experiments/bn-optimization/bn-claims.js';
import { optimizationReport } from '../../../../src/node/experiments/bn-optimization/bn-report.js';
import {
  linearMeasurements,
  type VariantResult,
} from '../../../../src/node/experiments/bn-optimization/linear-network.js';
import { NORM_VARIANTS, type NormVariant } from '../../../../src/node/experiments/bn-optimization/norm-variants.js';
import { netSeries } from '../../../../src/node/experiments/bn-optimization/variant-series.js';
import { claimsReport } from '../../../../src/node/experiments/experiment-report.js';
import type { MeasurementFile } from '../../../../src/node/experiments/measurement.js';
import { temporaryFolders } from '../../../support/temporary.js';

/** A measurement in which every measure comes from three numbers. */
function measurement(
  arm: NormVariant,
  seed: number,
  { loss, cosine, size }: { loss: number; cosine: number; size: number },
) {
  const records = [0, 100, 200].map((step) => ({
    step,
    loss: loss * (3 - step / 100) + seed,
    gradient: 1,
    landscape: { low: loss, high: loss * (1 + size) },
    predictiveness: { low: size / 2, high: size },
    smoothness: size,
    shifts: [{ difference: 1 - cosine, length: 1, cosine }],
    activations: [[-2, -1, 0, 1, 2]],
  }));
  const result: VariantResult = { records, accuracies: [], diverged: null };
  const settings = { net: 'linear', arm, seed };
  return { name: `linear-${arm}-${seed}`, settings, handgrad: '0', engine: 'blas', threads: 1, seconds: 60, result };
}

/** The variants as in the paper: with a norm, the net is faster, smoother and has more shift. */
const asPublished: MeasurementFile<VariantResult>[] = NORM_VARIANTS.flatMap((arm) =>
  [0, 1].map((seed) =>
    measurement(
      arm,
      seed,
      arm === 'plain' ? { loss: 100, cosine: 0.99, size: 8 } : { loss: 10, cosine: 0.05, size: 2 },
    ),
  ),
);

/** A report that needs neither data nor runs. */
const nothing = {
  quick: false,
  loadData: () => Promise.reject(new Error('no data')),
  evaluate: () => Promise.reject(new Error('no run')),
};

describe('the linear network of bn-optimization', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  it('records at which step it diverges, as with noise and without a norm', async () => {
    const job = linearMeasurements([42], true).find(({ name }) => name === 'linear-noise-only-seed42');
    const context = { cifar10: () => Promise.reject(new Error('no data')), onStep: () => Promise.resolve() };
    const file = await job?.measure(newFolder(), context);
    expect(file?.result).to.deep.include({ diverged: 2, accuracies: [] });
    expect(file?.result.records.map(({ step }) => step)).to.deep.equal([0]);
  });
});

describe('the report of bn-optimization', () => {
  const newFolder = temporaryFolders();

  it('says that the claims hold for figures as published, and that they do not for the opposite', () => {
    const [net] = netSeries(asPublished);
    expect(optimizationClaims(net).map(({ holds }) => holds)).to.deep.equal(Array(7).fill(true));
    const swapped = asPublished.map((file) => {
      const { arm, seed } = file.settings;
      return arm === 'plain' ? measurement('plain', Number(seed), { loss: 5, cosine: -1, size: 1 }) : file;
    });
    const [other] = netSeries(swapped);
    expect(optimizationClaims(other).some(({ holds }) => holds)).to.equal(false);
  });

  it('is Markdown with all its figures, for the measurements that exist', async () => {
    const out = newFolder();
    const context = { out, warning: '', ...nothing };
    const { files } = await claimsReport({ parts: asPublished }, context, () => optimizationReport(asPublished));
    expect(files).to.deep.equal({ report: 'report.md' });
    expect(optimizationReport(asPublished).claims.length).to.equal(7);
    const report = readFileSync(join(out, 'report.md'), 'utf8');
    expect(report).to.include('| deep linear net | ℓ∞ norm | 2 |').and.include('**holds**');
    const pictures = [...report.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file);
    expect(pictures.length).to.equal(5);
    for (const file of pictures) expect(existsSync(join(out, file)), file).to.equal(true);
  });
});
