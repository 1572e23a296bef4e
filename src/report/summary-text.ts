import { formatPlatform } from '../oci/platform.ts';
import type {
  Contents,
  SlimIndexResult,
  SlimOutcome,
  SlimResult,
  UnchangedResult,
} from '../result/slim-result.ts';
import type { Warning } from '../warnings.ts';
import { formatBytes, printable } from './plain-text.ts';
import { policyText } from './policy-text.ts';

/** How many warnings of one kind a summary shows before it only counts them. */
const SHOWN_WARNINGS = 6;

/** How many detectors a summary shows one by one. */
const SHOWN_COSTS = 6;

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
    ...costLines(result, palette),
    ...largestText(result, palette),
    ...downloadLines(result, palette),
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
    debug,
  }: Pick<SlimResult, 'written' | 'sideFiles' | 'name' | 'lockDifferences' | 'debug'>,
  palette: Palette,
): string[] {
  if (lockDifferences !== undefined) return [palette.dim('  nothing was written: the frozen lock differs')];
  const files = sideFiles.map((file) => `  wrote   ${printable(file)}`);
  if (written.length === 0)
    return [...files, palette.dim('  no image was written: give -o FILE, --push REF or --load')];
  const places = written.map((place) => `  wrote   ${printable(place)} ${palette.dim(`as ${name}`)}`);
  const debugPlaces = (debug?.written ?? []).map((place) => {
    const more = `as ${debug?.name}, ${formatBytes(debug?.layerBytes ?? 0)} more`;
    return `  wrote   ${printable(place)} ${palette.dim(more)}`;
  });
  return [...places, ...debugPlaces, ...files];
}

function sizeLines({ before, after }: SlimResult, palette: Palette): string[] {
  if (before === undefined) return [row('after', after, undefined, palette)];
  const share = before.bytes === 0 ? 0 : after.bytes / before.bytes;
  const ratio = after.bytes === 0 ? 0 : before.bytes / after.bytes;
  const gain = `${palette.green(`${ratio.toFixed(1)}x smaller`)} ${palette.dim(`(${(100 * share).toFixed(1)} %)`)}`;
  return [row('before', before, 1, palette), `${row('after', after, share, palette)}  ${gain}`];
}

function row(label: string, contents: Contents, share: number | undefined, palette: Palette): string {
  const { bytes, files, packages } = contents;
  const length = share === undefined ? '' : `  ${palette.green(bar(share))}`;
  const count = `${files.toLocaleString('en').padStart(7)} files`;
  const owners = packages === 0 ? '' : `, ${packages} packages`;
  return `  ${label.padEnd(7)} ${formatBytes(bytes).padStart(9)}${length}${count}${owners}`;
}

/** Detectors, the dearest first; the bar is what share of the result each brought. */
function costLines({ costs, after }: SlimResult, palette: Palette): string[] {
  const shown = costs
    .slice(0, SHOWN_COSTS)
    .map(({ detector, bytes, files }) => ({ label: detector, bytes, files }));
  const others = costs.slice(SHOWN_COSTS);
  if (others.length > 0) {
    const sum = (key: 'bytes' | 'files') => others.reduce((total, cost) => total + cost[key], 0);
    shown.push({ label: `${others.length} others`, bytes: sum('bytes'), files: sum('files') });
  }
  const width = Math.max(...shown.map(({ label }) => label.length), 0);
  return shown.map(({ label, bytes, files }, at) => {
    const length = palette.dim(bar(after.bytes === 0 ? 0 : bytes / after.bytes));
    const head = `  ${at === 0 ? 'kept' : '    '}    ${formatBytes(bytes).padStart(9)}`;
    return `${head}  ${length}${files.toLocaleString('en').padStart(7)} files  ${label.padEnd(width)}`.trimEnd();
  });
}

const BAR_WIDTH = 30;
/** Eighths of a block (Unicode, "Block Elements"). */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Returns a bar of BAR_WIDTH columns; what is there at all is seen. */
function bar(share: number): string {
  const eighths = share <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, share) * BAR_WIDTH * 8));
  return `${'█'.repeat(eighths >> 3)}${EIGHTHS[eighths & 7] ?? ''}`.padEnd(BAR_WIDTH);
}

function largestText(result: SlimResult, palette: Palette): string[] {
  const rows = result.largest
    .slice(0, 3)
    .map(({ path, bytes }) => `${printable(path)} ${formatBytes(bytes)}`);
  return rows.length === 0 ? [] : [palette.dim(`  largest ${rows.join(', ')}`)];
}

function downloadLines({ download }: SlimResult, palette: Palette): string[] {
  if (download === undefined) return [];
  const { bytes, layerBytes, lazyLayers, layers } = download;
  const parts = palette.dim(`of ${formatBytes(layerBytes)}; ${lazyLayers} of ${layers} layers in parts`);
  return [`  fetched ${formatBytes(bytes)} ${parts}`];
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
