import type { InspectedStep, InspectReport } from '../jobs/inspect.ts';
import { formatBytes, printable } from './plain-text.ts';
import type { Palette } from './summary-text.ts';

const SHOWN_ROWS = 10;
const SHOWN_COMMAND = 80;

/** Returns the answer of `oslim inspect` for people, without a final newline. */
export function inspectText(report: InspectReport, palette: Palette, { all = false } = {}): string {
  const limit = all ? Number.POSITIVE_INFINITY : SHOWN_ROWS;
  const { source, contents } = report;
  const packages = contents.packages === 0 ? '' : `, ${contents.packages} packages`;
  return [
    `${palette.bold(printable(source.name))} ${palette.dim(source.platform)}`,
    `  ${formatBytes(contents.bytes)} in ${contents.files} files${packages}`,
    ...layerLines(report, palette, all),
    ...section('kinds', palette, report.kinds, Number.POSITIVE_INFINITY, ({ kind, bytes, files }) =>
      sized(bytes, `${kind}  ${palette.dim(`${files} files`)}`),
    ),
    ...section('packages', palette, report.packages, limit, ({ name, version, bytes, files }) => {
      const label = name === '' ? '(no package)' : `${name} ${version ?? ''}`.trimEnd();
      return sized(bytes, `${printable(label)}  ${palette.dim(`${files} files`)}`);
    }),
    ...section('largest files', palette, report.largest, limit, ({ path, bytes }) =>
      sized(bytes, printable(path)),
    ),
    ...wasteLines(report, palette, limit),
    ...riskLines(report, palette),
    ...slimLines(report, palette),
  ].join('\n');
}

function section<Row>(
  title: string,
  palette: Palette,
  rows: readonly Row[],
  limit: number,
  line: (row: Row) => string,
): string[] {
  if (rows.length === 0) return [];
  const more =
    rows.length > limit ? [palette.dim(`             and ${rows.length - limit} more (--all, --json)`)] : [];
  return ['', palette.dim(`  ${title}`), ...rows.slice(0, limit).map(line), ...more];
}

function sized(bytes: number, text: string): string {
  return `  ${formatBytes(bytes).padStart(9)}  ${text}`;
}

/** Steps without a layer (ENV, CMD) are left out unless all is wanted. */
function layerLines({ steps }: InspectReport, palette: Palette, all: boolean): string[] {
  let layer = 0;
  const shown = all ? steps : steps.filter(({ diffId }) => diffId !== undefined);
  return section('layers', palette, shown, Number.POSITIVE_INFINITY, (step) => {
    const hidden =
      step.hiddenBytes === 0 ? '' : palette.yellow(`  ${formatBytes(step.hiddenBytes)} of it hidden`);
    const number = step.diffId === undefined ? '' : `${++layer}`;
    return sized(step.bytes, `${number.padStart(2)}  ${commandText(step, all)}${hidden}`);
  });
}

/** Without what builders write around a command: `/bin/sh -c #(nop) `, `|1 ARG=x /bin/sh -c `, ` # buildkit`. */
function commandText({ command }: InspectedStep, all: boolean): string {
  if (command === '') return '(no command is known)';
  const bare = command
    .replace(/^(?:\|\d+ .*?)?\/bin\/sh -c (?:#\(nop\)\s*)?/, '')
    .replace(/ # buildkit$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const text = printable(bare);
  return all || text.length <= SHOWN_COMMAND ? text : `${text.slice(0, SHOWN_COMMAND - 1)}…`;
}

function wasteLines(
  { hidden, dive, duplicates, steps }: InspectReport,
  palette: Palette,
  limit: number,
): string[] {
  const layers = steps.filter(({ diffId }) => diffId !== undefined);
  const efficiency = `${(100 * dive.efficiency).toFixed(1)} %`;
  return [
    '',
    palette.dim('  waste'),
    sized(hidden.bytes, `in ${hidden.files.length} files that later layers replace or delete`),
    ...hidden.files.slice(0, Math.min(limit, 5)).map(({ path, bytes, how, by }) => {
      const step = layers[by];
      const command = step === undefined ? '' : `: ${commandText(step, false)}`;
      return palette.dim(`    ${sized(bytes, `${printable(path)}, ${how} by layer ${by + 1}${command}`)}`);
    }),
    sized(dive.wastedBytes, `as dive counts it (the versions that stay, too), efficiency ${efficiency}`),
    sized(duplicates.bytes, `in ${duplicates.groups.length} groups of files with the same contents`),
    ...duplicates.groups.slice(0, Math.min(limit, 3)).map(({ bytes, paths }) => {
      const more = paths.length > 2 ? ` and ${paths.length - 2} more` : '';
      return palette.dim(`    ${sized(bytes, `${paths.slice(0, 2).map(printable).join(', ')}${more}`)}`);
    }),
  ];
}

function riskLines({ privileged, shells, packageManagers }: InspectReport, palette: Palette): string[] {
  const list = (paths: readonly string[]) => (paths.length === 0 ? 'none' : paths.map(printable).join(', '));
  return [
    '',
    palette.dim('  what an intruder finds'),
    `  setuid     ${list(privileged.map(({ path, rights }) => (rights.length === 1 && rights[0] === 'setuid' ? path : `${path} (${rights.join(', ')})`)))}`,
    `  shells     ${list(shells)}`,
    `  packages   ${list(packageManagers)}`,
  ];
}

function slimLines({ slim, contents }: InspectReport, palette: Palette): string[] {
  if (slim === undefined) return [];
  const head = ['', palette.dim('  slimmed it would be')];
  if ('error' in slim) return [...head, palette.yellow(`  ${printable(slim.error)}`)];
  const { after, costs, warnings } = slim;
  const ratio = after.bytes === 0 ? 0 : contents.bytes / after.bytes;
  const packages = after.packages === 0 ? '' : `, ${after.packages} packages`;
  const notes = warnings === 0 ? '' : palette.dim(`, ${warnings} notes`);
  return [
    ...head,
    `${sized(after.bytes, `in ${after.files} files${packages}`)}  ${palette.green(`${ratio.toFixed(1)}x smaller`)}${notes}`,
    palette.dim(
      `             ${costs.map(({ detector, bytes }) => `${detector} ${formatBytes(bytes)}`).join(', ')}`,
    ),
  ];
}
