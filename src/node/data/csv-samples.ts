import Papa from 'papaparse';
import { asArray, InputError, type NdArray } from '../../array/index.js';

/**
 * The rows of a CSV file as samples of a net that takes features: one number per column, with or without a first line
 * of names. Columns may be separated by commas, semicolons or tabs.
 *
 * @param features D, the number of features that the net takes
 * @param name the name of the file in an error message
 * @returns (N, D) float64
 * @throws InputError that names the line of the first row that does not fit
 */
export function samplesInCsv(text: string, features: number, name: string): NdArray {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' });
  const hasNames = data.length > 0 && data[0].some((cell) => !isNumber(cell));
  const rows = hasNames ? data.slice(1) : data;
  if (rows.length === 0) throw new InputError(`${name} has no rows of numbers`);
  const values = new Float64Array(rows.length * features);
  for (const [n, cells] of rows.entries()) {
    const line = `${name}, row ${n + 1}${hasNames ? ' after the names' : ''}`;
    if (cells.length !== features) {
      throw new InputError(`${line}: expected ${features} columns, as many as the net takes, got ${cells.length}`);
    }
    const wrong = cells.findIndex((cell) => !isNumber(cell));
    if (wrong >= 0) throw new InputError(`${line}, column ${wrong + 1}: expected a number, got '${cells[wrong]}'`);
    values.set(cells.map(Number), n * features);
  }
  return asArray(values, [rows.length, features]); // (N, D)
}

function isNumber(cell: string): boolean {
  return cell.trim() !== '' && Number.isFinite(Number(cell));
}
