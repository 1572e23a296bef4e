/**
 * Where files lie that a running program hardly ever opens. It is only a guess about what is worth writing down: whoever
 * wants such a file gets it, by reading the layer a second time. Names are those of tar entries, `./` and all.
 */
const DIRECTORIES: readonly string[] = [
  // FHS 3.0, 4.11 (usr/share): documentation in its forms; message catalogues, of which one language is wanted at most.
  'usr/share/(?:doc|man|info|gtk-doc|help|locale)',
  // FHS 3.0, 4.5 and 4.12: header files, source code.
  'usr/(?:include|src)',
  // GDB manual, "Debugging Information in Separate Files".
  'usr/lib/debug',
  // Compilers and what they compile against: gcc (gcc -print-search-dirs), LLVM, Go (GOROOT), Rust (rustc --print sysroot).
  'usr/lib(?:exec)?/gcc(?:-cross)?',
  'usr/lib/(?:llvm-[^/]*|go-[^/]*|rustlib)',
  'usr/share/go-[^/]*',
  'usr/local/(?:go/(?:pkg|src)|include|share/(?:doc|man))',
  // jlink's input (JEP 220); a run takes lib/modules.
  'usr/lib/jvm/[^/]*/jmods',
  // Caches of package managers (apt, dnf, apk) and what pip, npm and Maven leave in a home directory.
  'var/(?:lib/apt/lists|cache)',
  '(?:root|home/[^/]*)/(?:\\.cache|\\.npm|\\.m2|\\.cargo/registry)',
];

/** Archives of `ar` and object files for a linker. */
const LINKED = /\.(?:a|o)$/;
const UNLIKELY = new RegExp(`^(?:\\./|/)?(?:${DIRECTORIES.join('|')})/`);

export function isUnlikely(name: string): boolean {
  return UNLIKELY.test(name) || LINKED.test(name);
}
