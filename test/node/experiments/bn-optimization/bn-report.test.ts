import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ARMS, type Arm } from '../../../../src/node/experiments/bn-optimization/arms.js';
import { optimizationClaims } from '../../../../src/node/experiments/bn-optimization/claims.js';
import type { ArmResult } from '../../../../src/node/experiments/bn-optimization/linear-net.js';
import { netsOf, writeOptimizationReport } from '../../../../src/node/experiments/bn-optimization/report.js';
import type { PartFile } from '../../../../src/node/experiments/parts.js';
import { temporaryFolders } from '../../../support/temporary.js';

/** A part in which everything that is measured is a few numbers. */
function part(arm: Arm, seed: number, { loss, cosine, size }: { loss: number; cosine: number; size: number }) {
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
  const result: ArmResult = { records, accuracies: [], diverged: null };
  const settings = { net: 'linear', arm, seed };
  return { name: `linear-${arm}-${seed}`, settings, handgrad: '0', engine: 'blas', threads: 1, seconds: 60, result };
}

/** The arms as the paper has them: the norms faster, smoother and with more shift. */
const asPublished: PartFile<ArmResult>[] = ARMS.flatMap((arm) =>
  [0, 1].map((seed) =>
    part(arm, seed, arm === 'plain' ? { loss: 100, cosine: 0.99, size: 8 } : { loss: 10, cosine: 0.05, size: 2 }),
  ),
);

describe('the report of bn-optimization', () => {
  const newFolder = temporaryFolders();

  it('judges figures as published to hold, and their contrary not to', () => {
    const [net] = netsOf(asPublished);
    expect(optimizationClaims(net).map(({ holds }) => holds)).to.deep.equal(Array(7).fill(true));
    const swapped = asPublished.map((file) => {
      const { arm, seed } = file.settings;
      return arm === 'plain' ? part('plain', Number(seed), { loss: 5, cosine: 0, size: 1 }) : file;
    });
    const [other] = netsOf(swapped);
    expect(optimizationClaims(other).some(({ holds }) => holds)).to.equal(false);
  });

  it('is Markdown with all its pictures, for the parts that are there', async () => {
    const out = newFolder();
    const { claims } = await writeOptimizationReport(out, asPublished);
    expect(claims.length).to.equal(7);
    const report = readFileSync(join(out, 'report.md'), 'utf8');
    expect(report).to.include('| deep linear net | ℓ∞ norm | 2 |').and.include('**holds**');
    const pictures = [...report.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file);
    expect(pictures.length).to.equal(5);
    for (const file of pictures) expect(existsSync(join(out, file)), file).to.equal(true);
  });
});
