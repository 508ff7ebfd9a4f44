import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { brokenLines, fittingParts, textTable, widthOf } from '../../src/cli/layout.js';
import { evaluationLines } from '../../src/cli/run-summary.js';
import { skip } from '../support/skip.js';

const main = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));
const WIDTHS = [60, 80, 120];

describe('the layout of lines', () => {
  it('has the width of a terminal, and no limit elsewhere', () => {
    expect(widthOf({ isTTY: true, columns: 80 })).to.equal(80);
    expect(widthOf({ columns: 80 })).to.equal(Infinity);
  });

  it('drops the least important parts of a line first, and keeps the order of the others', () => {
    const parts = ['step 1', 'epoch 1', 'loss 2.3'];
    expect(fittingParts(parts, 25)).to.equal('step 1  epoch 1  loss 2.3');
    expect(fittingParts(parts, 24, [0, 2, 1])).to.equal('step 1  loss 2.3');
    expect(fittingParts(parts, 24)).to.equal('step 1  epoch 1');
    expect(fittingParts(parts, 3)).to.equal('ste');
  });

  it('breaks sentences between words, and keeps long words and short lines whole', () => {
    expect(brokenLines('the first words and /a/path/that/is/long', 16)).to.deep.equal([
      'the first words',
      'and',
      '/a/path/that/is/long',
    ]);
    expect(brokenLines('  a   table', 20)).to.deep.equal(['  a   table']);
  });

  it('drops optional columns and then the ends of the longest texts', () => {
    const rows = [
      ['layer', 'shape', 1],
      ['a long name of a layer', '(3, 5)', 22],
    ];
    expect(textTable(rows, { width: 30, optional: [1] })).to.deep.equal([
      'layer                    1',
      'a long name of a layer  22',
    ]);
    expect(textTable(rows, { width: 20, optional: [1] })).to.deep.equal([
      'layer              1',
      'a long name of …  22',
    ]);
  });
});

describe('a confusion matrix', () => {
  for (const [what, classes] of [
    ['ten classes with long names', Array.from({ length: 10 }, (_, c) => `a class with a long name, number ${c}`)],
    ['a hundred classes', Array.from({ length: 100 }, (_, c) => `class ${c}`)],
    ['two classes', ['cat', 'dog']],
  ] as const)
    for (const width of WIDTHS)
      it(`of ${what} fits ${width} columns and shows the accuracy of each class`, () => {
        const confusion = classes.map((_, i) => classes.map((_, j) => (i === j ? 900 : 7)));
        const lines = evaluationLines({ loss: 1, confusion }, classes, width);
        expect(lines).to.have.lengthOf(classes.length + 1);
        for (const line of lines) expect(line.length, line).to.be.at.most(width);
        for (const line of lines.slice(1)) expect(line).to.match(/\d %/);
      });
});

describe('a real terminal', () => {
  const available = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
  for (const width of WIDTHS)
    it(`of ${width} columns gets no line of handgrad check that it would break`, function () {
      if (!available) skip(this, 'there is no `script` of util-linux on this system');
      const command = `stty cols ${width}; '${process.execPath}' '${main}' check linear layernorm --shapes 1`;
      const printed = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', stdio: 'pipe' });
      const lines = printed.split(/\r?\n/);
      expect(printed).to.include('5 of 5 gradients pass');
      for (const line of lines) expect(line.length, line).to.be.at.most(width);
      expect(printed.includes('shape')).to.equal(width >= 120);
    }).timeout(30_000);
});
