import type { Language } from '../commands/interpreters.ts';

/** Where an interpreter finds its library and what is installed for it; `*` stands for any part of one name. */
export interface RuntimeTree {
  readonly language: Language;
  readonly directories: readonly string[];
  readonly source: string;
}

/** Runtimes that have no detector of their own yet: what they might load is kept whole, without documentation. */
export const RUNTIME_TREES: readonly RuntimeTree[] = [
  {
    language: 'lua',
    directories: ['/usr/share/lua', '/usr/lib/*/lua', '/usr/local/share/lua', '/usr/local/lib/lua'],
    source: 'luaconf.h, LUA_PATH_DEFAULT and LUA_CPATH_DEFAULT',
  },
  {
    language: 'tcl',
    directories: ['/usr/share/tcltk', '/usr/lib/tcltk', '/usr/lib/*/tcltk', '/usr/local/lib/tcl*'],
    source: 'tclvars(n), auto_path',
  },
  {
    language: 'r',
    directories: ['/usr/lib/R', '/usr/share/R', '/etc/R', '/usr/local/lib/R'],
    source: 'R(1), R_HOME and .libPaths()',
  },
  {
    language: 'guile',
    directories: ['/usr/share/guile', '/usr/lib/*/guile', '/usr/local/share/guile'],
    source: 'guile %load-path',
  },
  {
    language: 'erlang',
    directories: ['/usr/lib/erlang', '/usr/local/lib/erlang'],
    source: 'erl(1), ROOTDIR',
  },
  {
    language: 'elixir',
    directories: ['/usr/lib/elixir', '/usr/lib/erlang', '/usr/local/lib/elixir', '/usr/local/lib/erlang'],
    source: 'elixir(1)',
  },
  { language: 'mono', directories: ['/usr/lib/mono', '/etc/mono'], source: 'mono(1), gacutil(1)' },
  {
    language: 'awk',
    directories: ['/usr/share/awk', '/usr/lib/*/gawk'],
    source: 'gawk(1), AWKPATH and AWKLIBPATH',
  },
];

/** Parts of such trees that no program loads. */
export const NOT_LOADED =
  /\/(?:doc|docs|man|examples?|ri|demos|tests?|help|html)(?:\/|$)|\.(?:pod|ri|h|hpp|rbi|md|txt\.gz)$|\/(?:cpan|perldoc|pod2\w+)$/;
