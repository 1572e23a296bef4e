import type { RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import type { Trace } from '../../trace.ts';

/** A catalog of a system's directory (gettext manual, 11.2.3). */
const CATALOG = /^\/usr\/(?:local\/)?share\/locale\/[^/]+\/LC_MESSAGES\/[^/]+\.mo$/;

/** `gettext.translation(domain, languages=[…])`: the program chooses, not the locale of the process (Python library reference, gettext). */
export function choosesLanguage(code: string): boolean {
  return /\btranslation\s*\(.*\blanguages\b/.test(code);
}

/** Keeps the message catalogs of every language that came with a source: in packages that were built together. */
export function keepCatalogs(trace: Trace, file: RootPath, reason: KeepReason): void {
  const owner = trace.packages.owner(file);
  if (owner === undefined) return;
  for (const pkg of trace.packages.list()) {
    if (pkg.source !== owner.source) continue;
    for (const path of trace.packages.files(pkg)) if (CATALOG.test(path)) trace.keep(path, reason);
  }
}
