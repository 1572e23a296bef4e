import { OslimError } from '../../errors.ts';
import { scriptDetectors } from '../../trace/detectors/scripts.ts';
import { scanSource as scanJavaScript } from '../../trace/languages/node/scan-source.ts';
import { scanSource as scanPython } from '../../trace/languages/python/scan-source.ts';
import { memoryRootfs } from '../memory-rootfs.ts';
import { traceOf } from '../trace-of.ts';
import { type FuzzTarget, utf8 } from './fuzz-target.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the texts are the shell's and JavaScript's own.
const SHELL = [
  '#!/bin/sh -e',
  'set -eu; x=${1:-/app/a}; y="$x/$(basename "$0")"',
  'f() { local z=$1; case "$z" in -*|--x=*) exec /app "$@" ;; *) echo "${z%%/*}" ;; esac; }',
  'if [ "${x#-}" != "$x" ] && command -v app >/dev/null; then set -- app "$@"; fi',
  'for i in /etc/*.d a{1..3} b{c,d}; do . "$i" || :; done',
  'while read -r l; do eval "$l"; done <<X',
  '$((1 + 2)) `id`',
  'X',
  'trap \'f x\' EXIT; exec env -i A=b app "$@"',
  '',
].join('\n');
const PYTHON = [
  '#!/usr/bin/env python3',
  '# -*- coding: utf-8 -*-',
  '"""doc""" ; import os.path as p, sys',
  'from . import (a, b as c,  # x',
  '    d)',
  'from ..x.y import *',
  'try:',
  "    import importlib; importlib.import_module(f'm.{a}')",
  'except ImportError: pass',
  'if TYPE_CHECKING:',
  '    import t',
  "def g(): return open(r'/etc/x' \"y\"), subprocess.run(['ls', '-l']), ctypes.CDLL('libm.so.6')",
  "if __name__ == '__main__': g()",
  '',
].join('\n');
const JAVASCRIPT = [
  '#!/usr/bin/env node',
  "'use strict'; const a = require('./a' + '.js'), b = require(`../${x}/b`);",
  "import c, { d as e } from 'c/f'; export * from \"./g.mjs\"; import('h').then(({ i }) => i?.());",
  "const { execFile } = require('child_process'); execFile('ls', ['-l']);",
  "fs.readFileSync(path.join(__dirname, 'x.txt')); process.dlopen(module, require.resolve('z.node'));",
  '/* y */ class K { static #m = /["\']/g.test("") }',
  '',
].join('\n');

export const shellTarget: FuzzTarget = {
  name: 'shell',
  covers: /\/src\/trace\/shell\//,
  seeds: () => [SHELL],
  words: [
    '$(',
    ')',
    '`',
    '"',
    "'",
    '${',
    '}',
    '$((',
    '))',
    '<<A\n',
    '\nA\n',
    'if ',
    'then ',
    'fi\n',
    'case x in ',
    'esac',
    'for i in ',
    'do ',
    'done',
    '{a,b}',
    '[[ ',
    ' ]]',
    '&&',
    '||',
    '|',
    ';;',
    'eval ',
    'exec ',
    '. ',
    'set -- ',
    '*',
    '\\\n',
    'f() {',
    '$@',
    '%%',
    '##',
    '//',
  ],
  run: async (bytes) => {
    const rootfs = memoryRootfs({ '/entry': bytes, '/bin/sh': 'x', '/bin/app': 'x', '/etc/a.d': 'x' });
    const config = { Entrypoint: ['/bin/sh', '/entry'], Cmd: ['-x', 'y'], Env: ['PATH=/bin'] };
    try {
      await traceOf(rootfs, config, scriptDetectors());
    } catch (error) {
      if (!(error instanceof OslimError)) throw error;
    }
  },
};

export const pythonTarget: FuzzTarget = {
  name: 'python',
  covers: /\/src\/trace\/languages\/python\/(?:scan-source|logical-lines|source-|imports|strings)/,
  seeds: () => [PYTHON],
  words: [
    'import ',
    'from ',
    ' as ',
    '(',
    ')',
    '\\\n',
    '"""',
    "'''",
    '#',
    '\n    ',
    'f"{',
    '}"',
    'if TYPE_CHECKING:',
    'def ',
    'class ',
    '.',
    '*',
    ',',
    ';',
    'r"',
    'try:',
    'except ',
  ],
  run: (bytes) => scanPython(utf8(bytes)),
};

export const javascriptTarget: FuzzTarget = {
  name: 'javascript',
  covers: /\/src\/trace\/languages\/node\/(?:scan-source|static-value|scan-text)/,
  seeds: () => [JAVASCRIPT],
  words: [
    'require(',
    'import ',
    ' from ',
    'import(',
    ')',
    '`${',
    '}`',
    "'",
    '"',
    '/*',
    '*/',
    '//',
    '=>',
    '{',
    '}',
    '[',
    ']',
    '?.',
    'process.',
    '__dirname',
    '+',
    'async ',
    'await ',
    '/[/]/g',
  ],
  run: (bytes) => scanJavaScript(utf8(bytes)),
};
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the texts are the shell's and JavaScript's own.
