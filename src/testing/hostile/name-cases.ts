import type { TarSpec } from '../tar-builder.ts';
import {
  type AttackedImage,
  type HostileCase,
  imageWith,
  KEEP_EVERYTHING,
  type Refusal,
  type Result,
} from './hostile-case.ts';

/** Names that are more than names to a terminal, a browser or a shell. */
const NAMES: Readonly<Record<string, string>> = {
  'clear-screen': '\u001b[2J\u001b[1;1H',
  title: '\u001b]0;owned\u0007',
  clipboard: '\u001b]52;c;cm0gLXJmIC8K\u0007',
  'c1-control': '\u009b2J',
  'carriage-return': 'x\rall is well',
  newline: 'x\noslim: all is well',
  backspace: 'evil\b\b\b\bgood',
  'right-to-left': 'gpj.\u202eexe',
  isolate: '\u2066x\u2069',
  'line-separator': 'x\u2028y',
  script: '<script>alert(1)</script>',
  'script-end': '</script><script>alert(1)</script>',
  image: '<img src=x onerror=alert(1)>',
  attribute: '" onmouseover="alert(1)',
  comment: '--><script>alert(1)</script><!--',
  markdown: '](javascript:alert(1)) | `x` <b>',
  shell: '$(touch victim);`touch victim`|touch victim&',
  option: '--output=victim',
  'object-member': '__proto__',
  glob: '*?[a-z]{a,b}!(x)',
  'glob-stars': `${'**'.repeat(50)}a`,
  'invalid-utf8': '\udcff\udcfe',
  space: ' ',
  'long-component': 'n'.repeat(255),
};

function files(name: string): readonly TarSpec[] {
  return [
    { name: `d/${name}`, content: 'x' },
    { name: 'l', type: 'symlink', target: name },
  ];
}

function look(
  name: string,
  summary: string,
  command: readonly string[],
  expect: Refusal | Result,
  options: AttackedImage = {},
  layers: readonly (readonly TarSpec[])[] = [Object.values(NAMES).flatMap(files)],
): HostileCase {
  return { name: `names-${name}`, summary, command, input: () => imageWith(layers, options), expect };
}

const INERT = /<script>alert|<img src=x/;

/** All of them as text that somebody looks at. */
const LABELS = { Labels: NAMES, Env: Object.values(NAMES).map((name) => `X=${name}`) };
const HISTORY = {
  history: [
    { created_by: 'x' },
    ...Object.values(NAMES).map((created_by) => ({ created_by, empty_layer: true })),
  ],
  author: NAMES.title,
};

export const NAME_CASES: readonly HostileCase[] = [
  ...Object.entries(NAMES).map(
    ([kind, name]): HostileCase => ({
      name: `names-${kind}`,
      summary: `a file and a link called ${JSON.stringify(name.slice(0, 40))}`,
      input: () => imageWith([files(name)]),
      command: [
        ...KEEP_EVERYTHING,
        '--report',
        'OUT/report.html',
        '--report',
        'OUT/report.md',
        '--lock',
        'OUT/oslim.lock',
      ],
      expect: {
        filesLack: {
          'report.html': INERT,
          'report.md': /<script|<img/,
          'oslim.lock': /[\0-\x09\x0b-\x1f\x7f]/,
        },
      },
    }),
  ),
  look(
    'inspect',
    'hostile names, labels and commands in what inspect prints',
    ['inspect', 'IMAGE', '--all'],
    {},
    { config: LABELS, document: HISTORY },
  ),
  look(
    'inspect-json',
    'the same as JSON',
    ['inspect', 'IMAGE', '--json'],
    {},
    { config: LABELS, document: HISTORY },
  ),
  look('diff', 'hostile names in what diff prints', ['diff', 'IMAGE', 'IMAGE', '--all'], {}),
  look(
    'why',
    'a hostile path as a question',
    ['why', 'IMAGE', `/d/${NAMES['clear-screen']}`, '--include', '/**'],
    {},
  ),
  look('why-missing', 'a hostile path that is not there', ['why', 'IMAGE', '/\u001b[2J\u0007'], {
    error: 'ImageError',
    says: /cannot/,
  }),
  look('ldd', 'hostile names in what ldd prints', ['ldd', 'IMAGE', `/d/${NAMES.title}`], { status: 1 }),
  look('verify', 'hostile names in what verify prints', ['verify', 'IMAGE'], { status: 0 }),
  look(
    'summary',
    'hostile names in the summary',
    ['IMAGE', '-o', 'OUT/slim.tar', '--include', '/**'],
    {},
    { config: LABELS, document: HISTORY },
  ),
  look(
    'entrypoint',
    'a hostile name as the program that is missing',
    ['IMAGE', '-o', 'OUT/slim.tar'],
    { error: 'ImageError', says: /cannot/ },
    { config: { Entrypoint: ['/\u001b]0;owned\u0007\u202e'] } },
  ),
  look(
    'platform',
    'a hostile platform in the words of an error',
    ['IMAGE', '-o', 'OUT/slim.tar', '--platform', 'linux/arm64'],
    { error: 'ImageError', says: /cannot/ },
    { document: { architecture: '\u001b[2J', os: 'linux\u0007' } },
  ),
  look(
    'sbom',
    'hostile names in bills of materials',
    [
      'IMAGE',
      '-o',
      'OUT/slim.tar',
      '--json',
      '--sbom',
      'cyclonedx=OUT/bom.json',
      '--sbom',
      'spdx=OUT/spdx.json',
      '--include',
      '/**',
    ],
    {},
  ),
];
