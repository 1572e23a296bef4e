import type { VerifyReport } from '../jobs/verify.ts';
import type { Finding } from '../trace/checks/finding.ts';
import { printable } from './plain-text.ts';
import type { Palette } from './summary-text.ts';

/** Notes that are shown before they are only counted. */
const SHOWN_NOTES = 10;

/** Returns the answer of `oslim verify` for people, without a final newline: each finding one line, and under it what to do. */
export function verifyText(report: VerifyReport, palette: Palette): string {
  const { findings, notes, checked, source, against } = report;
  const lines = [palette.bold(printable(source.name))];
  for (const finding of findings) lines.push(...findingLines(finding, palette));
  for (const { message } of notes.slice(0, SHOWN_NOTES))
    lines.push(palette.dim(`  note    ${printable(message)}`));
  if (notes.length > SHOWN_NOTES)
    lines.push(palette.dim(`  note    and ${notes.length - SHOWN_NOTES} more (--json lists all)`));
  const counts = [
    plural(checked.layers, 'layer'),
    plural(checked.programs, 'program'),
    `${checked.libraries} librar${checked.libraries === 1 ? 'y' : 'ies'} that programs open`,
    ...(checked.files === undefined ? [] : [`${plural(checked.files, 'path')} as in ${against?.name ?? ''}`]),
  ];
  const verdict =
    findings.length === 0 ? palette.green('no findings') : palette.yellow(plural(findings.length, 'finding'));
  lines.push(`  ${verdict} ${palette.dim(`(${printable(counts.join(', '))})`)}`);
  return lines.join('\n');
}

function findingLines({ code, message, advice }: Finding, palette: Palette): string[] {
  return [
    `  ${palette.yellow(code.toLowerCase().replaceAll('_', '-'))}: ${printable(message)}`,
    palette.dim(`    ${printable(advice)}`),
  ];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
