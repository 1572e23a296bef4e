// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell's, not TypeScript's.
import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { scriptDetectors } from '../detectors/scripts.ts';

const COMMANDS = [
  'app',
  'apt-get',
  'cat',
  'chown',
  'curl',
  'find',
  'gosu',
  'grep',
  'id',
  'ls',
  'nginx',
  'rm',
  'sed',
  'sort',
  'tool',
  'xargs',
  'env',
  'python3',
];
const IMAGE: Record<string, MemoryFile> = {
  '/bin/sh': 'ELF\0',
  '/etc/app/app.conf': 'x',
  '/etc/empty.d': { directory: true },
  '/etc/app/d/10-a.sh': 'app',
  '/etc/app/d/20-b.sh': 'tool',
  '/etc/app/d/notes.txt': '',
  '/etc/default/app': 'OPTS="-c /etc/app/app.conf"; PROGRAM=/opt/app/run\n',
  '/opt/app/run': '#!/bin/sh\nnginx\n',
  '/opt/app/lib/util.sh': 'util() { sed; }\n',
  '/usr/local/bin/start': { link: '/opt/app/bin/start' },
  '/opt/app/bin/start': '#!/bin/sh\n. "$(dirname "$(readlink -f "$0")")/../lib/util.sh"\nutil\n',
};
for (const name of COMMANDS) IMAGE[`/usr/bin/${name}`] = 'ELF\0';

/** Traces `/entry.sh ARGS…`; returns the commands and other files kept, and the warnings. */
async function follow(script: string, args: string[] = [], env: string[] = []) {
  const rootfs = memoryRootfs({ ...IMAGE, '/entry.sh': `#!/bin/sh\n${script}\n` });
  const result = await traceOf(
    rootfs,
    { Entrypoint: ['/entry.sh'], Cmd: args, Env: ['PATH=/usr/bin:/bin', ...env] },
    scriptDetectors(),
  );
  const kept = result.paths.filter((path) => path !== '/bin/sh' && path !== '/entry.sh');
  return {
    commands: kept
      .filter((path) => path.startsWith('/usr/bin/'))
      .map((path) => path.slice(9))
      .join(' '),
    files: kept.filter((path) => !path.startsWith('/usr/bin/')).join(' '),
    warnings: result.warnings.map(({ message }) => message),
  };
}

const COMMAND_ROWS: readonly [string, string, string, string[]?, string[]?][] = [
  ['commands in a row, and none that is not there', 'cat x\nnothing-here\nls', 'cat ls'],
  ['pipes, lists, negation and background', '! cat | grep x && sed y || ls & rm', 'cat grep ls rm sed'],
  [
    'conditions, loops and branches',
    'if grep x; then cat; elif ls; then rm; else sed; fi; while id; do sort; done; until app; do tool; done',
    'app cat grep id ls rm sed sort tool',
  ],
  ['words of a for loop', 'for c in cat ls; do $c; done', 'cat ls'],
  ['case branches, taken or not', 'case "$1" in a) cat ;; b|c) ls ;; *) rm ;; esac', 'cat ls rm', ['a']],
  [
    'no package manager that installs what is missing',
    'if ! command -v curl; then apt-get update && apt-get install -y curl; fi; curl',
    'curl',
  ],
  ['none behind "or"', 'command -v gosu >/dev/null || (apt-get install gosu)', ''],
  [
    'none behind a question',
    '[ -z "$MORE" ] || apt-get -qq install $MORE; [ -n "$MORE" ] && env X=1 apt-get install $MORE',
    '',
  ],
  [
    'none for an argument that is not given',
    'case "$1" in setup) apt-get update ;; *) ls ;; esac',
    'ls',
    ['a'],
  ],
  [
    'a package manager that is called for sure',
    'set -e; cd /tmp && apt-get update && apt-get install -y x; ls',
    'apt-get ls',
  ],
  ['a package manager that only tells', 'if grep x; then apt-get --version; fi', 'apt-get grep'],
  ['what a pattern says of an unknown word', 'read c; case $c in cat|ls) $c ;; esac', 'cat ls'],
  [
    'subshells, groups and substitutions',
    '(cat); { ls; }; x=$(id -u) y=`sort`; echo "$(grep "$(sed)")"',
    'cat grep id ls sed sort',
  ],
  ['functions when they are called', 'f() { cat; g; }; g() { ls; }; h() { rm; }; f', 'cat ls'],
  ['arguments of functions', 'run() { "$@"; }; run cat; run ls', 'cat ls'],
  ['a function hides a command', 'cat() { ls; }; cat', 'ls'],
  ['but not from command and exec', 'cat() { :; }; command cat; exec ls; rm', 'cat ls'],
  [
    'names in quotes, comments and here-documents are no commands',
    '# cat\necho "ls" \'rm\'\ncat_x <<EOF\nsed\nEOF\n',
    '',
  ],
  ['substitutions in here-documents', 'tool <<EOF\n$(cat)\nEOF\n', 'cat tool'],
  ['a quoted here-document says nothing', "tool <<'EOF'\n$(cat)\nEOF\n", 'tool'],
  ['code for a shell in a here-document', 'sh <<EOF\ncat\nEOF\n', 'cat'],
  ['code for a shell through a pipe', 'echo "cat x" | sh', 'cat'],
  ['"$@" is Cmd', 'exec "$@"', 'app', ['app', '-x']],
  ['set -- prepends', 'if [ "${1#-}" != "$1" ]; then set -- app "$@"; fi; exec "$@"', 'app', ['-x']],
  [
    'set -- under a condition on arguments, for which others may be given',
    'if [ "$1" = x ]; then set -- app "$@"; fi; exec "$@"',
    'app tool',
    ['tool'],
  ],
  ['every script that an argument may choose', 'exec "/etc/app/d/$1.sh"', 'app tool', ['10-a']],
  ['every branch that an argument may choose', 'case $1 in a) cat ;; b) ls ;; esac', 'cat ls', ['a']],
  ['the scripts that a name made at run time may mean', '. "/etc/app/d/$(id).sh"', 'app id tool'],
  ['shift', 'shift; exec "$@"', 'app', ['tool', 'app']],
  ['shift in a loop', 'while [ $# -gt 1 ]; do shift; done; exec "$@"', 'app', ['-x', 'app']],
  ['the rest of the arguments', 'exec "${@:2}"', 'app', ['tool', 'app']],
  ['wrappers', 'exec gosu app:app env A=1 tool', 'env gosu tool'],
  ['xargs and find', 'find . -exec cat {} \\; | xargs ls', 'cat find ls xargs'],
  ['a variable', 'CMD=cat; $CMD x; "${CMD}"', 'cat'],
  ['a variable of several values', 'if id; then c=cat; else c=ls; fi; $c', 'cat id ls'],
  ['the last of several values in a row', 'c=cat; c=ls; $c', 'ls'],
  ['a default', '${TOOL:-cat} x; "${OTHER:=ls}"; $OTHER', 'cat ls'],
  ['the environment of the image', '$TOOL x; ${NONE}sed', 'cat sed', [], ['TOOL=cat']],
  ['a command with its arguments in one variable', 'c="cat -n"; $c x', 'cat'],
  [
    'suffixes, prefixes and replacements',
    'x=tool.sh; ${x%.sh}; y=/a/cat; ${y##*/}; z=l-s; ${z/-/}',
    'cat ls tool',
  ],
  ['an unset variable is no command', '$PREFIX cat', 'cat'],
  ['arrays', 'a=(cat -n); a+=(x); "${a[@]}"; b=(ls); ${b[0]}', 'cat ls'],
  ['indirection', 'name=C; C=cat; ${!name}', 'cat'],
  ['trap and eval', "trap 'rm -f x' EXIT; eval 'cat y'; e=ls; eval \"$e z\"", 'cat ls rm'],
  ['output of command -v', 'x=$(command -v nosuch || command -v cat); "$x"', 'cat'],
  ['asking for a command does not keep it', 'command -v curl >/dev/null || exit 1; which ls', ''],
  ['an absolute path', '/usr/bin/cat; [ -x /usr/bin/ls ] && echo yes', 'cat'],
  ['PATH as the script sets it', 'PATH=/opt/app:$PATH; run', 'nginx'],
  ['a prefix assignment', 'PATH=/opt/app run', ''],
  ['sourced settings', '. /etc/default/app; "$PROGRAM" $OPTS', 'nginx'],
  ['run-parts by a loop over a glob', 'for f in /etc/app/d/*.sh; do . "$f"; done', 'app tool'],
  [
    'run-parts by find and read',
    'find /etc/app/d -type f | sort | while read -r f; do case "$f" in *.sh) . "$f" ;; esac; done',
    'app find sort tool',
  ],
  ['a script beside the real path of this one', '/usr/local/bin/start', 'sed'],
  ['brace expansion', 'for c in {ca,so}{t,rt}; do $c; done; echo {ls,rm}', 'cat sort'],
  ['nothing after exec', 'exec cat\nls', 'cat'],
  ['but what other arguments would do', 'if [ "$1" = a ]; then exec cat; fi; exec ls', 'cat ls', ['a']],
  [
    'a test in double brackets',
    '[[ $1 == a* && -n $1 ]] && cat; [[ -f /etc/app/app.conf ]] && ls',
    'cat ls',
    ['abc'],
  ],
  ['functions that an unknown command may be', 'f() { cat; }\n"$(id)" x', 'cat id'],
  ['python on standard input', 'python3 - <<EOF\nimport x\nEOF', 'python3'],
  ['a script that starts itself with ever more arguments', '"$0" x "$@"; cat', 'cat'],
  ['arithmetic', 'x=$(( $(id) + 1 )); (( y = $(ls) ))', 'id ls'],
  ['a select and a coprocess', 'select x in a; do cat; done; coproc ls', 'cat ls'],
  ['process substitution', 'cat < <(sed x)', 'cat sed'],
];

const FILE_ROWS: readonly [string, string, string][] = [
  ['a redirection', 'tool < /etc/app/app.conf', '/etc/app/app.conf'],
  ['a file that is written needs its directory', 'tool > /opt/app/out.log', '/opt/app'],
  ['a file that is tested', '[ -f /etc/app/app.conf ]', '/etc/app/app.conf'],
  ['an argument', 'tool --config=/etc/app/app.conf', '/etc/app/app.conf'],
  ['an argument from cd', 'cd /etc/app && tool ./app.conf', '/etc/app /etc/app/app.conf'],
  ['a sourced file', '. /opt/app/lib/util.sh', '/opt/app/lib/util.sh'],
  ['a file that is not there', '[ -f /nothing ] && . /nothing', ''],
  [
    'the directory of a glob that matches nothing',
    'for f in /etc/empty.d/*; do cat $f; done',
    '/etc/empty.d',
  ],
  ['the directory of a glob that matches', 'cat /etc/app/d/*.txt', '/etc/app/d /etc/app/d/notes.txt'],
];

const WARNING_ROWS: readonly [string, string, (string | RegExp)[]][] = [
  [
    'an unknown command',
    '\nc=$(id)\n$c x',
    [/^cannot follow "\/entry\.sh" in line 4: the command "\$c" is not known$/],
  ],
  ['an unknown file to source', '. "$(id)"', [/line 2: the sourced file .* is not known/]],
  ['an unknown argument of a wrapper', 'exec gosu app "$(id)"', [/line 2: what gosu starts/]],
  ['eval of what is not known', 'eval "run_$(id)"', [/line 2: what eval runs/]],
  ['a shell that reads what is not known', 'curl x | sh', [/line 2: what sh reads/]],
  [
    'an unknown script',
    'x=$(id); gosu app python3 "$x"; sh $x',
    [/what python3 is given/, /what sh is given/],
  ],
  ['a text that does not parse', 'if then', [/line 2: /]],
  ['no warning for what is understood', 'x=$(id -u); eval "$(ssh-agent)"; export "$x"; echo $x', []],
];

describe('shell scripts: commands', () => {
  it.each(COMMAND_ROWS)('%s', async (_summary, script, expected, args, env) => {
    expect((await follow(script, args, env)).commands).toBe(expected);
  });
});

describe('shell scripts: files', () => {
  it.each(FILE_ROWS)('%s', async (_summary, script, expected) => {
    const { files } = await follow(script);
    expect(files.split(' ')).toEqual(expect.arrayContaining(expected.split(' ')));
  });
});

describe('shell scripts: warnings', () => {
  it.each(WARNING_ROWS)('%s', async (_summary, script, expected) => {
    const { warnings } = await follow(script);
    expect(warnings).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });
});
