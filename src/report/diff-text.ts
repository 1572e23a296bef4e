import type { DiffCounts, DiffFile, DiffReport, DiffSide } from '../jobs/diff.ts';
import { formatBytes, printable } from './plain-text.ts';
import type { Palette } from './summary-text.ts';

/** Rows of each table unless all are wanted. */
const SHOWN_ROWS = 15;

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** Returns the answer of `oslim diff` for people, without a final newline: tables by package, directory and file. */
export function diffText(report: DiffReport, palette: Palette, { all = false } = {}): string {
  const { before, after, total } = report;
  const limit = all ? Number.POSITIVE_INFINITY : SHOWN_ROWS;
  const largest = [...report.files]
    .filter((file) => all || file.type !== 'directory')
    .sort((a, b) => (all ? 0 : weightOf(b) - weightOf(a)));
  return [
    `${sideText('before', before, palette)}\n${sideText('after', after, palette)}`,
    `  ${countsText(total)}, ${total.same} alike`,
    ...table('package', report.packages, limit, palette, (row) => [
      row.name === '' ? '(no package)' : printable(row.name),
      row,
      versionText(row, palette),
    ]),
    ...table('directory', report.directories, limit, palette, (row) => [printable(row.path), row, '']),
    ...fileTable(largest, limit, palette),
  ].join('\n');
}

function sideText(label: string, side: DiffSide, palette: Palette): string {
  const size = `${formatBytes(side.bytes).padStart(9)}  ${side.files} files`;
  return `  ${label.padEnd(7)} ${size}  ${palette.bold(printable(side.name))} ${palette.dim(side.platform)}`;
}

function versionText(
  row: { readonly before?: string; readonly after?: string; readonly same: number },
  palette: Palette,
): string {
  if (row.before === row.after || row.before === undefined) return palette.dim(printable(row.after ?? ''));
  if (row.after !== undefined) return palette.dim(printable(`${row.before} → ${row.after}`));
  return row.same > 0 ? palette.dim('no longer listed') : palette.dim('gone');
}

function countsText(counts: DiffCounts): string {
  const parts = [
    counts.added === 0 ? '' : `+${counts.added} (${formatBytes(counts.addedBytes)})`,
    counts.removed === 0 ? '' : `-${counts.removed} (${formatBytes(counts.removedBytes)})`,
    counts.changed === 0 ? '' : `~${counts.changed} (${signed(counts.changedBytes)})`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing differs' : parts.join('  ');
}

function signed(bytes: number): string {
  return bytes < 0 ? `-${formatBytes(-bytes)}` : `+${formatBytes(bytes)}`;
}

function table<Row>(
  title: string,
  rows: readonly Row[],
  limit: number,
  palette: Palette,
  cells: (row: Row) => readonly [name: string, counts: DiffCounts, note: string],
): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, limit).map((row) => {
    const [name, counts, note] = cells(row);
    return { name, counts: countsText(counts), note };
  });
  const nameWidth = Math.max(...shown.map(({ name }) => name.length));
  const countsWidth = Math.max(...shown.map(({ counts }) => counts.length));
  return [
    '',
    palette.dim(`  by ${title}`),
    ...shown.map(({ name, counts, note }) =>
      `  ${name.padEnd(nameWidth)}  ${counts.padEnd(countsWidth)}  ${note}`.trimEnd(),
    ),
    ...moreLine(rows.length, limit, palette),
  ];
}

function fileTable(files: readonly DiffFile[], limit: number, palette: Palette): string[] {
  if (files.length === 0) return [];
  const lines = files.slice(0, limit).map(({ path, status, parts, before, after, type }) => {
    const bytes = status === 'added' ? after : status === 'removed' ? before : after - before;
    const size = type === 'file' ? (status === 'changed' ? signed(bytes) : formatBytes(bytes)) : type;
    return `  ${SIGNS[status]} ${size.padStart(10)}  ${printable(path)}${palette.dim(parts === undefined ? '' : `  ${parts.join(', ')}`)}`;
  });
  return ['', palette.dim('  by file'), ...lines, ...moreLine(files.length, limit, palette)];
}

function moreLine(count: number, limit: number, palette: Palette): string[] {
  return count > limit ? [palette.dim(`  and ${count - limit} more (--all, --json)`)] : [];
}

function weightOf({ before, after }: DiffFile): number {
  return Math.max(before, after);
}
