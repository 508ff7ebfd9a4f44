import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { EXPERIMENTS } from '../../src/node/experiments/catalog.js';

const folder = new URL('../../docs/experiments/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');

/** The cells of an experiment's row, without the first, which is its picture. */
const rows = new Map(
  [...read('README.md').matchAll(/^\| (.*) \| \[?`([\w-]+)`.*? \| .* \| (.*) \| .* \|$/gm)].map(
    ([, picture, name, verdicts]) => [name, { picture, verdicts }],
  ),
);

/** `4 hold, 1 does not`. */
function verdictsOf(report: string): string {
  const count = (verdict: string) => report.split(`| **${verdict}** |`).length - 1;
  const [holds, not, undecided] = [count('holds'), count('does not hold'), count('undecided')];
  const texts = [
    holds > 0 && `${holds} hold${holds === 1 ? 's' : ''}`,
    not > 0 && `${not} do${not === 1 ? 'es' : ''} not${holds > 0 ? '' : ' hold'}`,
    undecided > 0 && `${undecided} undecided`,
  ];
  return texts.filter(Boolean).join(', ');
}

describe('the index of the experiments', () => {
  it('has a row for every experiment', () => {
    expect([...rows.keys()]).to.deep.equal(EXPERIMENTS.map(({ name }) => name));
  });

  for (const { name } of EXPERIMENTS) {
    const path = `${name}/report.md`;
    if (!existsSync(new URL(path, folder))) {
      it(`says that ${name} has not been run in full`, () => {
        expect(rows.get(name)?.verdicts).equals('not run in full yet');
      });
      continue;
    }
    it(`counts the verdicts of ${name}, and shows the picture with which its report opens`, () => {
      const report = read(path);
      const picture = /^!\[[^\]]*\]\(([^)]+)\)/m.exec(report);
      const claims = report.indexOf('## Claims');
      expect(picture?.index, 'the report opens with it').below(claims < 0 ? 700 : claims);
      expect(rows.get(name)?.picture).includes(`](${name}/${picture?.[1]})](${path})`);
      const verdicts = verdictsOf(report);
      if (verdicts === '') expect(rows.get(name)?.verdicts).includes('no claims');
      else
        expect(rows.get(name)?.verdicts?.startsWith(verdicts), `${rows.get(name)?.verdicts} / ${verdicts}`).equals(
          true,
        );
    });
  }
});
