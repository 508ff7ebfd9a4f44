import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { brokenLines, brokenText, fittingParts, textTable, widthOf } from '../../src/cli/layout.js';
import { evaluationLines } from '../../src/cli/run-summary.js';
import { encodeNpy, zeros } from '../../src/index.js';
import { skip } from '../support/skip.js';
import { smallImages } from '../support/small-images.js';
import { temporaryFolders } from '../support/temporary.js';
import { hasTerminal, onTerminal } from '../support/terminal.js';

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
    expect(brokenText('two words\n\nmore', 5)).to.equal('two\nwords\n\nmore');
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

  it('of a hundred classes is a list of mistakes also in a file, whose lines have no limit', () => {
    const classes = Array.from({ length: 100 }, (_, c) => `class ${c}`);
    const confusion = classes.map((_, i) => classes.map((_, j) => (i === j ? 93 : j === 0 ? 7 : 0)));
    const lines = evaluationLines({ loss: 1, confusion }, classes, Number.POSITIVE_INFINITY);
    expect(lines[2]).to.match(/^class 1 +93 % +class 0 7 %$/);
  });
});

describe('a real terminal', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  before(function () {
    if (!hasTerminal) skip(this, 'there is no `script` of util-linux on this system');
  });

  for (const width of WIDTHS) {
    it(`of ${width} columns gets no line of handgrad check that it would break`, () => {
      const { lines } = onTerminal(width, newFolder(), 'check linear layernorm --shapes 1');
      expect(lines).to.include('5 of 5 gradients pass');
      for (const line of lines) expect(line.length, line).to.be.at.most(width);
      expect(lines.some((line) => line.includes('shape'))).to.equal(width >= 120);
    });

    it(`of ${width} columns shows the loss and the score of a run, and gets no line or bar that is too long`, () => {
      const cwd = newFolder();
      smallImages(cwd);
      writeFileSync(join(cwd, 'image.npy'), encodeNpy(zeros([3, 16, 16])));
      const run = 'train --dataset images.npz --hidden 8 --batch-size 10 --max-steps 300 --eval-every 100 --out run';
      const commands = [`${run} --threads 1`, 'evaluate run', 'predict run image.npy images.npz', 'data images.npz'];
      const { lines, cut } = onTerminal(width, cwd, ...commands);
      const bars = cut.filter((line) => line.startsWith('training '));
      expect(bars).not.to.be.empty;
      for (const bar of bars) expect(bar).to.match(/ % {2}loss \d+\.\d+ {2}accuracy \d\.\d+/);
      const messages = cut.filter((line) => !bars.includes(line)); // above the bar
      const text = [...messages, ...lines].join(' ');
      expect(text).to.match(/step 300\/300 .*test loss \d\.\d+ accuracy \d\.\d+/);
      for (const part of ['true', 'test accuracy', 'image.npy: ', 'not a PNG or JPEG picture', '300 training images'])
        expect(text).to.include(part);
      for (const line of [...lines, ...cut]) if (!line.includes(cwd)) expect(line.length, line).to.be.at.most(width);
    });

    it(`of ${width} columns gets help and errors that break between words`, () => {
      const { lines } = onTerminal(width, newFolder(), '--help', 'train --help', 'grade --help', 'check no');
      expect(lines.find((line) => line.startsWith("handgrad: check: no layer 'no'"))).to.match(/ \w+,$/);
      for (const line of lines) expect(line.length, line).to.be.at.most(width);
    });

    it(`of ${width} columns gets whole names and numbers when gradients are compared three ways`, () => {
      const { lines } = onTerminal(width, newFolder(), 'check conv2d sequential --shapes 1 --witness autodiff');
      expect(lines.filter((line) => /^(Conv2d|Sequential) .* pass$/.test(line))).to.have.lengthOf(10);
      for (const line of lines) expect(line.length, line).to.be.at.most(width);
      for (const line of lines) expect(line).not.to.include('…');
    });
  }

  // Several commands each: the narrowest terminal is enough.
  it('of 60 columns gets the points and mistakes of coursework', () => {
    const cwd = newFolder();
    const bad =
      'export class ELU { forward(x) { return x; } backward(dout) { return dout; } parameters() { return []; } train() {} eval() {} }';
    writeFileSync(
      join(cwd, 'rubric.json'),
      JSON.stringify({ assignment: 'elu', seed: 'x', tasks: { 'elu.forward': { points: 7 } } }),
    );
    mkdirSync(join(cwd, 'class', 'Doe, Jane', 'src'), { recursive: true });
    writeFileSync(join(cwd, 'class', 'Doe, Jane', 'src', 'elu.ts'), bad);
    const commands = [
      'assignment new elu course',
      'grade course',
      "grade 'class/Doe, Jane' --assignment elu",
      'grade --all class --rubric rubric.json',
    ];
    const { lines, cut } = onTerminal(60, cwd, ...commands);
    for (const part of ['elu.forward', 'not implemented', 'of 15 points', 'negative branch', '1 submission in'])
      expect([...cut, ...lines].join(' ')).to.include(part);
    for (const line of [...lines, ...cut]) if (!line.includes(cwd)) expect(line.length, line).to.be.at.most(60);
  });

  it('of 60 columns gets the progress of an experiment and its table', () => {
    const cwd = newFolder();
    const { lines, cut } = onTerminal(60, cwd, 'experiment table1 --quick --only 1 --seeds 1', 'experiment --help');
    expect([...cut, ...lines].join(' '))
      .to.include('1 of 1 runs done')
      .and.include('published');
    for (const line of [...lines, ...cut]) if (!line.includes(cwd)) expect(line.length, line).to.be.at.most(60);
  });
});
