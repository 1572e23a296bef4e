import { formatPlatform } from '../oci/platform.ts';
import type { Contents, SlimIndexResult, SlimOutcome, SlimResult, UnchangedResult } from '../slim-result.ts';
import type { Warning } from '../warnings.ts';
import { formatBytes, printable } from './plain-text.ts';
import { policyText } from './policy-text.ts';

export { formatBytes, printable } from './plain-text.ts';

/** How many warnings of one kind a summary shows before it only counts them. */
const SHOWN_WARNINGS = 6;

/** Colours the words of a text; the identity where colour is not wanted. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Returns the closing summary of a job for people, without a final newline. */
export function outcomeText(outcome: SlimOutcome, palette: Palette): string {
  switch (outcome.kind) {
    case 'image':
      return summaryText(outcome.result, palette);
    case 'index':
      return indexText(outcome.result, palette);
    case 'unchanged':
      return unchangedText(outcome.result, palette);
  }
}

/** Returns the closing summary of slimming one image, without a final newline. */
export function summaryText(result: SlimResult, palette: Palette): string {
  return [...imageLines(result, palette), ...placeLines(result, palette)].join('\n');
}

function indexText(result: SlimIndexResult, palette: Palette): string {
  const lines = result.platforms.flatMap((image) => imageLines(image, palette));
  lines.push(`${palette.bold(printable(result.name))} ${palette.dim('all platforms')}`);
  lines.push(`  index   ${result.indexDigest}`);
  if (result.lockDifferences !== undefined) {
    const ofIndex = policyText({ kind: 'index', result: { ...result, platforms: [] } });
    lines.push(...ofIndex.map((line) => palette.yellow(`  policy  ${line}`)));
  }
  lines.push(...warningLines(result.warnings, palette));
  return [...lines, ...placeLines(result, palette)].join('\n');
}

function unchangedText(result: UnchangedResult, palette: Palette): string {
  const { source, name, places } = result;
  const lines = [
    palette.bold(printable(source.name)),
    `  unchanged: same source, same version, same options; nothing was done`,
    ...policyLines({ kind: 'unchanged', result }, palette),
    ...places.map((place) => `  there   ${printable(place)} ${palette.dim(`as ${printable(name)}`)}`),
  ];
  return lines.join('\n');
}

function imageLines(result: SlimResult, palette: Palette): string[] {
  return [
    `${palette.bold(printable(result.source.name))} ${palette.dim(formatPlatform(result.source.platform))}`,
    ...sizeLines(result, palette),
    `  kept    ${costsText(result)}`,
    ...largestText(result, palette),
    `  image   ${result.imageId}`,
    ...policyLines({ kind: 'image', result }, palette),
    ...warningLines(result.warnings, palette),
  ];
}

function policyLines(outcome: SlimOutcome, palette: Palette): string[] {
  return policyText(outcome).map((line) => palette.yellow(`  policy  ${line}`));
}

function placeLines(
  {
    written,
    sideFiles,
    name,
    lockDifferences,
  }: Pick<SlimResult, 'written' | 'sideFiles' | 'name' | 'lockDifferences'>,
  palette: Palette,
): string[] {
  if (lockDifferences !== undefined) return [palette.dim('  nothing was written: the frozen lock differs')];
  const files = sideFiles.map((file) => `  wrote   ${printable(file)}`);
  if (written.length === 0)
    return [...files, palette.dim('  no image was written: give -o FILE, --push REF or --load')];
  return [...written.map((place) => `  wrote   ${printable(place)} ${palette.dim(`as ${name}`)}`), ...files];
}

function sizeLines({ before, after }: SlimResult, palette: Palette): string[] {
  if (before === undefined) return [row('after', after)];
  const share = before.bytes === 0 ? 0 : (100 * after.bytes) / before.bytes;
  const ratio = after.bytes === 0 ? 0 : before.bytes / after.bytes;
  const gain = `${palette.green(`${ratio.toFixed(1)}x smaller`)} ${palette.dim(`(${share.toFixed(1)} %)`)}`;
  return [row('before', before), `${row('after', after)}  ${gain}`];
}

function row(label: string, contents: Contents): string {
  const packages = contents.packages === 0 ? '' : `, ${contents.packages} packages`;
  return `  ${label.padEnd(7)} ${formatBytes(contents.bytes).padStart(9)}  ${contents.files} files${packages}`;
}

function costsText(result: SlimResult): string {
  return result.costs.map(({ detector, bytes }) => `${detector} ${formatBytes(bytes)}`).join(', ');
}

function largestText(result: SlimResult, palette: Palette): string[] {
  const rows = result.largest
    .slice(0, 3)
    .map(({ path, bytes }) => `${printable(path)} ${formatBytes(bytes)}`);
  return rows.length === 0 ? [] : [palette.dim(`  largest ${rows.join(', ')}`)];
}

function warningLines(warnings: readonly Warning[], palette: Palette): string[] {
  const lines: string[] = [];
  const counts = new Map<string, number>();
  for (const { code, message } of warnings) {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count <= SHOWN_WARNINGS) lines.push(palette.yellow(`  note    ${printable(message)}`));
  }
  for (const [code, count] of counts) {
    if (count > SHOWN_WARNINGS)
      lines.push(palette.dim(`  note    and ${count - SHOWN_WARNINGS} more of ${code} (--json lists all)`));
  }
  return lines;
}
