// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell's, not TypeScript's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { scriptDetectors } from '../detectors/scripts.ts';

const SAMPLE = `#!/bin/sh
set -e; : "\${A:=/etc/x}"; B=\${A%/*}; export C="$(dirname "$0")"
f() { local n=$1; shift; case "$n" in a|b*) "$@" ;; *) return 1 ;; esac; }
for i in "$@" {1..3} /etc/*; do f a cat "$i" || continue; done
while read -r l; do eval "$l"; done <<EOF
ls $B \`cat x\`
EOF
[[ $1 == -* ]] && set -- cat "$@"; a=(x y); "\${a[@]:1}" "\${!A}" "\${B//x/y}"
trap 'rm $A' EXIT; . ./lib; exec env -S "cat -n" "$@"
`;

/** Traces a script; fails by its own exception, or by the time that the test may take. */
async function follow(script: string): Promise<readonly string[]> {
  const rootfs = memoryRootfs({
    '/bin/sh': 'ELF\0',
    '/bin/cat': 'ELF\0',
    '/entry': { content: script, mode: 0o755 },
  });
  return (
    await traceOf(rootfs, { Entrypoint: ['/entry'], Cmd: ['-x', 'y'], Env: ['PATH=/bin'] }, scriptDetectors())
  ).paths;
}

describe('malformed scripts', () => {
  it('survives a script cut anywhere', async () => {
    for (let length = 0; length < SAMPLE.length; length += 3) {
      expect(await follow(SAMPLE.slice(0, length))).toContain('/entry');
    }
  });

  it('survives scripts with anything put in anywhere', async () => {
    const piece = fc.constantFrom(
      '"',
      "'",
      '`',
      '$(',
      '${',
      ')',
      '}',
      '{',
      ';;',
      '&&',
      '|',
      '<<E',
      '\0',
      '\n',
      '\\',
      '[[',
      ']]',
      'done',
      'fi',
      '((',
      '*',
      '$@',
      '{a,b}',
      '=(',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(SAMPLE.length), piece), { maxLength: 6 }), async (edits) => {
        let script = SAMPLE;
        for (const [at, text] of edits) script = script.slice(0, at) + text + script.slice(at);
        await follow(script);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('survives nesting that its parser does not follow', async () => {
    for (const [open, close] of [
      ['$(', ')'],
      ['{ ', '; }'],
      ['if ', '; fi'],
      ['${x:-', '}'],
    ]) {
      const paths = await follow(`#!/bin/sh\n${open?.repeat(3000)}cat${close?.repeat(3000)}\n`);
      expect(paths).toContain('/entry');
    }
  });

  it.each([
    ['nested substitutions', `x=${'$('.repeat(60)}cat${')'.repeat(60)}`],
    ['nested groups', `${'{ '.repeat(90)}cat; ${'}; '.repeat(90)}`],
    ['nested braces', `cat ${'{a,'.repeat(500)}b${'}'.repeat(500)}`],
    ['braces multiplied', `cat ${'{a,b,c,d,e,f}'.repeat(12)}`],
    [
      'values multiplied',
      `read x; case $x in a|b|c|d|e|f|g|h) ;; esac; for v in {1..60}; do y=$v$v$v$v; done; cat $y$y$y$y`,
    ],
    ['a value that doubles', `x=aaaaaaaaaaaaaaaa\n${'x=$x$x\n'.repeat(40)}cat "$x"`],
    ['a function that calls itself', 'f() { f "$@" x; f y; }; f; cat'],
    [
      'functions that call each other',
      `${Array.from({ length: 30 }, (_, at) => `f${at}() { f${at + 1}; f${at + 1} x; }`).join('\n')}\nf0\ncat`,
    ],
    ['nested loops', `${'for i in a b c; do '.repeat(12)}x=$x$i; cat; ${'done; '.repeat(12)}`],
    [
      'a pattern of stars',
      'x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; cat "${x##*a*a*a*a*a*a*b}"; case $x in *a*a*a*a*a*a*a*b) ;; esac',
    ],
    ['a script that sources itself', '. /entry; cat'],
    ['a script that starts itself', '/entry "$@" "$@"; "$0" z; cat'],
    ['eval of itself', `e='eval "$e"'; eval "$e"; cat`],
  ])('ends with %s', async (_summary, script) => {
    expect(await follow(`#!/bin/sh\n${script}\n`)).toContain('/bin/cat');
  });
});
