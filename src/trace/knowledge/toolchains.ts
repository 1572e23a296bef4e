/** Programs that compile and link: they start other programs and read headers and libraries, by names built into them. */
export interface Toolchain {
  /** Matches the base name of the program that runs, links resolved or not. */
  readonly programs: RegExp;
  readonly source: string;
}

export const TOOLCHAINS: readonly Toolchain[] = [
  {
    programs:
      /^(?:[\w.]+-linux-[\w]+-)?(?:gcc|g\+\+|cc|c\+\+|c89|c99|cpp|gfortran|gdc|gccgo|gnatmake)(?:-[\d.]+)?$/,
    source: 'gcc(1), "Options Controlling the Kind of Output"; GCC manual, "Directory Search"',
  },
  { programs: /^clang(?:\+\+|-cpp)?(?:-[\d.]+)?$/, source: 'clang(1), "STAGE SELECTION OPTIONS"' },
  { programs: /^tcc$/, source: 'tcc(1)' },
  { programs: /^(?:go|gofmt)$/, source: 'go(1): GOROOT' },
  { programs: /^(?:rustc|cargo)$/, source: 'rustc(1): sysroot' },
  { programs: /^(?:ocaml(?:c|opt|find)?|ghc|fpc|sbcl|ecl)(?:[.-].*)?$/, source: 'the manual page of each' },
];
