import Papa from 'papaparse';
import { InputError } from '../../array/index.js';

/** What a first pass over a CSV file finds: which columns there are, and what they hold. */
export interface CsvTable {
  /** What the file is called in an error message. */
  file: string;
  /** The names of the columns, or undefined if the first line has none. A column may have an empty name. */
  names?: readonly string[];
  columns: readonly CsvColumn[];
  /** The number of rows, without the names. */
  rows: number;
  text: string;
}

/** A column of a CSV file. */
export interface CsvColumn {
  /** `column 'age'`, or `column 3` if it has no name. */
  title: string;
  /** The number of its cells that are numbers. */
  numbers: number;
  /** The number of its cells that are neither numbers nor missing. */
  words: number;
}

/** Texts that stand for a missing value in files of R, pandas and spreadsheets. */
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);

/**
 * Finds the columns of a CSV file: separated by commas, semicolons or tabs, with or without a first line of names. The
 * first line has names if none of its cells is a number, or if one of them is a word above numbers.
 *
 * @throws InputError for a file without rows, or a line with another number of columns
 */
export function csvTable(text: string, file: string): CsvTable {
  const begin: string[][] = [];
  const counts: { numbers: number; words: number }[] = [];
  let rows = 0;
  eachLine(text, file, (cells, line) => {
    if (begin.length < 2) begin.push(cells);
    const [first] = begin;
    if (cells.length !== first.length)
      throw new InputError(
        `${file}, line ${line}: expected ${first.length === 1 ? '1 column' : `${first.length} columns`}, as in the first line, got ${cells.length}`,
      );
    for (let c = 0; c < cells.length; c++) {
      counts[c] ??= { numbers: 0, words: 0 };
      if (isNumber(cells[c])) counts[c].numbers++;
      else if (!isMissing(cells[c])) counts[c].words++;
    }
    rows++;
  });
  const [first, second] = begin;
  if (!first) throw new InputError(`${file} is empty`);
  const names = haveNames(first, second) ? first.map((cell) => cell.trim()) : undefined;
  if (names) {
    rows--;
    for (const [c, name] of names.entries()) if (!isMissing(name)) counts[c].words--;
    const twice = names.find((name, c) => name !== '' && names.indexOf(name) !== c);
    if (twice !== undefined) throw new InputError(`${file} has two columns named '${twice}'`);
  }
  if (rows === 0) throw new InputError(`${file} has no rows below the names of its columns`);
  const columns = counts.map((count, c) => ({
    ...count,
    title: names?.[c] ? `column '${names[c]}'` : `column ${c + 1}`,
  }));
  return { file, names, columns, rows, text };
}

function haveNames(first: readonly string[], second: readonly string[] | undefined): boolean {
  if (first.every((cell) => !isNumber(cell))) return true;
  return first.some((cell, c) => !isNumber(cell) && !isMissing(cell) && second !== undefined && isNumber(second[c]));
}

/** Calls a function with the cells of each row and its line in the file. */
export function eachRow({ text, file, names }: CsvTable, row: (cells: readonly string[], line: number) => void): void {
  let isFirst = true;
  eachLine(text, file, (cells, line) => {
    if (isFirst && names) isFirst = false;
    else row(cells, line);
  });
}

/**
 * The number in a cell.
 *
 * @throws InputError that names line and column
 */
export function numberIn(cell: string, { file }: CsvTable, { title }: CsvColumn, line: number): number {
  if (isNumber(cell)) return Number(cell);
  const where = `${file}, line ${line}, ${title}`;
  if (isMissing(cell))
    throw new InputError(`${where}: the value is missing; leave out such rows, or fill in a number such as the mean`);
  const hint = /^\s*[-+]?\d+,\d+\s*$/.test(cell) ? ', with a decimal point' : '';
  throw new InputError(`${where}: expected a number${hint}, got '${cell.trim()}'`);
}

export function isNumber(cell: string): boolean {
  return cell.trim() !== '' && Number.isFinite(Number(cell));
}

export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase());
}

/** Calls a function with the cells of each line that is not blank, and the number of the line. */
function eachLine(text: string, file: string, use: (cells: string[], line: number) => void): void {
  let line = 1;
  let thrown: unknown;
  const isQuoted = text.includes('"'); // only a quoted cell can go over several lines
  Papa.parse<string[]>(text.replace(/^\ufeff/, ''), {
    step({ data, errors }, parser) {
      try {
        const [problem] = errors.filter(({ type }) => type === 'Quotes');
        if (problem) throw new InputError(`${file}, line ${line}: a quotation mark is not closed, or text follows it`);
        if (data.some((cell) => cell.trim() !== '')) use(data, line);
        line += isQuoted ? 1 + linesIn(data) : 1;
      } catch (error) {
        thrown = error;
        parser.abort();
      }
    },
  });
  if (thrown !== undefined) throw thrown;
}

/** The number of line breaks inside the cells of a row. */
function linesIn(cells: readonly string[]): number {
  return cells.join().match(/\r\n|\n|\r/g)?.length ?? 0;
}
