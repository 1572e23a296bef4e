import { inflateSync } from 'node:zlib';
import { isElf } from '../elf/header.ts';
import { type ElfSection, parseSections } from '../elf/sections.ts';
import { OslimError } from '../errors.ts';
import { type RandomAccess, sliceAccess } from '../io/random-access.ts';
import { isRecord } from '../oci/json.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Component, Inventory } from './component.ts';
import { parseGoBuildInfo } from './go-build-info.ts';
import { formatPurl } from './purl.ts';

/** Largest section that is read, and what it may inflate to, in bytes. */
const MAX_SECTION = 64 << 20;

/**
 * Returns what kept programs say was linked into them: Go modules (`.go.buildinfo`), and crates where cargo-auditable
 * built them (`.dep-v0`). A distribution's programs count, for its package does not name these.
 */
export function builtInModules({ kept }: Inventory): Component[] {
  return [...kept].flatMap(([path, inode]) => {
    if (inode.type !== 'file' || inode.size < 64) return [];
    const access = sliceAccess(inode.content, inode.offset, inode.size);
    return isElf(access.read(0, 4)) ? modulesOf(access, path) : [];
  });
}

function modulesOf(access: RandomAccess, path: RootPath): readonly Component[] {
  try {
    return parseSections(access).flatMap((section) => {
      if (section.size > MAX_SECTION) return [];
      if (section.name === '.go.buildinfo') return goModules(bytesOf(access, section), path);
      return section.name === '.dep-v0' ? crates(bytesOf(access, section), path) : [];
    });
  } catch (error) {
    // Section headers may be absent or lying; the program is kept for what its program headers say.
    if (!(error instanceof OslimError)) throw error;
    return [];
  }
}

function bytesOf(access: RandomAccess, { offset, size }: ElfSection): Uint8Array {
  return access.read(offset, size);
}

function goModules(section: Uint8Array, path: RootPath): readonly Component[] {
  const info = parseGoBuildInfo(section);
  if (info === undefined) return [];
  return [{ name: 'stdlib', version: info.goVersion.replace(/^go/, '') }, ...info.modules].map(
    ({ name: whole, version }) => {
      const slash = whole.lastIndexOf('/');
      const [namespace, name] = [whole.slice(0, Math.max(0, slash)), whole.slice(slash + 1)];
      return {
        name: whole,
        version,
        purl: formatPurl({ type: 'golang', namespace, name, version }),
        files: [path],
      };
    },
  );
}

/** rust-secure-code, cargo-auditable PARSING.md: zlib, then JSON. */
function crates(section: Uint8Array, path: RootPath): readonly Component[] {
  let document: unknown;
  try {
    document = JSON.parse(inflateSync(section, { maxOutputLength: MAX_SECTION }).toString('utf8'));
  } catch {
    return []; // A section of that name with something else in it.
  }
  const list = isRecord(document) && Array.isArray(document.packages) ? document.packages : [];
  return list.flatMap((item: unknown): Component[] => {
    if (!isRecord(item) || typeof item.name !== 'string' || typeof item.version !== 'string') return [];
    if (item.kind === 'build') return [];
    const { name, version } = item;
    return [{ name, version, purl: formatPurl({ type: 'cargo', name, version }), files: [path] }];
  });
}
