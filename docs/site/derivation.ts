import type { Row } from './cut.js';

/** The bold words at the start of a part of a derivation. */
const LEAD = /^\*\*([^*]+)\*\*/;

/** A comment cut into its parts: paragraphs from one bold beginning to the next. */
export function partsOf(prose: string): { lead: string; text: string }[] {
  const parts = [{ lead: '', text: '' }];
  for (const paragraph of prose.split(/\n\n+/)) {
    const lead = LEAD.exec(paragraph)?.[1];
    if (lead === undefined) parts[parts.length - 1].text += `${paragraph}\n\n`;
    else parts.push({ lead, text: `${paragraph}\n\n` });
  }
  return parts.map(({ lead, text }) => ({ lead, text: text.trimEnd() }));
}

/**
 * Puts each part of the derivation of a class next to the method that it derives: "Forward" next to `forward`,
 * "Backward, input" next to `backward`, "Backward, parameters" next to `accumulateGradients`, the moments of an
 * optimizer next to `step`. The order of the prose stays the same.
 */
export function besideMethods(rows: readonly Row[]): Row[] {
  const out = rows.map((row) => ({ ...row }));
  for (const [h, head] of out.entries()) {
    if (head.kind !== 'head') continue;
    const members: Row[] = [];
    for (let i = h + 1; out[i]?.kind === 'member'; i++) members.push(out[i]);
    const [intro, ...parts] = partsOf(head.prose);
    const main = members.find(({ name }) => name === 'step');
    let target: Row | undefined;
    const given = new Map<Row, string[]>();
    const kept = [intro.text];
    for (const { lead, text } of parts) {
      const wanted = lead
        .toLowerCase()
        .replace(/[^a-z]+/g, ' ')
        .trim()
        .split(' ');
      const method = wanted[1] === 'parameters' ? 'accumulategradients' : wanted[0];
      const found = members.find(({ name }) => method === name.toLowerCase());
      target = found ?? target ?? main;
      if (target) given.set(target, [...(given.get(target) ?? []), text]);
      else kept.push(text);
    }
    head.prose = kept.join('\n\n');
    for (const [row, texts] of given) row.prose = [...texts, row.prose].filter(Boolean).join('\n\n');
  }
  return out;
}
