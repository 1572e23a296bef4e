/** PhpIni is what of an .ini file names other files. */
export interface PhpIni {
  /** Values of `extension` and `zend_extension`: a name, a file name or a path. */
  readonly extensions: readonly string[];
  readonly extensionDirectories: readonly string[];
  readonly include: readonly string[];
  /** Paths that other settings name (`auto_prepend_file`, `opcache.preload`, `error_log`, …). */
  readonly paths: readonly string[];
}

/** Reads an .ini file (php.net, "The configuration file"): `name = value`, comments begin with `;`. */
export function readIni(text: string): PhpIni {
  const extensions: string[] = [];
  const extensionDirectories: string[] = [];
  const include: string[] = [];
  const paths: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name, quoted, plain] = /^\s*([\w.]+)\s*=\s*(?:"([^"]*)"|([^;]*))/.exec(line) ?? [];
    const value = (quoted ?? plain ?? '').trim();
    if (name === undefined || value === '') continue;
    if (name === 'extension' || name === 'zend_extension') extensions.push(value);
    else if (name === 'extension_dir') extensionDirectories.push(value);
    else if (name === 'include_path') include.push(...value.split(':'));
    else if (value.startsWith('/')) paths.push(value);
  }
  return { extensions, extensionDirectories, include, paths };
}
