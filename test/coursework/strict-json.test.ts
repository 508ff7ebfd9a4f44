import { expect } from 'chai';
import { parseJson } from '../../src/coursework/strict-json.js';

describe('parseJson', () => {
  it('returns what JSON.parse returns, also after a byte order mark', () => {
    for (const text of [
      '{"a":{"b":1,"c":[{"b":1},{"b":2}]},"b":"a\\"{:,}","":0}',
      '{"a" : "a", "b":"a:", "c":["a","a"]}',
      '[]',
      '3',
      '"a"',
    ]) {
      expect(parseJson(text)).to.deep.equal(JSON.parse(text));
      expect(parseJson(`\ufeff${text}`)).to.deep.equal(JSON.parse(text));
    }
  });

  it('refuses a key that occurs twice in one object, however it is written', () => {
    for (const text of ['{"a":1,"a":1}', '[{"x":{"a":1,"b":{"a":2},"a":3}}]', '{"a":1,"\\u0061" :2}'])
      expect(() => parseJson(text)).to.throw('the key "a" occurs twice in one object');
    expect(() => parseJson('{"a":1,}')).to.throw(SyntaxError);
  });
});
