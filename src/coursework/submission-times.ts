import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { InputError } from '../array/index.js';
import { parseInstant } from './rubric.js';

/**
 * Reads when each submission was submitted, from a CSV file of rows `NAME,2026-10-01T12:00:00Z`, as a spreadsheet
 * writes it: cells may be quoted, and separated by commas, semicolons or tabs.
 *
 * @returns the times by the name of a submission in `grades.csv`
 * @throws InputError that names the row
 */
export function readTimes(path: string): Map<string, Date> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8')
      .replace(/^\ufeff/, '')
      .replace(/\r\n?/g, '\n');
  } catch (cause) {
    throw new InputError(`--times ${path}: cannot read this file`, { cause });
  }
  const { data, errors } = Papa.parse<string[]>(text, {
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', ';', '\t'],
  });
  const problem = errors.find(({ type }) => type === 'Quotes');
  if (problem) throw new InputError(`--times ${path}, row ${(problem.row ?? 0) + 1}: ${problem.message}`);
  const times = new Map<string, Date>();
  for (const [i, [name, time, ...rest]] of data.entries()) {
    const row = `--times ${path}, row ${i + 1}`;
    if (time === undefined || rest.length > 0) throw new InputError(`${row}: expected a name and a time`);
    if (times.has(name)) throw new InputError(`${row}: "${name}" occurs twice; expected one time per submission`);
    times.set(name, parseInstant(row, time.trim()));
  }
  return times;
}
