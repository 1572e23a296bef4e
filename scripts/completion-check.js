// Asks real shells for completions, with the scripts that `oslim completion` prints: bash by calling its function, fish by
// `complete -C`, zsh by typing at a terminal. Shells that are not installed are named aloud. Exit 1 on failure.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OSLIM = fileURLToPath(new URL('../bin/oslim.js', import.meta.url));

/** What is typed (the last word is to be completed), and what all shells have to offer for it, sorted. */
const CASES = /** @type {const} */ ([
  ['ins', 'inspect'],
  ['cache p', 'prune'],
  ['--compre', '--compress'],
  ['--compress z', 'zstd'],
  ['-o out.tar --fro', '--frozen-lock'],
  ['ldd --cp', '--cpu'],
  ['slim --allo', '--allow-missing'],
  ['completion f', 'fish'],
  ['-o note', 'notes.txt'],
  ['verify --again', '--against'],
  ['diff note', 'notes.txt'],
  ['-o ldd --nothi', ''],
]);

const directory = mkdtempSync(join(tmpdir(), 'oslim-completion-'));
let failures = 0;
try {
  writeFileSync(join(directory, 'notes.txt'), '');
  for (const [shell, ask] of Object.entries({ bash: askBash, zsh: askZsh, fish: askFish })) {
    if (spawnSync(shell, ['-c', 'exit 0']).status !== 0) {
      console.log(`*** NOT TRIED: ${shell} is not installed ***`);
      continue;
    }
    const script = join(directory, `oslim.${shell}`);
    writeFileSync(script, execFileSync(process.execPath, [OSLIM, 'completion', shell]));
    for (const [typed, expected] of CASES) {
      const offered = ask(script, typed);
      const holds = offered === expected;
      if (!holds) failures++;
      console.log(`${holds ? 'ok  ' : 'FAIL'} ${shell}: oslim ${typed}\t${offered}`);
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

/** @param {string} shell @param {string[]} args */
function run(shell, args) {
  return execFileSync(shell, args, { cwd: directory, encoding: 'utf8' }).trim();
}

/** @param {string} script @param {string} typed */
function askBash(script, typed) {
  const ask = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _oslim; echo "\${COMPREPLY[*]}"`;
  return run('bash', ['--norc', '-c', ask, 'bash', script, 'oslim', ...typed.split(' ')]);
}

/** @param {string} script @param {string} typed */
function askFish(script, typed) {
  const ask = `source ${script}; complete -C "oslim ${typed}"`;
  const lines = run('fish', ['--no-config', '-c', ask]).split('\n');
  return lines.map((line) => line.split('\t')[0]).join(' ');
}

/** What stands on the line after Tab, where one completion alone fits. @param {string} script @param {string} typed */
function askZsh(script, typed) {
  const answer = join(directory, 'answer');
  rmSync(answer, { force: true });
  // The line editor itself says, by a key of its own, what it has made of the line.
  const settings = [
    'autoload -Uz compinit; compinit -u -D',
    `source ${script}`,
    `show() { print -r -- "$BUFFER" >${answer}.new; mv ${answer}.new ${answer} }`,
    "zle -N show; bindkey '^I' complete-word; bindkey '^T' show",
    'print rea""dy',
  ];
  writeFileSync(join(directory, '.zshrc'), settings.join('\n'));
  const ask = `
zmodload zsh/zpty
zpty shell 'ZDOTDIR=${directory} TERM=vt100 zsh -d -i'
zpty -r -m shell said '*ready*'
zpty -n -w shell $'oslim ${typed}\\t\\x14'
for i in {1..100}; do [[ -e ${answer} ]] && break; zpty -r -t shell said; sleep 0.05; done
zpty -d shell
cat ${answer}`;
  const word = run('zsh', ['-f', '-c', ask]).split(' ').at(-1) ?? '';
  return `oslim ${typed}`.endsWith(word) ? '' : word;
}
