import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { NOTEBOOKS } from '../../docs/site/contents.js';
import { givenCode, hiddenSolution, isExercise, SOLVED, solvedCode, UNSOLVED } from '../../notebooks/exercise.js';
import { compared, verdict } from '../../notebooks/grade.js';
import { type Cell, type Notebook, notebookOf } from '../../notebooks/notebook.js';
import { array, NotImplementedError } from '../../src/index.js';

const FOLDER = fileURLToPath(new URL('../../notebooks/', import.meta.url));
const names = readdirSync(join(FOLDER, 'text')).map((name) => name.replace(/\.md$/, ''));

const WRITE = `class A {
  f() {
    // TODO: 3
    // --- solution of A.f
    const three = 3;
    return three;
    // --- end
  }
}
`;
const REPAIR = `// --- given
let x = 1; // wrong
// --- solution
let x = 2;
// --- end
`;

describe('the exercises of the notebooks', () => {
  it('have a version for students, one with the solution, and a solution that is folded', () => {
    expect(givenCode(WRITE)).to.equal(
      "class A {\n  f() {\n    // TODO: 3\n    throw new NotImplementedError('A.f');\n  }\n}\n",
    );
    expect(solvedCode(WRITE)).to.equal(
      'class A {\n  f() {\n    // TODO: 3\n    const three = 3;\n    return three;\n  }\n}\n',
    );
    expect(hiddenSolution(WRITE)).to.equal(
      '<details><summary>Solution</summary>\n\n```typescript\n// A.f\nconst three = 3;\nreturn three;\n```\n\n</details>',
    );
    expect(givenCode(REPAIR)).to.equal('let x = 1; // wrong\n');
    expect(solvedCode(REPAIR)).to.equal('let x = 2;\n');
    expect(isExercise('let x = 1;\n')).to.equal(false);
  });

  it('are in every notebook, which is stored as students get it: no solution in a cell, no error, a verdict that is not passed', () => {
    expect(names.length).to.equal(9);
    for (const name of names) {
      const stored: Notebook = JSON.parse(readFileSync(join(FOLDER, `${name}.ipynb`), 'utf8'));
      const text = readFileSync(join(FOLDER, 'text', `${name}.md`), 'utf8');
      const sources = ({ cells }: Notebook) => cells.map(({ source }) => source.join(''));
      expect(sources(stored), name).to.deep.equal(sources(notebookOf(text)));
      expect(sources(stored).join()).not.to.include('// ---');
      const graded = stored.cells.filter(
        ({ cell_type, source }) => cell_type === 'code' && /^ *grade\(/m.test(source.join('')),
      );
      expect(graded.length, name).to.be.at.least(2);
      for (const cell of graded)
        expect(said(cell), name)
          .to.match(UNSOLVED)
          .and.not.to.match(/is not a function/);
      const outputs = stored.cells.flatMap(({ outputs = [] }) => outputs);
      expect(outputs.filter(({ output_type }) => output_type === 'error')).to.deep.equal([]);
      expect(stored.cells.filter(({ source }) => /<summary>Solution/.test(source.join(''))).length).to.be.at.least(2);
    }
  });

  it('are on the site, which lists every notebook', () => {
    expect(NOTEBOOKS.map(({ file }) => file)).to.deep.equal(names.sort().map((name) => `notebooks/${name}.ipynb`));
  });

  it('are judged in words that --check and --solve tell apart', () => {
    const right = array([1, 2], 'float64');
    for (const sentence of [compared('dx', right, right), verdict('3', true), 'Linear: dx of shape (3,) passes; worst'])
      expect(sentence).to.match(SOLVED).and.not.to.match(UNSOLVED);
    for (const sentence of [
      compared('dx', array([1, 2.1], 'float64'), right),
      compared('dx', array([1, Number.NaN], 'float64'), right),
      compared('dx', array([1, 2, 3], 'float64'), right),
      verdict('4', false),
      `TODO: ${new NotImplementedError('A.f').message}`,
    ]) {
      expect(sentence).to.match(UNSOLVED);
    }
  });
});

function said({ outputs = [] }: Cell): string {
  return outputs.map(({ text = '' }) => [text].flat().join('')).join('');
}
