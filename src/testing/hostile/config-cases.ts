import { APP, type HostileCase, imageWith, type Refusal, type Result, SLIM } from './hostile-case.ts';

function config(
  name: string,
  summary: string,
  members: Readonly<Record<string, unknown>>,
  expect: Refusal | Result,
  advisory?: string,
): HostileCase {
  return {
    name: `config-${name}`,
    summary,
    ...(advisory === undefined ? {} : { advisory }),
    input: () =>
      imageWith(
        [
          [
            { name: 'etc/secret', content: 'x' },
            { name: 'bin/sh', content: APP.content ?? '', mode: 0o755 },
          ],
        ],
        { config: members },
      ),
    command: SLIM,
    expect,
  };
}

/** It does not matter: the image is slimmed as if it were not there. */
const ALONE: Result = {};
const refused = (says: RegExp, error: Refusal['error'] = 'FormatError'): Refusal => ({ error, says });

/** Configurations that lead elsewhere, or are no configurations. */
export const CONFIG_CASES: readonly HostileCase[] = [
  config(
    'workdir-descriptor',
    'a working directory that is an open descriptor of the runtime',
    { WorkingDir: '/proc/self/fd/8' },
    ALONE,
    'CVE-2024-21626 (runc)',
  ),
  config('workdir-climbs', 'a working directory above the root', { WorkingDir: '../../../../etc' }, ALONE),
  config(
    'volume-climbs',
    'a volume above the root is one inside',
    { Volumes: { '/../../../../../../tmp': {} } },
    ALONE,
    'CVE-2022-23648 (containerd)',
  ),
  config(
    'volume-is-root',
    'the root as a volume',
    { Volumes: { '/': {} } },
    { has: ['/etc/secret "x"'] },
    'CVE-2020-10696 (buildah)',
  ),
  config(
    'volume-is-proc',
    'a volume over /proc',
    { Volumes: { '/proc': {} } },
    ALONE,
    'CVE-2019-16884 (runc)',
  ),
  config(
    'volume-proto',
    'a volume called like a member of every object',
    JSON.parse('{"Volumes":{"__proto__":{},"constructor":{}}}'),
    ALONE,
  ),
  config(
    'user-overflow',
    'a user that 32 bits make root',
    { User: '4294967296:0' },
    ALONE,
    'CVE-2024-40635 (containerd)',
  ),
  config('user-negative', 'a user below zero', { User: '-1:-1' }, ALONE, 'CVE-2024-40635 (containerd)'),
  config('user-newline', 'a user that is a line of passwd', { User: 'root:x:0:0::/:/bin/sh\n' }, ALONE),
  config(
    'entrypoint-text',
    'an entrypoint that is no list',
    { Entrypoint: '/app' },
    refused(/"Entrypoint": not an array of strings/),
  ),
  config(
    'entrypoint-numbers',
    'an entrypoint of numbers',
    { Entrypoint: [1] },
    refused(/"Entrypoint": not an array of strings/),
  ),
  config(
    'entrypoint-empty-word',
    'an entrypoint that is an empty word',
    { Entrypoint: [''] },
    refused(/cannot/, 'ImageError'),
  ),
  config(
    'entrypoint-nul',
    'an entrypoint with NUL',
    { Entrypoint: ['/app\0/bin/sh'] },
    refused(/cannot/, 'ImageError'),
  ),
  config(
    'entrypoint-climbs',
    'an entrypoint above the root is one inside',
    { Entrypoint: ['/../../../../app'] },
    ALONE,
  ),
  config(
    'entrypoint-directory',
    'an entrypoint that is a directory',
    { Entrypoint: ['/etc'] },
    refused(/cannot/, 'ImageError'),
  ),
  config(
    'entrypoint-of-the-host',
    'a program that only this host has',
    { Entrypoint: ['/usr/bin/node'] },
    refused(/cannot/, 'ImageError'),
  ),
  config(
    'entrypoint-many-words',
    'a hundred thousand arguments',
    { Cmd: Array.from({ length: 100_000 }, (_, at) => `--word-${at}`) },
    ALONE,
  ),
  config('entrypoint-long-word', 'an argument of two megabytes', { Cmd: ['x'.repeat(2_000_000)] }, ALONE),
  config('entrypoint-slashes', 'an argument of a million slashes', { Cmd: ['/'.repeat(1_000_000)] }, {}),
  config(
    'entrypoint-dots',
    'an argument that walks up and down a hundred thousand times',
    { Cmd: [`/etc${'/../etc'.repeat(100_000)}/secret`] },
    {},
  ),
  config(
    'shell-command',
    'a shell line that would write a file',
    {
      Entrypoint: ['/bin/sh', '-c', 'touch victim; echo evil > /tmp/victim; $(touch victim) `touch victim`'],
    },
    {},
  ),
  config(
    'shell-nested',
    'a shell line nested fifty thousand deep',
    { Entrypoint: ['/bin/sh', '-c', `${'('.repeat(50_000)}/app${')'.repeat(50_000)}`] },
    {},
  ),
  config(
    'shell-substitutions',
    'command substitutions nested ten thousand deep',
    { Entrypoint: ['/bin/sh', '-c', `${'$('.repeat(10_000)}/app${')'.repeat(10_000)}`] },
    {},
  ),
  config(
    'shell-braces',
    'braces that double thirty times',
    { Entrypoint: ['/bin/sh', '-c', `/app ${'{a,b}'.repeat(30)}`] },
    {},
  ),
  config(
    'shell-expansion-doubling',
    'a variable that doubles itself forty times',
    { Entrypoint: ['/bin/sh', '-c', `x=aaaaaaaa; ${'x=$x$x; '.repeat(40)} /app $x`] },
    {},
  ),
  config(
    'shell-loop',
    'a loop without an end',
    { Entrypoint: ['/bin/sh', '-c', 'while :; do /app; done; for ((;;)); do :; done; f() { f; f; }; f'] },
    {},
  ),
  config(
    'shell-quotes',
    'a shell line of a hundred thousand quotes',
    { Entrypoint: ['/bin/sh', '-c', `/app ${'"'.repeat(99_999)}`] },
    {},
  ),
  config(
    'healthcheck-nested',
    'a health check nested deep',
    { Healthcheck: { Test: ['CMD-SHELL', `${'if :; then '.repeat(5000)}/app`] } },
    {},
  ),
  config(
    'healthcheck-type',
    'a health check of the wrong type',
    { Healthcheck: { Test: 'CMD' } },
    refused(/"Test": not an array/),
  ),
  config(
    'env-path-hostile',
    'a PATH of a hundred thousand directories',
    { Env: [`PATH=${'/x:'.repeat(100_000)}/bin`], Entrypoint: ['app-that-is-not-there'] },
    refused(/cannot/, 'ImageError'),
  ),
  config(
    'env-without-value',
    'variables without names, values or sense',
    {
      Env: [
        '',
        '=',
        '=x',
        'A',
        '__proto__=x',
        'PATH=',
        'LD_LIBRARY_PATH=:::',
        'LD_PRELOAD=../../x /etc/secret',
      ],
    },
    {},
  ),
  config(
    'env-not-texts',
    'an environment of numbers',
    { Env: [1] },
    refused(/"Env": not an array of strings/),
  ),
  config('labels-not-texts', 'labels that are objects', { Labels: { a: { toString: 1 } } }, ALONE),
  config('labels-large', 'a label of four megabytes', { Labels: { a: 'x'.repeat(4_000_000) } }, ALONE),
  config('onbuild', 'commands for those who build on it are data', { OnBuild: ['RUN touch victim'] }, ALONE),
  config(
    'shell-hostile',
    'a shell that is a path out',
    { Shell: ['../../../../bin/sh', '-c'], Healthcheck: { Test: ['CMD-SHELL', '/app'] } },
    {},
  ),
  config('stop-signal', 'a stop signal with an escape sequence', { StopSignal: '\u001b[2J' }, ALONE),
];
