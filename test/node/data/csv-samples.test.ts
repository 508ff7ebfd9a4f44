import { expect } from 'chai';
import { InputError, toNested } from '../../../src/array/index.js';
import { samplesInCsv } from '../../../src/node/data/csv-samples.js';

describe('samplesInCsv', () => {
  const rows = [
    [1, -2.5, 3e-7],
    [4, 5, 6],
  ];

  it('reads rows of numbers, with or without names, separated by commas, semicolons or tabs', () => {
    for (const text of [
      '1,-2.5,3e-7\n4,5,6\n',
      'length,width,"of it, all"\r\n1,-2.5,3e-7\r\n\r\n4,5,6',
      '\ufeffa;b;c\n1;-2.5;3e-7\n4;5;6',
      '1\t-2.5\t3e-7\n 4\t5\t6',
    ])
      expect(toNested(samplesInCsv(text, 3, 'x'))).to.deep.equal(rows);
  });

  it('names the row and the column of what does not fit', () => {
    for (const [text, message] of [
      ['', 'x has no rows of numbers'],
      ['a,b,c\n', 'x has no rows of numbers'],
      ['1,2,3\n1,2', 'x, row 2: expected 3 columns, as many as the net takes, got 2'],
      ['a,b,c\n1,2,3,4', 'x, row 1 after the names: expected 3 columns, as many as the net takes, got 4'],
      ['1,2,3\n1,?,3', "x, row 2, column 2: expected a number, got '?'"],
      ['1,2,3\n1,,3', "x, row 2, column 2: expected a number, got ''"],
      ['1,2,3\n1,Infinity,3', "x, row 2, column 2: expected a number, got 'Infinity'"],
    ])
      expect(() => samplesInCsv(text, 3, 'x')).to.throw(InputError, message);
  });
});
