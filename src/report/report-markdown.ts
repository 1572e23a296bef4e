import { formatBytes, printable } from './plain-text.ts';
import type { ReportDocument, ReportPackage } from './report-document.ts';

/** How many rows a table has, and how many notes are written out. */
const ROWS = 10;

/** Returns the report as Markdown for a pull request: sizes, what is kept and goes by package and layer, notes. */
export function reportMarkdown(report: ReportDocument): string {
  const { source, name, before, after, image, packages, layers } = report;
  const kept = packages.filter(({ keptFiles }) => keptFiles > 0);
  const removed = packages.filter(({ keptFiles }) => keptFiles === 0);
  const sections = [
    `### ${text(source.name)} → ${text(name)}`,
    table(
      ['', 'files', 'bytes', 'packages'],
      [...(before === undefined ? [] : [['before', ...contents(before)]]), ['after', ...contents(after)]],
    ),
    ...(before === undefined || after.bytes === 0
      ? []
      : [
          `**${(before.bytes / after.bytes).toFixed(1)}× smaller**; ${formatBytes(image.layerBytes)} as stored.`,
        ]),
    ...policies(report),
    ...packageTable('Kept packages', kept, ({ keptBytes }) => keptBytes),
    ...packageTable('Removed packages', removed, ({ bytes }) => bytes),
    ...(layers.length === 0
      ? []
      : [
          details(
            `Layers (${layers.length})`,
            table(
              ['#', 'made by', 'before', 'kept'],
              layers.map(({ createdBy, bytes, keptBytes }, at) => [
                String(at + 1),
                code((createdBy ?? '').slice(0, 100)),
                formatBytes(bytes),
                formatBytes(keptBytes),
              ]),
            ),
          ),
        ]),
    ...notes(report),
    `<sub>${code(image.id)}, ${text(source.platform)}, oslim ${report.oslim}</sub>`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function contents({ files, bytes, packages }: ReportDocument['after']): readonly string[] {
  return [String(files), formatBytes(bytes), String(packages)];
}

function policies({ overSize, violations }: ReportDocument): readonly string[] {
  const lines = [
    ...(overSize === undefined ? [] : [`over the size limit by ${formatBytes(overSize)}`]),
    ...violations.map(({ policy, message }) => `**${policy}**: ${text(message)}`),
  ];
  return lines.length === 0 ? [] : [list('Policies that do not hold', lines)];
}

function notes({ warnings }: ReportDocument): readonly string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.map(({ code, message }) => `${code}: ${text(message)}`);
  return [details(`Notes (${lines.length})`, bullets(lines))];
}

function list(title: string, lines: readonly string[]): string {
  return `#### ${title}\n\n${bullets(lines)}`;
}

function bullets(lines: readonly string[]): string {
  const more = lines.length > ROWS ? [`- and ${lines.length - ROWS} more`] : [];
  return [...lines.slice(0, ROWS).map((line) => `- ${line}`), ...more].join('\n');
}

function packageTable(
  title: string,
  packages: readonly ReportPackage[],
  sizeOf: (pkg: ReportPackage) => number,
): readonly string[] {
  if (packages.length === 0) return [];
  const rows = [...packages]
    .sort((a, b) => sizeOf(b) - sizeOf(a) || (a.name < b.name ? -1 : 1))
    .slice(0, ROWS)
    .map((pkg) => [code(pkg.name), code(pkg.version), formatBytes(sizeOf(pkg)), formatBytes(pkg.bytes)]);
  const which = packages.length > ROWS ? `, the largest ${ROWS}` : '';
  return [
    details(`${title} (${packages.length}${which})`, table(['package', 'version', 'bytes', 'of'], rows)),
  ];
}

function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** A code span cannot hold backticks of its own length, and a table cell no bar (GitHub Flavored Markdown, 4.10). */
function code(value: string): string {
  const plain = printable(value).replaceAll('|', '\\|');
  if (plain === '') return '';
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** Text that means nothing in Markdown or HTML, and mentions nobody. */
function text(value: string): string {
  return printable(value).replace(/[\\`*_[\]#|<>&~@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
