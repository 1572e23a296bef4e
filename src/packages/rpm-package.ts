import { FormatError } from '../errors.ts';
import type { Package } from './package.ts';
import { RPM_TAG, type RpmHeader } from './rpm-header.ts';

/** RPMFILE_CONFIG of rpm's lib/rpmfiles.h. */
const RPMFILE_CONFIG = 1 << 0;

/** RPMSENSE_SCRIPT_PRE, _POST, _PREUN, _POSTUN of rpm's lib/rpmds.h: required only while (un)installing. */
const SCRIPT_FLAGS = (1 << 9) | (1 << 10) | (1 << 11) | (1 << 12);

/** Returns the package that a header describes; FormatError without name or version. */
export function packageOfHeader(header: RpmHeader): Package {
  const name = header.string(RPM_TAG.NAME);
  const version = header.string(RPM_TAG.VERSION);
  if (name === undefined || name === '' || version === undefined) {
    throw new FormatError(
      'rpm-header',
      0,
      `cannot read an rpm header "${name ?? ''}": it has no name or no version`,
    );
  }
  const epoch = header.numbers(RPM_TAG.EPOCH)[0];
  const size = header.numbers(RPM_TAG.LONGSIZE)[0] ?? header.numbers(RPM_TAG.SIZE)[0];
  const section = header.string(RPM_TAG.GROUP);
  const description = header.string(RPM_TAG.SUMMARY);
  const release = header.string(RPM_TAG.RELEASE) ?? '';
  return {
    manager: 'rpm',
    name,
    version: `${epoch === undefined ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}`,
    architecture: header.string(RPM_TAG.ARCH) ?? '',
    source: sourceName(header.string(RPM_TAG.SOURCERPM)) ?? name,
    depends: requirementsOf(header),
    preDepends: [],
    recommends: header.strings(RPM_TAG.RECOMMENDNAME).flatMap(parseRequirement),
    suggests: header.strings(RPM_TAG.SUGGESTNAME).flatMap(parseRequirement),
    provides: header.strings(RPM_TAG.PROVIDENAME),
    essential: false,
    ...(section === undefined || section === 'Unspecified' ? {} : { section }),
    conffiles: conffilesOf(header),
    ...(description === undefined ? {} : { description }),
    ...(size === undefined ? {} : { installedSize: size }),
  };
}

function conffilesOf(header: RpmHeader): string[] {
  const isConfig = header.numbers(RPM_TAG.FILEFLAGS).map((flags) => (flags & RPMFILE_CONFIG) !== 0);
  // Most packages have none: their lists of files are then not decoded here.
  return isConfig.includes(true) ? [...pathsOfHeader(header)].filter((_, index) => isConfig[index]) : [];
}

/** Yields the paths of a header's files, in its order: directory and base name are stored apart. */
export function* pathsOfHeader(header: RpmHeader): Generator<string> {
  const directories = header.strings(RPM_TAG.DIRNAMES);
  const indexes = header.numbers(RPM_TAG.DIRINDEXES);
  for (const [at, name] of header.strings(RPM_TAG.BASENAMES).entries()) {
    const directory = directories[indexes[at] ?? -1];
    if (directory === undefined)
      throw new FormatError('rpm-header', 0, `cannot read an rpm header: "${name}" has no directory`);
    yield `${directory}${name}`;
  }
}

function requirementsOf(header: RpmHeader): string[][] {
  const flags = header.numbers(RPM_TAG.REQUIREFLAGS);
  return header
    .strings(RPM_TAG.REQUIRENAME)
    .filter((_, index) => ((flags[index] ?? 0) & SCRIPT_FLAGS) === 0)
    .flatMap(parseRequirement);
}

/**
 * Parses a requirement to names; `(a or b)` is one requirement, `(a and b)` two, and what `if`, `unless`,
 * `with` and `without` add is taken as unconditional or left out (rpm, docs/manual/boolean_dependencies.md).
 * rpm's own features are none.
 */
export function parseRequirement(requirement: string): string[][] {
  if (requirement.startsWith('rpmlib(')) return [];
  if (!requirement.startsWith('(')) return [[requirement]];
  const words = requirement
    .replace(/\s(?:<|>|<=|>=|=)\s\S+/g, '')
    .split(/\s+/)
    .map(withoutGrouping);
  const groups: string[][] = [[]];
  for (let at = 0; at < words.length; at += 2) {
    const operator = words[at - 1] ?? 'or';
    if (operator === 'if' || operator === 'unless' || operator === 'else' || operator === 'without') break;
    if (operator !== 'or') groups.push([]);
    groups.at(-1)?.push(words[at] ?? '');
  }
  return groups.map((names) => names.filter((name) => name !== '')).filter((names) => names.length > 0);
}

/**
 * Returns a word of a boolean dependency without the parentheses that group, which are those that do not
 * match in it.
 */
function withoutGrouping(word: string): string {
  const name = word.replace(/^\(+/, '');
  let depth = 0;
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '(') depth++;
    else if (name[at] === ')' && --depth < 0) return name.slice(0, at);
  }
  return name;
}

/** Returns NAME of `NAME-VERSION-RELEASE.src.rpm`. */
function sourceName(sourceRpm: string | undefined): string | undefined {
  return sourceRpm === undefined ? undefined : /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(sourceRpm)?.[1];
}
