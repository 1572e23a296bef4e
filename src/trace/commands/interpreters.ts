/** Language is what an interpreter reads; `other` has no detector of its own. */
export type Language =
  | 'shell'
  | 'python'
  | 'node'
  | 'ruby'
  | 'perl'
  | 'php'
  | 'java'
  | 'lua'
  | 'tcl'
  | 'guile'
  | 'r'
  | 'erlang'
  | 'elixir'
  | 'mono'
  | 'dotnet'
  | 'awk'
  | 'sed'
  | 'make'
  | 'other';

/**
 * What an option means for the operands: `value` takes a value, glued or in the next word, and nothing follows from
 * it; `file` and `code` take one too, and it is the program; `last-code`, `module` and `jar` also end the options;
 * `code-first` says that the first operand is code (sh -c); `stdin` that the program comes from standard input;
 * `glued` may have a value in the same word only.
 */
export type OptionMeaning =
  | 'value'
  | 'file'
  | 'code'
  | 'last-code'
  | 'module'
  | 'jar'
  | 'code-first'
  | 'stdin'
  | 'glued'
  | 'nothing';

/** InterpreterGrammar is how one family of interpreters reads its command line. */
export interface InterpreterGrammar {
  readonly language: Language;
  /** Matches the base name by which it is called. */
  readonly names: RegExp;
  readonly options: Readonly<Record<string, OptionMeaning>>;
  /** May single letters share one word (`-xe`)? */
  readonly clusters: boolean;
  /** What the first operand is when no option said what the program is. */
  readonly operand: 'file' | 'code' | 'class' | 'nothing';
  /** Where the grammar is documented. */
  readonly source: string;
}

function options(meanings: Partial<Record<OptionMeaning, string>>): Record<string, OptionMeaning> {
  const table: Record<string, OptionMeaning> = {};
  for (const [meaning, names] of Object.entries(meanings)) {
    for (const name of names.split(' ')) table[name] = meaning as OptionMeaning;
  }
  return table;
}

/** The interpreters, first match wins. */
export const INTERPRETERS: readonly InterpreterGrammar[] = [
  {
    language: 'shell',
    names: /^-?(?:ba|da|a|k|mk|lk|z|ya|rba|posh|pdk|oksh|hu)?sh(?:-?\d[\d.]*)?$|^posh$/,
    options: options({ 'code-first': '-c', stdin: '-s', value: '-o +o -O +O --rcfile --init-file' }),
    clusters: true,
    operand: 'file',
    source: 'POSIX.1-2024 sh; bash(1), dash(1), zsh(1)',
  },
  {
    language: 'python',
    names: /^(?:python|pypy|micropython)(?:\d+(?:\.\d+)*)?(?:t|d|m)?(?:-dbg)?$/,
    options: options({ 'last-code': '-c', module: '-m', value: '-W -X --check-hash-based-pycs' }),
    clusters: true,
    operand: 'file',
    source: 'python(1), "Command line and environment"',
  },
  {
    language: 'node',
    names: /^(?:node|nodejs|iojs)(?:-?\d+)?$/,
    options: options({
      code: '-e --eval -p --print -pe',
      value:
        '-r --require --import --loader --experimental-loader -C --conditions --env-file --env-file-if-exists --title ' +
        '--input-type --icu-data-dir --openssl-config --inspect-port --redirect-warnings --watch-path ' +
        '--test-reporter --test-reporter-destination --test-name-pattern --diagnostic-dir --cpu-prof-dir ' +
        '--report-dir --report-directory --stack-trace-limit --unhandled-rejections --dns-result-order',
      module: '--run',
    }),
    clusters: false,
    operand: 'file',
    source: 'node(1), "Command-line API"',
  },
  {
    language: 'ruby',
    names: /^(?:ruby|jruby|mruby)(?:\d+(?:\.\d+)*)?$/,
    options: options({
      code: '-e',
      value:
        '-r -I -C -E --encoding --external-encoding --internal-encoding --enable --disable --backtrace-limit',
      glued: '-i -x -F -K -T -W -0',
    }),
    clusters: true,
    operand: 'file',
    source: 'ruby(1)',
  },
  {
    language: 'perl',
    names: /^(?:c?perl)(?:\d+(?:\.\d+)*)?$/,
    options: options({ code: '-e -E', value: '-I', glued: '-M -m -i -l -0 -C -d -D -F -x -V' }),
    clusters: true,
    operand: 'file',
    source: 'perlrun(1)',
  },
  {
    language: 'php',
    names: /^php(?:-cgi)?(?:\d+(?:\.\d+)*)?$/,
    options: options({
      code: '-r --run -B --process-begin -R --process-code -E --process-end',
      file: '-f --file -F --process-file',
      value:
        '-c --php-ini -d --define -S --server -t --docroot -z --zend-extension -g --global ' +
        '--rf --rfunction --rc --rclass --re --rextension --rz --ri --rextinfo -T',
    }),
    clusters: false,
    operand: 'file',
    source: 'php(1), "Using PHP from the command line"',
  },
  {
    language: 'java',
    names: /^java$/,
    options: options({
      jar: '-jar',
      module: '-m --module',
      value:
        '-cp -classpath --class-path -p --module-path --upgrade-module-path --add-modules --add-opens --add-exports ' +
        '--add-reads --limit-modules --patch-module --enable-native-access --source -d --describe-module',
    }),
    clusters: false,
    operand: 'class',
    source: 'java(1), "The java Command"',
  },
  {
    language: 'lua',
    names: /^(?:lua|luajit|texlua|resty)(?:-?\d+(?:\.\d+)*)?(?:-[\w.]+)?$/,
    options: options({ code: '-e', value: '-l -I --main-conf', stdin: '-' }),
    clusters: false,
    operand: 'file',
    source: 'lua(1); resty(1)',
  },
  {
    language: 'tcl',
    names: /^(?:tclsh|wish|expect|jimsh)(?:-?\d+(?:\.\d+)*)?$/,
    options: options({ code: '-c', file: '-f -b', value: '-encoding' }),
    clusters: false,
    operand: 'file',
    source: 'tclsh(1), expect(1)',
  },
  {
    language: 'guile',
    names: /^guile(?:-?\d+(?:\.\d+)*)?$/,
    options: options({ 'last-code': '-c', file: '-s', value: '-e -l -L -C -x', nothing: '\\' }),
    clusters: false,
    operand: 'file',
    source: 'guile(1)',
  },
  {
    language: 'r',
    names: /^(?:Rscript|r|littler)$/,
    options: options({ code: '-e', value: '--default-packages -L -l' }),
    clusters: false,
    operand: 'file',
    source: 'Rscript(1), r(1)',
  },
  {
    language: 'r',
    names: /^R$/,
    options: options({ code: '-e', file: '-f --file', value: '-g --gui -d --debugger --encoding' }),
    clusters: false,
    operand: 'nothing',
    source: 'R(1)',
  },
  {
    language: 'erlang',
    names: /^escript$/,
    options: options({ nothing: '-c -d -e -i -n -s' }),
    clusters: false,
    operand: 'file',
    source: 'escript(1)',
  },
  {
    language: 'erlang',
    names: /^(?:erl|werl)$/,
    options: options({ code: '-eval', value: '-pa -pz -config -boot -sname -name -setcookie -env -s -run' }),
    clusters: false,
    operand: 'nothing',
    source: 'erl(1)',
  },
  {
    language: 'elixir',
    names: /^(?:elixir|iex)$/,
    options: options({
      code: '-e --eval',
      value:
        '-r -pr -pa -pz --app --erl --cookie --sname --name --boot --boot-var --erl-config --vm-args --pipe-to --rpc-eval',
      module: '-S',
    }),
    clusters: false,
    operand: 'file',
    source: 'elixir(1)',
  },
  {
    language: 'mono',
    names: /^mono(?:-sgen)?$/,
    options: options({ value: '--config --runtime' }),
    clusters: false,
    operand: 'file',
    source: 'mono(1)',
  },
  {
    language: 'dotnet',
    names: /^dotnet$/,
    options: options({
      value:
        '--additionalprobingpath --fx-version --roll-forward --depsfile --runtimeconfig --additional-deps',
    }),
    clusters: false,
    operand: 'file',
    source: 'dotnet command, "Host options"',
  },
  {
    language: 'awk',
    names: /^(?:awk|[gmn]awk|original-awk|bwk)$/,
    options: options({
      code: '-e --source',
      file: '-f --file -E --exec',
      value: '-F --field-separator -v --assign -i --include -l --load -W',
    }),
    clusters: false,
    operand: 'code',
    source: 'POSIX.1-2024 awk; gawk(1)',
  },
  {
    language: 'sed',
    names: /^g?sed$/,
    options: options({
      code: '-e --expression',
      file: '-f --file',
      value: '-l --line-length',
      glued: '-i --in-place',
    }),
    clusters: true,
    operand: 'code',
    source: 'POSIX.1-2024 sed; GNU sed(1)',
  },
  {
    language: 'make',
    names: /^(?:g|b)?make$/,
    options: options({ file: '-f --file --makefile', value: '-C --directory -I --include-dir -o -W --eval' }),
    clusters: false,
    operand: 'nothing',
    source: 'POSIX.1-2024 make; GNU make(1)',
  },
  {
    language: 'other',
    names: /^(?:jq|gojq|jaq)$/,
    options: options({ file: '-f --from-file', value: '-L --arg --argjson --slurpfile --rawfile --indent' }),
    clusters: false,
    operand: 'code',
    source: 'jq(1)',
  },
  {
    language: 'other',
    names:
      /^(?:raku|racket|sbcl|clisp|ocaml|ocamlrun|runghc|julia|octave(?:-cli)?|gnuplot|gst|swipl|dc|scala|groovy|gforth|fish|csh|tcsh|elvish|execlineb|newlisp|qjs)$/,
    options: options({
      code: '-e --eval -c --command',
      file: '--script --load -f',
      value: '-L -I -l -p',
    }),
    clusters: false,
    operand: 'file',
    source: 'the manual page of each',
  },
];

/** Returns the grammar of the interpreter called `name` (a base name). */
export function grammarOf(name: string): InterpreterGrammar | undefined {
  return INTERPRETERS.find((grammar) => grammar.names.test(name));
}
