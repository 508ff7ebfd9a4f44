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
      expect(toNested(samplesInCsv(text, { sample: [3] }, 'x'))).to.deep.equal(rows);
  });

  it('finds the columns of a net with names by their names, in any order and among others', () => {
    const net = { sample: [2], features: ['width', 'length'] };
    const text = 'length,species,width\n1,rose,2\n3,"tulip, red",4\n';
    expect(toNested(samplesInCsv(text, net, 'x'))).to.deep.equal([
      [2, 1],
      [4, 3],
    ]);
    expect(() => samplesInCsv('length,height\n1,2', net, 'x')).to.throw(
      InputError,
      "x has no column 'width', which the net takes; it has length, height",
    );
    expect(toNested(samplesInCsv('1,2', net, 'x'))).to.deep.equal([[1, 2]]); // no names: by position
  });

  it('names the line and the column of what does not fit', () => {
    for (const [text, message] of [
      ['', 'x is empty'],
      ['a,b,c\n', 'x has no rows below the names of its columns'],
      ['1,2,3\n1,2', 'x, line 2: expected 3 columns, as in the first line, got 2'],
      ['a,b,c,d\n1,2,3,4', 'x: expected 3 columns, as many as the net takes, got 4'],
      ['1,2,3\n\n1,?,3', 'x, line 3, column 2: the value is missing'],
      ['1,2,3\n1,,3', 'x, line 2, column 2: the value is missing'],
      ['a,"b\nc",d\n1,Infinity,3', "x, line 3, column 'b\nc': expected a number, got 'Infinity'"],
      ['1;2;3\n1;2,5;3', "x, line 2, column 2: expected a number, with a decimal point, got '2,5'"],
      ['a,b,a\n1,2,3', "x has two columns named 'a'"],
      ['1,2,"3\n1,2,3', 'x, line 1: a quotation mark is not closed'],
    ])
      expect(() => samplesInCsv(text, { sample: [3] }, 'x'), text).to.throw(InputError, message);
  });
});
