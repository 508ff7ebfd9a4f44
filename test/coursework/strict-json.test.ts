import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readHidden } from '../../src/coursework/hidden-cases.js';
import { readRubric } from '../../src/coursework/rubric.js';
import { parseJson } from '../../src/coursework/strict-json.js';
import { filesOf } from '../../src/coursework/task-files.js';
import { temporaryFolders } from '../support/temporary.js';

describe('parseJson', () => {
  const newFolder = temporaryFolders();

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

  it('reads rubrics and hidden cases, whose errors name the file', () => {
    const folder = newFolder();
    const path = join(folder, 'rubric.json');
    const refused = (text: string, read: () => unknown, sentence: RegExp) => {
      writeFileSync(path, text);
      expect(read).to.throw(sentence);
    };
    const rubric = () => readRubric(path);
    refused('{"assignment":"elu","seed":"a","seed":"b"}', rubric, /rubric\.json: the key "seed" occurs twice/);
    const late = '"late":{"due":"2026-02-30T12:00:00Z","perDay":0.1}';
    refused(
      `{"assignment":"elu","seed":"a",${late}}`,
      rubric,
      /rubric\.json: "due": the day 2026-02-30 does not exist/,
    );
    const hidden = () => readHidden(folder, filesOf('elu'));
    refused('{"task":"elu.forward","sizes":{"N":1,"N":2}}', hidden, /rubric\.json: the key "N" occurs twice/);
    writeFileSync(path, '\ufeff{"assignment":"elu","seed":"a"}');
    expect(readRubric(path).seed).to.equal('a');
  });
});
