import type { GradedSubmission } from '../grade-all.js';
import { type GradeReport, mistakesOf, rounded } from '../grading/grade-report.js';
import { firstOf, oneLine } from '../plain-text.js';
import { amount } from './text-report.js';

/** The results of a class: a CSV file and an HTML page. */

/** One row per submission, one column per task. */
export function csvOf(graded: readonly GradedSubmission[]): string {
  const ids = [...new Set(graded.flatMap(({ report }) => report.tasks.map(({ id }) => id)))];
  const header = ['submission', 'score', 'points', ...ids, 'hours late', 'remarks'];
  const rows = graded.map(({ name, report }) => {
    const scores = ids.map((id) => report.tasks.find((task) => task.id === id)?.score ?? 0).map(rounded);
    return [name, report.score, report.points, ...scores, report.late?.hours ?? 0, remarksOf(report)];
  });
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** The characters of a submission's remarks in a table. Its own report has all of them. */
const MOST = 500;

function remarksOf({ remarks, hints }: GradeReport): string {
  return oneLine([...remarks, ...hints].join(' / '), MOST);
}

/**
 * A cell that stays one cell in every spreadsheet. A text that begins like a formula, or like such a text, gets a `'`.
 * A semicolon separates cells in many countries, so texts have none; names write it as `\u{3b}`.
 */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = value.replaceAll(';', ',');
  const plain = /^\s*['=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The mistakes of a class, most common first. */
export function commonMistakes(graded: readonly GradedSubmission[]): [mistake: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { report } of graded) {
    for (const task of report.tasks) {
      for (const mistake of mistakesOf(task)) {
        const name = `${task.id}, ${mistake}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

/**
 * The page: the distribution of scores, the most common mistakes, and all scores.
 *
 * @param strays the entries of the folder that are not submissions
 */
export function pageOf(graded: readonly GradedSubmission[], strays: readonly string[]): string {
  const shares = graded.map(({ report }) => shareOf(report));
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const median = [...shares].sort((a, b) => a - b)[Math.floor(shares.length / 2)];
  const mistakes = commonMistakes(graded).slice(0, 25);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The class</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}
td,th{padding:.1rem .8rem .1rem 0;text-align:left}td{overflow-wrap:anywhere}td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}svg{max-width:100%}</style>
<h1>${graded.length} submissions</h1>
<p>Mean ${percent(mean)}, median ${percent(median)}, full score ${shares.filter((share) => share === 1).length}, no points ${shares.filter((share) => share === 0).length}.</p>
${histogram(shares)}
<h2>The most common mistakes</h2>
<table>${mistakes.map(([name, count]) => `<tr><td class="n">${count}<td>${html(name)}`).join('\n')}</table>
<h2>All submissions</h2>
<table><tr><th>submission<th>score<th>remarks
${graded.map(({ name, report }) => `<tr><td>${html(name)}<td class="n">${amount(report.score)} of ${amount(report.points)}<td>${html(remarksOf(report))}`).join('\n')}</table>
${strays.length > 0 ? `<p>Not submissions: ${html(firstOf(strays, 100).join(', '))}.</p>\n` : ''}</html>
`;
}

function shareOf({ score, points }: GradeReport): number {
  return points > 0 ? score / points : 0;
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** A histogram of ten bars. */
function histogram(shares: readonly number[]): string {
  const counts = Array.from(
    { length: 10 },
    (_, i) => shares.filter((share) => Math.min(9, Math.floor(10 * share)) === i).length,
  );
  const highest = Math.max(...counts);
  const bars = counts.map((count, i) => {
    const height = (120 * count) / highest;
    return `<rect x="${60 * i + 4}" y="${140 - height}" width="52" height="${height}" fill="#4269d0"/><text x="${60 * i + 30}" y="${134 - height}">${count}</text><text x="${60 * i + 30}" y="158">${10 * i}–${10 * i + 10} %</text>`;
  });
  return `<svg viewBox="0 0 600 165" width="600" role="img" aria-label="distribution of scores" font-size="12" text-anchor="middle">${bars.join('')}</svg>`;
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
