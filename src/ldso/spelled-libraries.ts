import type { ElfFile } from '../elf/elf-file.ts';
import { stringsOf } from '../elf/strings.ts';
import { OslimError } from '../errors.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { DlopenCandidate, ProcessObject } from './dlopen-candidates.ts';
import { libraryPatterns, namesOfPattern } from './library-patterns.ts';

/** Yields the libraries that an object's read-only data spell; those with a version to fill in are looked for in `directories`. */
export function* spelledCandidates(
  object: ProcessObject,
  rootfs: Rootfs,
  directories: ReadonlySet<string>,
): Generator<DlopenCandidate> {
  // What libc and the loader open is in the families, tied to the functions that call for it.
  if (isPartOfGlibc(object.elf)) return;
  yield* literalCandidates(object);
  yield* patternCandidates(object, rootfs, directories);
}

function isPartOfGlibc({ soname }: ElfFile): boolean {
  return soname !== undefined && /^(?:libc\.so\.6|libpthread\.so\.0|ld-linux.*|ld64?\.so\.\d)$/.test(soname);
}

const LIBRARY_NAME = /^[^\s:;,%*$"'<>()]*[A-Za-z0-9_+-]\.so(?:\.\d+)*$/;

/** Names like `libx.so.1` or `/opt/x/plugin.so`; linkers share tails, so a name may begin inside of another string. */
function* literalCandidates({ elf, path }: ProcessObject): Generator<DlopenCandidate> {
  for (const text of literalsOf(elf)) {
    if (!text.includes('.so') || !LIBRARY_NAME.test(text)) continue;
    const inner = text.includes('/') ? -1 : text.indexOf('lib', 1);
    for (const name of inner < 0 ? [text] : [text, text.slice(inner)]) {
      if (name !== elf.soname && name !== elf.interp && !elf.needed.includes(name)) {
        yield { name, caller: path, because: 'literal', certainty: 'inferred' };
      }
    }
  }
}

/** Libraries of a version that is found out at run time, in the directories that the process has libraries from. */
function* patternCandidates(
  { elf, path }: ProcessObject,
  rootfs: Rootfs,
  directories: ReadonlySet<string>,
): Generator<DlopenCandidate> {
  for (const pattern of libraryPatterns(literalsOf(elf))) {
    for (const name of namesOfPattern(pattern, rootfs, directories))
      yield { name, caller: path, because: 'literal', certainty: 'inferred' };
  }
}

const literals = new WeakMap<ElfFile, ReadonlySet<string>>();

/** Strings that may name a directory or a library; read once for each file. */
export function literalsOf(elf: ElfFile): ReadonlySet<string> {
  const known = literals.get(elf);
  if (known !== undefined) return known;
  const found = new Set<string>();
  tolerant(() => {
    for (const { text, terminated } of stringsOf(elf, { pathLike: true })) {
      if (terminated && text.length <= 4096 && (text.startsWith('/') || text.includes('.so')))
        found.add(text);
    }
  });
  literals.set(elf, found);
  return found;
}

/** Damage in symbols, notes or data costs these hints; whether the file loads is not decided here. */
export function tolerant<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof OslimError) return undefined;
    throw error;
  }
}
