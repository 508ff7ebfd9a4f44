import { asArray, InputError, type NdArray, type Shape } from '../../array/index.js';
import { csvTable, eachRow, numberIn } from './csv-table.js';

/** What a net takes. */
interface Features {
  /** (D,) */
  sample: Shape;
  /** The names of the features, if they have names. */
  features?: readonly string[];
}

/**
 * The rows of a CSV file as samples of a net that takes features: one number per column, with or without a first line
 * of names. Columns may be separated by commas, semicolons or tabs. If file and net have names, the columns are found
 * by them, in any order, and other columns are left out.
 *
 * @param file the name of the file in an error message
 * @returns (N, D) float64
 * @throws InputError that names the line and the column that does not fit
 */
export function samplesInCsv(text: string, { sample: [D], features }: Features, file: string): NdArray {
  const table = csvTable(text, file);
  const { names, columns, rows } = table;
  const missing = names && features?.filter((name) => !names.includes(name));
  if (missing && missing.length > 0)
    throw new InputError(`${file} has no column '${missing[0]}', which the net takes; it has ${names?.join(', ')}`);
  if (!(names && features) && columns.length !== D)
    throw new InputError(`${file}: expected ${D} columns, as many as the net takes, got ${columns.length}`);
  const wanted = names && features ? features.map((name) => names.indexOf(name)) : columns.map((_, c) => c);
  const values = new Float64Array(rows * D);
  let n = 0;
  eachRow(table, (cells, line) => {
    for (const c of wanted) values[n++] = numberIn(cells[c], table, columns[c], line);
  });
  return asArray(values, [rows, D]); // (N, D)
}
