import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseInstant } from '../../src/coursework/rubric.js';
import { readTimes } from '../../src/coursework/submission-times.js';
import { errorOf, temporaryFolders } from '../support/temporary.js';

describe('readTimes', () => {
  const newFolder = temporaryFolders();
  const read = (text: string) => {
    const path = join(newFolder(), 'times.csv');
    writeFileSync(path, text);
    return readTimes(path);
  };

  it('reads what spreadsheets write: a byte order mark, quotes, other separators and line ends', () => {
    const noon = new Date('2026-10-01T12:00:00Z');
    for (const [separator, end] of [
      [',', '\n'],
      [';', '\r\n'],
      ['\t', '\r'],
    ]) {
      const rows = ['"Doe, Jane ""JD"""', 'ada', 'x y'].map((name) => `${name}${separator}2026-10-01T12:00:00Z${end}`);
      const times = read(`\ufeff${rows.join('')}${end}`);
      expect([...times]).to.deep.equal([
        ['Doe, Jane "JD"', noon],
        ['ada', noon],
        ['x y', noon],
      ]);
    }
  });

  it('refuses a name that occurs twice, a row without a time, and an open quote, and names the row', async () => {
    for (const [text, sentence] of [
      ['a,2026-10-01T12:00:00Z\n"a",2026-10-02T12:00:00Z\n', /row 2: "a" occurs twice/],
      ['a,2026-10-01T12:00:00Z\nb\n', /row 2: expected a name and a time/],
      ['Doe, Jane,2026-10-01T12:00:00Z\n', /row 1: expected a name and a time/],
      ['a,2026-10-01T12:00:00Z\n"b,2026-10-01T12:00:00Z\n', /row 2: /],
      ['a,2026-02-30T12:00:00Z\n', /row 1: the day 2026-02-30 does not exist/],
      ['a,yesterday\n', /row 1 must be a time with a time zone/],
    ] as const) {
      expect((await errorOf(() => read(text))).message).to.match(sentence);
    }
  });
});

describe('parseInstant', () => {
  it('takes times with a time zone, on days that exist', () => {
    expect(parseInstant('t', '2024-02-29T12:00Z').getTime()).to.equal(Date.UTC(2024, 1, 29, 12));
    expect(parseInstant('t', '2026-10-01T01:30:00.5+0200').getTime()).to.equal(Date.UTC(2026, 8, 30, 23, 30, 0, 500));
    for (const text of ['2026-02-29T12:00:00Z', '2026-04-31T12:00:00+02:00', '2100-02-29T00:00:00Z'])
      expect(() => parseInstant('t', text)).to.throw(`t: the day ${text.slice(0, 10)} does not exist`);
    for (const text of ['2026-13-01T12:00:00Z', '2026-01-32T12:00:00Z', '2026-01-01T25:00:00Z', '2026-01-01T12:00', 3])
      expect(() => parseInstant('t', text)).to.throw('t must be a time with a time zone');
    expect(() => parseInstant('t', '2026-10-01T12:00 and more Z')).to.throw('t must be a time with a time zone');
  });
});
