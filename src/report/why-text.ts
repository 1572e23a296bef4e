import type { WhyReport, WhyStep } from '../jobs/why.ts';
import { formatBytes, printable } from './plain-text.ts';
import type { Palette } from './summary-text.ts';

/** Steps behind this one are not indented further. */
const MAX_INDENT = 12;

/** Returns the answer of `oslim why` for people, without a final newline. */
export function whyText(report: WhyReport, palette: Palette): string {
  const lines = [headText(report, palette)];
  for (const chain of report.chains) lines.push('', ...chainLines(chain, palette));
  if (report.isKept && report.hasMore)
    lines.push('', palette.dim(`there are further reasons${report.chains.length > 1 ? '' : ': --all'}`));
  if (!report.isKept) lines.push(...goneLines(report, palette));
  return lines.join('\n');
}

function headText(report: WhyReport, palette: Palette): string {
  const { path, type, bytes, leadsTo, links, isKept, owner } = report;
  const facts = [
    type === undefined ? '' : type === 'symlink' ? linkFact(leadsTo) : type,
    bytes === undefined ? '' : formatBytes(bytes),
    owner === undefined ? '' : `of package ${printable(`${owner.name} ${owner.version}`)}`,
    links.length === 0 ? '' : `through ${links.map(printable).join(', ')}`,
  ].filter((fact) => fact !== '');
  const verdict = isKept
    ? palette.green('is kept')
    : palette.yellow(type === undefined ? 'is not kept' : 'goes');
  const note = facts.length === 0 ? '' : ` ${palette.dim(`(${facts.join(', ')})`)}`;
  return `${palette.bold(printable(path))} ${verdict}${note}`;
}

function linkFact(leadsTo: string | undefined): string {
  return leadsTo === undefined ? 'a link that leads nowhere' : `a link to ${printable(leadsTo)}`;
}

/** `Cmd → /usr/sbin/nginx`, and under it, each a step further in, what led to what. */
function chainLines(chain: readonly WhyStep[], palette: Palette): string[] {
  return chain.map(({ path, reason, links = [] }, at) => {
    const indent = '  '.repeat(Math.min(at, MAX_INDENT));
    const way = [printable(reason.detail), ...links.map(printable), palette.bold(printable(path))];
    const doubt = reason.certainty === 'inferred' ? ', inferred' : '';
    return `  ${indent}${way.join(palette.dim(' → '))}  ${palette.dim(`(${reason.detector}${doubt})`)}`;
  });
}

function goneLines({ wouldKeep, nearMisses }: WhyReport, palette: Palette): string[] {
  const lines: string[] = [];
  if (wouldKeep.length > 0) lines.push('', '  what would keep it');
  for (const { flag, note } of wouldKeep)
    lines.push(`    ${printable(flag)}${note === undefined ? '' : palette.dim(`  ${note}`)}`);
  if (nearMisses.length > 0) lines.push('', '  near misses');
  for (const { message, paths, count } of nearMisses) {
    const more = count > paths.length ? ` and ${count - paths.length} more` : '';
    const names = paths.length === 0 ? '' : `: ${paths.map(printable).join(', ')}${more}`;
    lines.push(`    ${printable(message)}${names}`);
  }
  return lines;
}
