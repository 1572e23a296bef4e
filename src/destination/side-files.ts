import { extname } from 'node:path';
import { UsageError } from '../errors.ts';
import { AtomicFile } from '../io/atomic-file.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { ResolvedOptions } from '../options.ts';
import { type ReportDocument, reportDocument } from '../report/report-document.ts';
import { reportMarkdown } from '../report/report-markdown.ts';
import { compareLocks, type LockDifference, lockText, readLock } from '../result/lock.ts';
import type { SlimmedImage } from '../slim.ts';
import { parseOutputLocation } from '../transport/location.ts';
import { packageVersion } from '../version.ts';
import { SBOM_WRITERS, type SbomDocuments, type SbomFormat } from './sbom.ts';

/** SideFiles are the files that a job writes besides the image, ready to appear; `abort` removes what has not. */
export interface SideFiles {
  readonly names: readonly string[];
  commit(): void;
  abort(): void;
}

/** How a report is written, by the extension of its file. */
const REPORT_WRITERS: Readonly<Record<string, (report: ReportDocument) => string | Promise<string>>> = {
  '.json': (report) => `${JSON.stringify(report)}\n`,
  '.md': reportMarkdown,
  '.html': async (report) => (await import('../report/report-page.ts')).reportPage(report),
};

/** Refuses, before anything is read, two files of one name, and files that `ifChanged` would leave unwritten (UsageError). */
export function checkSideFiles(options: ResolvedOptions, { ifChanged = false } = {}): void {
  const names = sideFileNames(options);
  for (const report of options.reports) {
    if (REPORT_WRITERS[extname(report)] === undefined)
      throw new UsageError(`cannot write the report "${report}": it ends in .html, .json or .md`);
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at || name === options.output);
  if (twice !== undefined) throw new UsageError(`cannot write "${twice}" twice`);
  const [first] = names;
  if (!ifChanged || first === undefined) return;
  throw new UsageError(`cannot use --if-changed with "${first}": it is not written when nothing is done`);
}

function sideFileNames(options: ResolvedOptions): readonly string[] {
  const { lock, reports } = options;
  return [...(lock === undefined ? [] : [lock]), ...reports, ...sbomFiles(options).map(({ file }) => file)];
}

/**
 * Returns the files that bills of materials are written to: the one that is named, else one beside an archive, which
 * has no place for them. Throws UsageError where neither is there, nor a destination that they are attached to.
 */
function sbomFiles(
  options: ResolvedOptions,
): readonly { readonly format: SbomFormat; readonly file: string }[] {
  const { output, sboms } = options;
  const location = output === undefined ? undefined : parseOutputLocation(output);
  const archive = location !== undefined && 'file' in location ? location.file : undefined;
  return sboms.flatMap(({ format, file }) => {
    if (file !== undefined) return [{ format, file }];
    if (archive !== undefined) return [{ format, file: `${archive}${SBOM_WRITERS[format].extension}` }];
    if (attachesSboms(options)) return [];
    throw new UsageError(`cannot write --sbom ${format}: it has no place`, {
      advice: `give --sbom ${format}=FILE, --push REF, -o FILE or -o oci:DIR`,
    });
  });
}

/** Does the result go to a medium that has a place for documents about it? */
function attachesSboms({ output, push }: ResolvedOptions): boolean {
  const kind = output === undefined ? undefined : parseOutputLocation(output).kind;
  return push !== undefined || kind === 'registry' || kind === 'oci';
}

/** Writes everything that stands beside the image under other names; it appears when it is committed. */
export async function prepareSideFiles(
  images: readonly SlimmedImage[],
  name: string,
  sboms: ReadonlyMap<SlimmedImage, SbomDocuments>,
  options: ResolvedOptions,
): Promise<SideFiles> {
  const files: AtomicFile[] = [];
  const put = (name: string, content: string): void => {
    const file = new AtomicFile(name);
    files.push(file);
    file.write(Buffer.from(content));
  };
  const putOf = ({ summary }: SlimmedImage, file: string, content: string): void =>
    put(images.length === 1 ? file : fileOfPlatform(file, formatPlatform(summary.source.platform)), content);
  const abort = () => {
    for (const file of files) file.abort();
  };
  try {
    if (options.lock !== undefined && !options.frozenLock) put(options.lock, lockOf(images));
    for (const image of options.reports.length === 0 ? [] : images) {
      const report = reportDocument(image, name, packageVersion());
      for (const file of options.reports) {
        putOf(image, file, (await REPORT_WRITERS[extname(file)]?.(report)) ?? '');
      }
    }
    for (const [image, documents] of sboms) {
      for (const { format, file } of sbomFiles(options)) putOf(image, file, documents.get(format) ?? '');
    }
  } catch (error) {
    abort();
    throw error;
  }
  return {
    names: files.map(({ destination }) => destination),
    commit: () => {
      for (const file of files) file.commit();
    },
    abort,
  };
}

/** Returns what a frozen lock has otherwise; none where no lock is frozen. Throws UsageError for a lock that cannot be read. */
export function lockDifferences(
  images: readonly SlimmedImage[],
  { lock, frozenLock }: ResolvedOptions,
): readonly LockDifference[] {
  return lock === undefined || !frozenLock ? [] : compareLocks(readLock(lock), lockOf(images), lock);
}

function lockOf(images: readonly SlimmedImage[]): string {
  return lockText(
    images.map(({ image, summary }) => ({
      platform: formatPlatform(summary.source.platform),
      entries: image.entries,
      graph: summary.graph,
    })),
  );
}

/** Of several platforms each has a file of its own: `report.linux-arm64.html`. */
function fileOfPlatform(file: string, platform: string): string {
  const extension = extname(file);
  return `${file.slice(0, file.length - extension.length)}.${platform.replaceAll('/', '-')}${extension}`;
}
