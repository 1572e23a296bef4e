// What two scanners take from a dpkg database, as their sources say it, written down again:
// trivy, pkg/fanal/analyzer/pkg/dpkg/dpkg.go, and syft, syft/pkg/cataloger/debian/parse_dpkg_db.go.

/**
 * trivy: `var/lib/dpkg/status`, and every file of status.d that is no *.md5sums; paragraphs with an empty line between
 * them; without a name, a version, or with "deinstall" or "purge" in Status it is none.
 * @param {ReadonlyMap<string, string>} files by path without the first slash
 */
export function trivyPackages(files) {
  const found = new Set();
  for (const [path, text] of files) {
    const isOfDirectory = path.startsWith('var/lib/dpkg/status.d/') && !path.endsWith('.md5sums');
    if (path !== 'var/lib/dpkg/status' && !isOfDirectory) continue;
    for (const paragraph of text.split(/\n\n+/)) {
      const field = (/** @type {string} */ name) =>
        new RegExp(`^${name}:[ \\t]*(.*)$`, 'mi').exec(paragraph)?.[1]?.trim() ?? '';
      const states = field('Status').split(/\s+/);
      if (states.includes('deinstall') || states.includes('purge')) continue;
      if (field('Package') !== '' && field('Version') !== '')
        found.add(`${field('Package')} ${field('Version')} ${field('Architecture')}`);
    }
  }
  return found;
}

/**
 * trivy: the files of a package, from `info/NAME.list` or else `info/NAME:ARCH.list`; a line that the next one goes on
 * from is a directory.
 * @param {ReadonlyMap<string, string>} files
 * @param {string} name
 * @param {string} architecture
 */
export function trivyFiles(files, name, architecture) {
  const list =
    files.get(`var/lib/dpkg/info/${name}.list`) ??
    files.get(`var/lib/dpkg/info/${name}:${architecture}.list`);
  const lines = (list ?? '').split('\n').filter((line) => line !== '' && line !== '/.');
  return lines.filter((line, at) => !lines[at + 1]?.startsWith(`${line}/`));
}

/**
 * syft: line by line, an empty one ends an entry; continuation lines begin with a blank and need a key before them, a
 * key twice in one entry fails the whole file; entries with "deinstall" in Status are left out.
 * @param {ReadonlyMap<string, string>} files
 */
export function syftPackages(files) {
  const found = new Set();
  for (const [path, text] of files) {
    if (!/^var\/lib\/dpkg\/status(?:\.d\/.*)?$/.test(path) || path.endsWith('.md5sums')) continue;
    let entry = new Map();
    let key = '';
    const end = () => {
      const status = entry.get('Status') ?? '';
      if (entry.get('Package') && !status.includes('deinstall'))
        found.add(`${entry.get('Package')} ${entry.get('Version') ?? ''} ${entry.get('Architecture') ?? ''}`);
      entry = new Map();
    };
    for (const line of text.split('\n')) {
      if (line === '') end();
      else if (line.startsWith(' ')) {
        if (!entry.has(key)) throw new Error(`syft refuses ${path}: "${line}" continues nothing`);
        entry.set(key, `${entry.get(key)}\n${line.trim()}`);
      } else if (line.indexOf(':') > 0) {
        key = line.slice(0, line.indexOf(':')).trim().replaceAll('-', '');
        if (entry.has(key)) throw new Error(`syft refuses ${path}: "${key}" is there twice`);
        entry.set(key, line.slice(line.indexOf(':') + 1).trim());
      }
    }
    end();
  }
  return found;
}
