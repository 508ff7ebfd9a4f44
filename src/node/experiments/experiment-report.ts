import { join } from 'node:path';
import { escapeHtml, htmlPage, htmlTable, markdownTable, type Section } from '../plots/page.js';
import { writeWhole } from '../runs/run-folder.js';
import { type Claim, claimsCells } from './claims.js';
import type { ExperimentReport, ReportContext } from './experiment.js';

/** The names of report files. */
export const REPORT_FILES = { markdown: 'report.md', page: 'index.html' } as const;

/** A part of a report: a heading, a paragraph in Markdown, a table with a header, a figure, or a command. */
export type ReportPart =
  | { heading: string }
  | string
  | readonly (readonly string[])[]
  | { file: string; alt: string; svg: string | Promise<string> }
  | { command: string };

/** A report that judges claims. */
export interface ClaimsReport {
  title: string;
  /** The parts before the claims and after them. */
  setup: readonly ReportPart[];
  claims: readonly Claim[];
  parts: readonly ReportPart[];
}

/**
 * Writes the report of an experiment that judges claims, unless there is no result.
 *
 * @param summaries what `--json` prints of each result, by its key in the document
 */
export async function claimsReport(
  summaries: { runs: readonly object[] } | { parts: readonly object[] },
  { out, warning }: ReportContext,
  report: () => ClaimsReport,
): Promise<ExperimentReport> {
  const [results] = Object.values(summaries);
  if (results.length === 0) return { document: { figures: null, ...summaries } };
  const { title, setup, claims, parts } = report();
  const judged = [...setup, { heading: 'Claims' }, claimsCells(claims, warning === ''), ...parts];
  const files = await writeReport(out, title, warning, judged);
  return { files, document: { figures: { claims }, ...summaries } };
}

/**
 * Writes the figures of a report, its Markdown, and if wanted a page that contains all of it.
 *
 * @param warning a sentence for the top of the report; empty for a full run
 * @returns the files to open
 */
export async function writeReport(
  out: string,
  title: string,
  warning: string,
  parts: readonly ReportPart[],
  { page = false } = {},
): Promise<{ report: string; page?: string }> {
  const texts = [`# ${title}`, ...(warning ? [`**${warning}**`] : [])];
  const sections: Section[] = [{ html: warning && `<p><strong>${escapeHtml(warning)}</strong></p>` }];
  for (const part of parts) {
    const { markdown, html } = await written(part, out);
    texts.push(markdown);
    if (typeof part === 'object' && 'heading' in part) sections.push({ heading: part.heading, html: '' });
    else sections[sections.length - 1].html += `${html}\n`;
  }
  await writeWhole(join(out, REPORT_FILES.markdown), `${texts.join('\n\n')}\n`);
  if (!page) return { report: REPORT_FILES.markdown };
  await writeWhole(join(out, REPORT_FILES.page), htmlPage(title, sections));
  return { report: REPORT_FILES.markdown, page: REPORT_FILES.page };
}

/** A part in both formats. The file of a figure is written. */
async function written(part: ReportPart, out: string): Promise<{ markdown: string; html: string }> {
  if (typeof part === 'string') return { markdown: part, html: `<p>${escapeHtml(part)}</p>` };
  if ('heading' in part) return { markdown: `## ${part.heading}`, html: '' };
  if ('command' in part)
    return { markdown: `\`\`\`\n${part.command}\n\`\`\``, html: `<pre>${escapeHtml(part.command)}</pre>` };
  if ('file' in part) {
    const svg = await part.svg;
    await writeWhole(join(out, part.file), svg);
    return { markdown: `![${part.alt}](${part.file})`, html: svg };
  }
  return { markdown: markdownTable(part), html: htmlTable(part) };
}

/** `blas on 1 thread, 2 runs side by side`, for each way in which results were computed. */
export function enginesText(computed: readonly { engine: string; threads: number; jobs?: number }[]): string {
  const texts = computed.map(({ engine, threads, jobs = 1 }) => {
    const sideBySide = jobs > 1 ? `, ${jobs} runs side by side` : '';
    return `${engine} on ${threads} thread${threads === 1 ? '' : 's'}${sideBySide}`;
  });
  return [...new Set(texts)].join('; ');
}

/** `batch norm`, or `no norm`. */
export function normName(norm: string): string {
  return norm === 'none' ? 'no norm' : `${norm} norm`;
}
