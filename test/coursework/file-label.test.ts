import { expect } from 'chai';
import { isPlainName, labelOf } from '../../src/coursework/file-label.js';

describe('labelOf', () => {
  it('leaves names that can be read as they are', () => {
    for (const name of ['ada', 'Doe, Jane_123_file', 'Łukasz', 'José', '李明', 'a😀', "o'neill", 'a b', '=1']) {
      expect(labelOf(Buffer.from(name))).to.equal(name);
      expect(isPlainName(Buffer.from(name))).to.equal(true);
    }
  });

  it('writes what is invalid, invisible or separates cells as its number', () => {
    const bytes = (...parts: (string | number)[]) =>
      Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
    expect(labelOf(bytes('a', 0xff, 'b'))).to.equal('a\\xffb');
    expect(labelOf(bytes(0xe2, 0x82))).to.equal('\\xe2\\x82'); // the beginning of a character
    expect(labelOf(bytes(0xc0, 0xaf))).to.equal('\\xc0\\xaf'); // a slash, written too long
    expect(labelOf(bytes('a\u001b[2J\n'))).to.equal('a\\u{1b}[2J\\u{a}');
    expect(labelOf(bytes('a\u200b\u202e\ufeff\u00a0'))).to.equal('a\\u{200b}\\u{202e}\\u{feff}\\u{a0}');
    expect(labelOf(bytes('a;b\\c'))).to.equal('a\\u{3b}b\\u{5c}c');
    expect(isPlainName(bytes('a', 0xff))).to.equal(false);
  });

  it('gives different names different labels of at most 200 bytes', () => {
    const names = [0, 1, 2, 200].flatMap((count) => [
      Buffer.from(`${'a'.repeat(count)}\u200b`),
      Buffer.from(`${'a'.repeat(count)}\\u{200b}`),
      Buffer.concat([Buffer.from('漢'.repeat(count / 4)), Buffer.from([0xff])]),
      Buffer.from(`${'漢'.repeat(count / 4)}\\xff`),
      Buffer.from(`o${'\u0301'.repeat(count / 2)}`),
    ]);
    const labels = names.map(labelOf);
    expect(new Set(labels).size).to.equal(new Set(names.map((name) => name.toString('hex'))).size);
    for (const label of labels) expect(Buffer.byteLength(label)).to.be.at.most(200);
    for (const label of labels) expect(label).not.to.match(/\p{M}{5}/u);
  });
});
