import { formatPlatform } from '../oci/platform.ts';
import type { Contents, SlimIndexResult, SlimOutcome, SlimResult, UnchangedResult } from '../slim-result.ts';
import type { Warning } from '../warnings.ts';

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
  lines.push(`  index   ${result.indexDigest}`, ...warningLines(result.warnings, palette));
  return [...lines, ...placeLines(result, palette)].join('\n');
}

function unchangedText({ source, name, places, overSize }: UnchangedResult, palette: Palette): string {
  const lines = [
    palette.bold(printable(source.name)),
    `  unchanged: same source, same version, same options; nothing was done`,
    ...overSizeLines(overSize, palette),
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
    ...overSizeLines(result.overSize, palette),
    ...warningLines(result.warnings, palette),
  ];
}

function overSizeLines(overSize: number | undefined, palette: Palette): string[] {
  return overSize === undefined ? [] : [palette.yellow(`  over the size limit by ${formatBytes(overSize)}`)];
}

function placeLines({ written, name }: Pick<SlimResult, 'written' | 'name'>, palette: Palette): string[] {
  if (written.length === 0) return [palette.dim('  nothing was written: give -o FILE, --push REF or --load')];
  return written.map((place) => `  wrote   ${printable(place)} ${palette.dim(`as ${name}`)}`);
}

/** Returns bytes in decimal units (1 MB = 10^6 bytes), as image sizes are usually given. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 999.95 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toFixed(value < 10 ? 2 : 1)} ${units[unit]}`;
}

/** Replaces control characters, so that a name of an image cannot steer a terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
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
