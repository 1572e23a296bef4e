import type { RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { COMMAND_GROUPS } from '../../knowledge/python.ts';
import type { Trace } from '../../trace.ts';
import type { Distribution, Distributions } from './distributions.ts';
import { isDeveloperDistribution, isModulePackage } from './import-rules.ts';

/** Bytes of a directory that a link of a distribution leads to. */
const LINKED_LIMIT = 64e6;

/** KeptDistributions keeps distributions whole, each once, with what they require. */
export class KeptDistributions {
  readonly #trace: Trace;
  readonly #distributions: Distributions;
  readonly #isRuntimeFile: (path: RootPath) => boolean;
  readonly #onSource: (file: RootPath) => void;
  readonly #kept = new Set<Distribution>();
  readonly #byGroup = new Map<string, readonly Distribution[]>();

  /** `onSource` hears of every module that is kept. */
  constructor(
    trace: Trace,
    distributions: Distributions,
    isRuntimeFile: (path: RootPath) => boolean,
    onSource: (file: RootPath) => void,
  ) {
    this.#trace = trace;
    this.#distributions = distributions;
    this.#isRuntimeFile = isRuntimeFile;
    this.#onSource = onSource;
    for (const distribution of distributions.list()) {
      for (const group of distribution.entryPoints.keys())
        if (!COMMAND_GROUPS.test(group))
          this.#byGroup.set(group, [...this.withEntryPoints(group), distribution]);
    }
  }

  /** Returns the distributions that have entry points of a group, other than commands. */
  withEntryPoints(group: string): readonly Distribution[] {
    return this.#byGroup.get(group) ?? [];
  }

  keep(distribution: Distribution, reason: KeepReason): void {
    if (this.#kept.has(distribution)) return;
    this.#kept.add(distribution);
    for (const file of distribution.files) {
      if (!this.#isRuntimeFile(file)) continue;
      this.#trace.keep(file, reason, { follow: false });
      this.#keepLinkedDirectory(file, reason);
      if (file.endsWith('.py')) this.#onSource(file);
    }
    const [from] = distribution.files;
    for (const required of this.#requirements(distribution)) {
      if (isDeveloperDistribution(required)) continue;
      const detail = `${distribution.name} requires ${required.name}`;
      this.keep(required, { ...reason, ...(from === undefined ? {} : { from }), detail });
    }
  }

  /** Debian moves what is no code to /usr/share, and leaves a link (sphinx/themes). */
  #keepLinkedDirectory(file: RootPath, reason: KeepReason): void {
    if (this.#trace.rootfs.lookup(file)?.type !== 'symlink') return;
    const found = this.#trace.rootfs.resolve(file);
    if (found?.inode.type === 'directory' && this.#trace.rootfs.treeBytes(found.path) <= LINKED_LIMIT)
      this.#trace.keepTree(found.path, reason);
  }

  /** What the metadata requires, and the module packages that its own package depends on: extensions import unseen. */
  #requirements({ requires, package: owner }: Distribution): Distribution[] {
    const declared = requires
      .filter(({ isExtra }) => !isExtra)
      .map(({ name }) => this.#distributions.get(name));
    const packages =
      owner === undefined ? [] : this.#trace.packages.dependencies(owner).filter(isModulePackage);
    return [...declared, ...packages.map((pkg) => this.#distributions.ofPackage(pkg))].filter(
      (distribution) => distribution !== undefined,
    );
  }
}
