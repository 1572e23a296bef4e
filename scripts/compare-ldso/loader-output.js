/**
 * Answer is what a loader says of one file: the libraries in load order as (name asked for, path opened), the names
 * that it did not find, and the message with which it refused the file, if it did.
 * @typedef {{ libraries: readonly (readonly [string, string])[], missing: readonly string[], error?: string }} Answer
 */

const VDSO = /^linux-(vdso|gate)(32|64)?\.so\.1$/;

/**
 * Returns the Answer in what `ld.so --list FILE` printed and how it ended (glibc elf/rtld.c, "list" mode). The vDSO
 * (of the kernel, not of the image) and the loader itself are left out: the loader's line says how it was started.
 * @param {{ stdout: string, stderr: string, status: number | null }} run
 * @param {string} loader the path by which it was started
 * @returns {Answer}
 */
export function parseLoaderOutput(run, loader) {
  /** @type {[string, string][]} */
  const libraries = [];
  const missing = [];
  for (const line of run.stdout.split('\n')) {
    const text = line.trim().replace(/ \(0x[0-9a-f]+\)$/, '');
    if (text === '' || text === 'statically linked') continue;
    const [name = '', path = name] = text.split(' => ');
    if (path === 'not found') missing.push(name);
    else if (!VDSO.test(name) && path !== loader) libraries.push([name, path]);
  }
  const complaint = run.stderr
    .trim()
    .split('\n')
    .find((line) => line !== '');
  if (run.status === 0) return { libraries, missing };
  return { libraries, missing, error: complaint ?? `ended with status ${run.status}` };
}

/**
 * Returns why a loader refused a file, as one of a few words, whichever of the two sides put it in words.
 * @param {string} message
 */
export function refusalKind(message) {
  for (const [pattern, kind] of REFUSALS) if (pattern.test(message)) return kind;
  return 'other';
}

/** glibc elf/dl-load.c (open_verify, _dl_map_object_from_fd), elf/dl-version.c and elf/rtld.c; musl ldso/dynlink.c. */
const REFUSALS = /** @type {const} */ ([
  [/Is a directory|cannot read file data/i, 'directory'],
  [/invalid ELF header|not an ELF|bad magic|Exec format error/i, 'not ELF'],
  [/file too short|shorter than|truncated/i, 'short'],
  [/byte order|data encoding|not big-endian|not little-endian/i, 'byte order'],
  // glibc says so of a name that it did not find but for another class; ldd says "not found".
  [/wrong ELF class/i, 'missing'],
  [/only ET_DYN and ET_EXEC/i, 'type'],
  [/version .* not found/i, 'version'],
  [/cannot dynamically load (position-independent )?executable/i, 'executable'],
  [/cannot open shared object|not found|no such file/i, 'missing'],
]);
