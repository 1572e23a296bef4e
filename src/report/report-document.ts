import { formatPlatform } from '../oci/platform.ts';
import type { Package } from '../packages/package.ts';
import type { PolicyFinding } from '../result/policy.ts';
import type { Contents, CostRow } from '../result/slim-result.ts';
import type { Inode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { SlimmedImage } from '../slim.ts';
import type { KeepReason } from '../trace/keep-graph.ts';
import type { Warning } from '../warnings.ts';

/** What a number of paths come to: bytes of regular files (each inode once), and names that are no directories. */
interface Sums {
  readonly bytes: number;
  readonly files: number;
  readonly keptBytes: number;
  readonly keptFiles: number;
}

export interface ReportLayer extends Sums {
  readonly diffId: string;
  /** The command that made it; absent where the source's history does not say. */
  readonly createdBy?: string;
}

export interface ReportPackage extends Sums {
  readonly manager: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** ReportPath is one path of the source; of a kept one `reasons` say why. */
export interface ReportPath {
  readonly path: RootPath;
  readonly type: Inode['type'];
  /** Of a regular file; a further name of an inode has 0. */
  readonly bytes: number;
  /** Index in `layers`; -1 for a directory that no layer has. */
  readonly layer: number;
  /** Index in `packages`. */
  readonly package?: number;
}

export interface KeptReportPath extends ReportPath {
  readonly reasons: readonly KeepReason[];
}

/**
 * ReportDocument is everything that is known of one slimming, in plain values (docs/schema/report-1.json). Sizes are
 * bytes. `removed` is absent for a directory of the host, which is never read whole.
 */
export interface ReportDocument {
  readonly schema: '1.0';
  readonly kind: 'report';
  readonly oslim: string;
  readonly source: { readonly name: string; readonly digest: string; readonly platform: string };
  readonly name: string;
  readonly image: {
    readonly id: string;
    readonly manifest: string;
    readonly diffId: string;
    readonly layerBytes: number;
  };
  readonly before?: Contents;
  readonly after: Contents;
  readonly overSize?: number;
  readonly violations: readonly PolicyFinding[];
  readonly warnings: readonly Warning[];
  readonly costs: readonly CostRow[];
  readonly layers: readonly ReportLayer[];
  readonly packages: readonly ReportPackage[];
  /** What no package owns. */
  readonly unowned: Sums;
  readonly kept: readonly KeptReportPath[];
  readonly removed?: readonly ReportPath[];
}

/** Returns the report of one slim image that is, or would be, called `name`. */
export function reportDocument(slimmed: SlimmedImage, name: string, version: string): ReportDocument {
  const { summary } = slimmed;
  const { source } = summary;
  return {
    schema: '1.0',
    kind: 'report',
    oslim: version,
    source: { name: source.name, digest: source.digest, platform: formatPlatform(source.platform) },
    name,
    image: {
      id: summary.imageId,
      manifest: summary.manifestDigest,
      diffId: summary.diffId,
      layerBytes: summary.layerBytes,
    },
    ...(summary.before === undefined ? {} : { before: summary.before }),
    after: summary.after,
    ...(summary.overSize === undefined ? {} : { overSize: summary.overSize }),
    violations: summary.violations,
    warnings: summary.warnings,
    costs: summary.costs,
    ...pathsOf(slimmed),
  };
}

type Paths = Pick<ReportDocument, 'layers' | 'packages' | 'unowned' | 'kept' | 'removed'>;

/** One pass over the source's paths, and over the kept ones where the source is a host's directory. */
function pathsOf({ image, summary, detail }: SlimmedImage): Paths {
  const { rootfs, packages: index, isWholeInMemory } = detail;
  const entries = new Map(image.entries.map(({ path, inode }) => [path, inode]));
  const rows = new PackageRows();
  const layers = layerRows(detail);
  const unowned = new Sum();
  const kept: KeptReportPath[] = [];
  const removed: ReportPath[] = [];
  const seen = new Set<Inode>();
  for (const [path, inode] of isWholeInMemory ? rootfs.walk() : entries) {
    const keptInode = entries.get(path);
    const isFirst = !seen.has(inode);
    seen.add(inode);
    const bytes = inode.type === 'file' && isFirst ? inode.size : 0;
    const after = keptInode?.type === 'file' && isFirst ? keptInode.size : 0;
    const owner = inode.type === 'directory' ? undefined : index.owner(path);
    const row = owner === undefined ? undefined : rows.of(owner);
    if (inode.type !== 'directory') {
      for (const sum of [row?.sum ?? unowned, layers[inode.layer]?.sum])
        sum?.add(bytes, keptInode === undefined ? undefined : after);
    }
    const fact: ReportPath = {
      path,
      type: inode.type,
      bytes: keptInode === undefined ? bytes : after,
      layer: inode.layer,
      ...(row === undefined ? {} : { package: row.at }),
    };
    if (keptInode === undefined) removed.push(fact);
    else kept.push({ ...fact, reasons: summary.graph.reasons(path) });
  }
  return {
    layers: isWholeInMemory ? layers.map(({ sum, ...layer }) => ({ ...layer, ...sum.values() })) : [],
    packages: rows.list(),
    unowned: unowned.values(),
    kept,
    ...(isWholeInMemory ? { removed } : {}),
  };
}

class Sum {
  #bytes = 0;
  #files = 0;
  #keptBytes = 0;
  #keptFiles = 0;

  /** `kept` is undefined for a path that goes. */
  add(bytes: number, kept: number | undefined): void {
    this.#bytes += bytes;
    this.#files++;
    if (kept === undefined) return;
    this.#keptBytes += kept;
    this.#keptFiles++;
  }

  values(): Sums {
    return {
      bytes: this.#bytes,
      files: this.#files,
      keptBytes: this.#keptBytes,
      keptFiles: this.#keptFiles,
    };
  }
}

/** Packages in the order in which their first path comes. */
class PackageRows {
  readonly #rows = new Map<Package, { readonly at: number; readonly sum: Sum }>();

  of(pkg: Package): { readonly at: number; readonly sum: Sum } {
    const known = this.#rows.get(pkg);
    if (known !== undefined) return known;
    const row = { at: this.#rows.size, sum: new Sum() };
    this.#rows.set(pkg, row);
    return row;
  }

  list(): readonly ReportPackage[] {
    return [...this.#rows].map(([{ manager, name, version, architecture }, { sum }]) => ({
      manager,
      name,
      version,
      architecture,
      ...sum.values(),
    }));
  }
}

/** The source's layers with the commands of its history, which has an entry more for each empty layer. */
function layerRows({ diffIds, history }: SlimmedImage['detail']) {
  const commands = history.filter(({ empty_layer }) => empty_layer !== true);
  const isTelling = commands.length === diffIds.length;
  return diffIds.map((diffId, at) => {
    const createdBy = isTelling ? commands[at]?.created_by : undefined;
    return { diffId, ...(createdBy === undefined ? {} : { createdBy }), sum: new Sum() };
  });
}
