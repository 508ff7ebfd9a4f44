import { expect } from 'chai';
import { parsePython } from '../../src/array/python-literal.js';

describe('parsePython', () => {
  it('reads numbers, words, text, tuples, lists and dictionaries, with any spaces and comments', () => {
    expect(parsePython(' -1_000L ')).to.equal(-1000);
    expect(parsePython('(7)')).to.equal(7);
    expect(parsePython('[True, False, None, ]')).to.deep.equal({ kind: 'list', items: [true, false, null] });
    expect(parsePython('()')).to.deep.equal({ kind: 'tuple', items: [] });
    expect(parsePython('(7,)')).to.deep.equal({ kind: 'tuple', items: [7] });
    expect(parsePython(`{u'a' # a comment, 'b'\n : "it's", 'c': 'it\\'s'}\n\n`)).to.deep.equal(
      new Map([
        ['a', "it's"],
        ['c', "it's"],
      ]),
    );
  });

  it('throws a SyntaxError for everything else, however deep', () => {
    const texts = ['', '1 2', '(1 2)', '(,)', '{1}', '{1: 2 3: 4}', "'open", '(1', '1)', 'import os', 'f(1)', '1 + 1'];
    for (const text of [...texts, '('.repeat(100_000), '[('.repeat(50_000)]) {
      expect(() => parsePython(text), text.slice(0, 20)).to.throw(SyntaxError);
    }
  });
});
