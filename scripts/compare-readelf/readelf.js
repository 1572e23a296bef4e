import { spawnSync } from 'node:child_process';

/** @typedef {import('./facts.js').ElfFacts} ElfFacts */

/** Another binutils, for instance one that knows every architecture. */
const READELF = process.env.READELF ?? 'readelf';

/**
 * Returns what binutils' readelf says of a file.
 *
 * @param {string} path
 * @returns {ElfFacts}
 */
export function factsOfReadelf(path) {
  const options = ['-W', '-h', '-l', '-d', '-V', '--dyn-syms', '--', path];
  const env = { ...process.env, LC_ALL: 'C' };
  const { stdout } = spawnSync(READELF, options, { encoding: 'latin1', env, maxBuffer: 1 << 30 });
  const one = (/** @type {RegExp} */ pattern) => pattern.exec(stdout)?.[1];
  const all = (/** @type {RegExp} */ pattern) => [...stdout.matchAll(pattern)].map((match) => match[1] ?? '');
  return {
    class: one(/Class:\s+ELF(\d+)/) === '64' ? 64 : 32,
    data: /Data:.*little endian/.test(stdout) ? 'lsb' : 'msb',
    entry: Number(one(/Entry point address:\s+(0x[0-9a-f]+)/)),
    phdrs: programHeaders(stdout),
    interp: one(/\[Requesting program interpreter: (.*)\]/),
    needed: all(/\(NEEDED\)\s+Shared library: \[(.*)\]/g),
    soname: one(/\(SONAME\)\s+Library soname: \[(.*)\]/),
    rpath: one(/\(RPATH\)\s+Library rpath: \[(.*)\]/),
    runpath: one(/\(RUNPATH\)\s+Library runpath: \[(.*)\]/),
    verneed: versionNeeds(stdout),
    verdef: versionDefinitions(stdout),
    ...symbols(stdout),
  };
}

/** @param {string} output */
function programHeaders(output) {
  const line = /^ {2}\S+(?: \S+)?\s+0x([0-9a-f]+) 0x([0-9a-f]+) 0x[0-9a-f]+ 0x([0-9a-f]+) 0x([0-9a-f]+) /gm;
  return [...output.matchAll(line)].map((match) =>
    match
      .slice(1, 5)
      .map((word) => Number.parseInt(word, 16))
      .join(' '),
  );
}

/** @param {string} output */
function versionNeeds(output) {
  /** @type {string[]} */
  const needs = [];
  let file = '';
  for (const line of section(output, 'Version needs section').split('\n')) {
    file = /Version: \d+ {2}File: (\S+)/.exec(line)?.[1] ?? file;
    const need = /Name: (\S+) {2}Flags: (.*?) {2}Version:/.exec(line);
    if (need) needs.push(`${file} ${need[1]}${need[2]?.includes('WEAK') ? ' weak' : ''}`);
  }
  return needs;
}

/** @param {string} output */
function versionDefinitions(output) {
  const text = section(output, 'Version definition section');
  return [...text.matchAll(/Rev: 1 .* Name: (\S+)/g)].map((match) => match[1] ?? '');
}

/** @param {string} output @param {string} title */
function section(output, title) {
  const start = output.indexOf(title);
  if (start < 0) return '';
  const end = output.indexOf('\n\n', start);
  return output.slice(start, end < 0 ? undefined : end);
}

/** @param {string} output */
function symbols(output) {
  const start =
    output.indexOf("Symbol table '.dynsym'") < 0
      ? output.indexOf('Symbol table for image')
      : output.indexOf("Symbol table '.dynsym'");
  /** @type {string[]} */
  const imports = [];
  /** @type {string[]} */
  const exports = [];
  const line =
    /^ *\d+: [0-9a-f]+ +\S+ (?:<[^>]*>: \d+|\S+) +(<[^>]*>: \d+|\S+) +\S+ +(?:\[.*?\] +)?(\S+) (.+?)(?: \(\d+\))?$/gm;
  for (const [, binding, section, name] of (start < 0 ? '' : output.slice(start)).matchAll(line)) {
    if (binding === 'LOCAL' || name === undefined) continue;
    // `@@` marks the default version; names of Go hold spaces.
    (section === 'UND' ? imports : exports).push(name.replace('@@', '@'));
  }
  return { imports: imports.sort(), exports: exports.sort() };
}
