import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asArray, InputError, oneHot } from '../../array/index.js';
import { ArraySet } from '../../data/array-set.js';
import { type CsvColumn, type CsvTable, csvTable, eachRow, isMissing, isNumber, numberIn } from './csv-table.js';
import type { LoadOptions, WantedTargets } from './loaded-set.js';
import { dividedPositions, MOST_CLASSES, randomOrder } from './own-images.js';
import { reasonOf } from './system-reason.js';

/** Columns with these names are learned if no other is named. */
const USUAL = ['label', 'class', 'target', 'y'];

/** Which columns of a table are learned, and which are features. */
interface Roles {
  targets: number[];
  features: number[];
}

/** The numbers of a table: its features, and the cells of its targets. */
interface Rows {
  x: Float64Array;
  /** One list per target. */
  cells: string[][];
  lines: number[];
}

/**
 * Reads a CSV file of numbers with one column of classes, or with `task: 'regression'` columns of numbers to learn. A
 * fifth of each class, or of all rows, is for the test. A folder with `train.csv` and `test.csv` is divided already.
 *
 * @throws InputError that names the file, and the line and the column that cannot be used
 */
export async function readCsvSet(
  path: string,
  options: LoadOptions & WantedTargets,
): Promise<{ train: ArraySet; test: ArraySet }> {
  const isFolder = (await stat(path)).isDirectory();
  const table = await tableOf(isFolder ? join(path, 'train.csv') : path);
  const roles = rolesOf(table, options);
  const left = table.columns.length - roles.features.length - roles.targets.length;
  if (left > 0)
    options.onNote?.(
      `${left === 1 ? 'a column' : `${left} columns`} without a name in ${table.file} ${left === 1 ? 'was' : 'were'} left out`,
    );
  const rows = rowsOf(table, roles);
  const classes = options.task === 'regression' ? undefined : classesOf(table, roles, rows, options.target);
  const all = setOf(table, roles, rows, classes);
  if (isFolder) {
    const other = await tableOf(join(path, 'test.csv'));
    assertSameColumns(other, table);
    return { train: all, test: setOf(other, roles, rowsOf(other, roles), classes) };
  }
  const kinds = rows.cells[0].map((cell) => classes?.indexOf(classOf(cell)) ?? 0);
  const parts = dividedPositions(kinds, { path, noun: 'rows' }, options, classes !== undefined);
  return { train: all.chosen(randomOrder(parts.train)), test: all.chosen(parts.test) };
}

async function tableOf(file: string): Promise<CsvTable> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new InputError(`${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  return csvTable(csvText(bytes, file), file);
}

/**
 * The text of a CSV file.
 *
 * @throws InputError for bytes that are not text in UTF-8
 */
export function csvText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`${file} is not a CSV file of text in UTF-8`, { cause });
  }
}

function rolesOf(table: CsvTable, { task, target }: WantedTargets): Roles {
  const targets = target ? namedColumns(table, target) : [usualColumn(table, task)];
  if (task !== 'regression' && targets.length > 1)
    throw new InputError(`--target ${target}: one column holds the classes; several need --loss mse`);
  const features = table.columns.flatMap((_, c) => (targets.includes(c) || table.names?.[c] === '' ? [] : [c]));
  if (features.length === 0) throw new InputError(`${table.file} has no columns except ${titles(table, targets)}`);
  return { targets, features };
}

function namedColumns(table: CsvTable, target: string): number[] {
  const isOne = table.names?.includes(target.trim());
  const found = (isOne ? [target] : target.split(',')).map((text) => {
    const name = text.trim();
    const column = table.names ? table.names.indexOf(name) : Number(name) - 1;
    if (table.columns[column]) return column;
    const own = table.names ? list(table.names) : `${table.columns.length} columns without names, numbered from 1`;
    throw new InputError(`--target ${target}: ${table.file} has no column '${name}'; it has ${own}`);
  });
  return [...new Set(found)];
}

/** The column with a usual name, or for classes the only column of words. */
function usualColumn(table: CsvTable, task: WantedTargets['task']): number {
  const named = (table.names ?? []).flatMap((name, c) => (USUAL.includes(name.toLowerCase()) ? [c] : []));
  const words = table.columns.flatMap(({ numbers, words }, c) => (words > 0 && numbers === 0 ? [c] : []));
  const candidates = named.length === 0 && task !== 'regression' ? words : named;
  if (candidates.length === 1) return candidates[0];
  const own = table.names ? list(table.names) : `the positions 1 to ${table.columns.length}`;
  const found =
    candidates.length > 1 ? `several columns that may be the label: ${titles(table, candidates)}` : 'no label column';
  throw new InputError(`${table.file} has ${found}; name the column to learn with --target: ${own}`);
}

function titles({ columns }: CsvTable, some: readonly number[]): string {
  return list(some.map((c) => columns[c].title));
}

function list(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
}

function rowsOf(table: CsvTable, { targets, features }: Roles): Rows {
  const x = new Float64Array(table.rows * features.length);
  const cells: string[][] = targets.map(() => []);
  const lines: number[] = [];
  let n = 0;
  eachRow(table, (row, line) => {
    for (const c of features) x[n++] = numberIn(row[c], table, table.columns[c], line);
    for (const [m, c] of targets.entries()) {
      if (isMissing(row[c])) numberIn('', table, table.columns[c], line);
      cells[m].push(row[c]);
    }
    lines.push(line);
  });
  return { x, cells, lines };
}

/** The classes in a column of labels, numbers by value and words by name. */
function classesOf(table: CsvTable, { targets }: Roles, { cells, lines }: Rows, target?: string | null): string[] {
  const labels = cells[0];
  const column = table.columns[targets[0]];
  const where = `${table.file}, ${column.title}`;
  if (column.words === 0) {
    const row = labels.findIndex((cell) => !Number.isInteger(Number(cell)));
    if (row >= 0)
      throw new InputError(
        `${table.file}, line ${lines[row]}, ${column.title}: ${labels[row].trim()} is not a class; --loss mse learns numbers`,
      );
  }
  const classes = [...new Set(labels.map(classOf))];
  if (classes.length === 1) throw new InputError(`${where} has only one class, ${classes[0]}; expected two or more`);
  const other = target ? '' : '; --target names another column';
  if (classes.length === labels.length)
    throw new InputError(
      `${where} has a class of its own for each of the ${labels.length} rows: it is not a label${other}`,
    );
  if (classes.length > MOST_CLASSES)
    throw new InputError(`${where} has ${classes.length} classes; expected from 2 to ${MOST_CLASSES}${other}`);
  return column.words === 0 ? classes.sort((a, b) => Number(a) - Number(b)) : classes.sort();
}

/** The name of a class: its cell, with one spelling for each number. */
function classOf(cell: string): string {
  return isNumber(cell) ? String(Number(cell)) : cell.trim();
}

function setOf(
  table: CsvTable,
  { targets, features }: Roles,
  rows: Rows,
  classes: readonly string[] | undefined,
): ArraySet {
  const { x, cells, lines } = rows;
  const N = lines.length;
  const nameOf = (c: number) => table.names?.[c] || table.columns[c].title;
  const base = {
    x: asArray(x, [N, features.length]), // (N, D)
    ...(table.names && { featureNames: features.map(nameOf) }),
  };
  if (classes) {
    const labels = cells[0].map((cell, n) => labelIn(cell, classes, table, table.columns[targets[0]], lines[n]));
    return new ArraySet({ ...base, targets: oneHot(labels, classes.length), classNames: classes });
  }
  const numbers = new Float64Array(N * targets.length);
  for (let n = 0; n < N; n++)
    for (const [m, c] of targets.entries())
      numbers[n * targets.length + m] = numberIn(cells[m][n], table, table.columns[c], lines[n]);
  return new ArraySet({ ...base, targets: asArray(numbers, [N, targets.length]), targetNames: targets.map(nameOf) });
}

function labelIn(cell: string, classes: readonly string[], table: CsvTable, column: CsvColumn, line: number): number {
  const label = classes.indexOf(classOf(cell));
  if (label >= 0) return label;
  throw new InputError(`${table.file}, line ${line}, ${column.title}: there is no class ${classOf(cell)} in train.csv`);
}

function assertSameColumns(other: CsvTable, table: CsvTable): void {
  const own = (each: CsvTable) => String(each.names ?? each.columns.length);
  if (own(other) === own(table)) return;
  const text = ({ names, columns }: CsvTable) => (names ? list(names) : `${columns.length} columns without names`);
  throw new InputError(`${other.file} has other columns than train.csv: ${text(other)}, not ${text(table)}`);
}
