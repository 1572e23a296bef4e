/** Distributions' package managers, and the words of a command line that change which packages are installed. */
export const INSTALLERS: readonly {
  readonly programs: ReadonlySet<string>;
  readonly words: RegExp;
  readonly source: string;
}[] = [
  {
    programs: new Set(['apt', 'apt-get', 'aptitude']),
    words:
      /^(?:update|(?:safe-|dist-|full-)?upgrade|(?:re)?install|remove|purge|auto(?:remove|purge|clean)|clean|build-dep|check)$/,
    source: 'apt-get(8), apt(8), aptitude(8)',
  },
  {
    programs: new Set(['dpkg']),
    words: /^(?:-[irP]|--(?:install|unpack|configure|remove|purge|add-architecture))$/,
    source: 'dpkg(1)',
  },
  {
    programs: new Set(['apk']),
    words: /^(?:add|del|fix|update|upgrade|cache)$/,
    source: 'apk(8)',
  },
  {
    programs: new Set(['yum', 'dnf', 'dnf5', 'microdnf', 'tdnf', 'zypper']),
    words:
      /^(?:(?:re|local|group|source-)?install|update|upgrade|up|in|rm|ref|dup|refresh|remove|erase|autoremove|clean|makecache|module|dist-upgrade)$/,
    source: 'yum(8), dnf(8), zypper(8)',
  },
  {
    programs: new Set(['rpm']),
    words: /^(?:-[iUFe][a-z]*|--(?:install|upgrade|freshen|erase|import))$/,
    source: 'rpm(8)',
  },
  {
    programs: new Set(['pacman']),
    words: /^-(?:[SUR][a-z]*)$/,
    source: 'pacman(8)',
  },
];
