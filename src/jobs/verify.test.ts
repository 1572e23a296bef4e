import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { verifyText } from '../report/verify-text.ts';
import { slim } from '../slim.ts';
import { buildElf } from '../testing/elf-builder.ts';
import { archiveOf } from '../testing/image-media.ts';
import { APPLICATION_LAYER, BASE_LAYER, FULL_CONFIG, programImageFiles } from '../testing/program-image.ts';
import type { TarSpec } from '../testing/tar-builder.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type VerifyOptions, verify } from './verify.ts';

const PLAIN = { bold: same, dim: same, green: same, yellow: same };
const INTERP = '/lib64/ld-linux-x86-64.so.2';
const LIBC = 'usr/lib/x86_64-linux-gnu/libc.so.6';

function same(text: string): string {
  return text;
}

interface Damage {
  /** Entries of a layer on top. */
  readonly layer?: readonly TarSpec[];
  /** Members of the config's `config`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

function imageWith({ layer = [], config = {} }: Damage): string {
  const file = join(temporaryDirectory(), 'image.tar');
  const layers = [BASE_LAYER, APPLICATION_LAYER, layer];
  const files = programImageFiles({ layers, config: { config: { ...FULL_CONFIG.config, ...config } } });
  writeFileSync(file, archiveOf(files));
  return file;
}

async function findingsOf(damage: Damage, options: Partial<VerifyOptions> = {}): Promise<string[]> {
  const { findings } = await verify({ image: imageWith(damage), ...options });
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

function gone(path: string): TarSpec {
  const at = path.lastIndexOf('/') + 1;
  return { name: `${path.slice(0, at)}.wh.${path.slice(at)}`, content: '' };
}

describe('verify', () => {
  it('finds nothing wrong with a whole image, nor with its slim one', async () => {
    const image = imageWith({});
    expect(await verify({ image })).toMatchObject({ findings: [], notes: [], checked: { layers: 3 } });
    const output = join(temporaryDirectory(), 'slim.tar');
    await slim({ image, output });
    const report = await verify({ image: output, against: image, symbols: true });
    expect(report).toMatchObject({ findings: [], notes: [], checked: { layers: 1 } });
    expect(verifyText(report, PLAIN)).toMatch(/^ {2}no findings \(1 layer, \d programs, .* paths as in /m);
  });

  const rows: { summary: string; damage: Damage; options?: Partial<VerifyOptions>; says: string[] }[] = [
    {
      summary: 'a library is gone',
      damage: { layer: [gone(LIBC)] },
      says: ['LIBRARY_MISSING: libc.so.6, needed by /opt/app/server, is not in the image'],
    },
    {
      summary: 'a link to a library leads nowhere',
      damage: { layer: [gone('opt/app/lib/libapp.so.1.2.3')] },
      says: [
        'DANGLING_LINK: the link /opt/app/lib/libapp.so.1, by which libapp.so.1 is found, needed by /opt/app/server, leads to libapp.so.1.2.3',
      ],
    },
    {
      summary: 'a library is for another machine',
      damage: { layer: [{ name: LIBC, content: buildElf({ machine: 183, soname: 'libc.so.6' }) }] },
      says: ['LIBRARY_MISSING: libc.so.6'],
    },
    {
      summary: 'a library is cut off',
      damage: { layer: [{ name: LIBC, content: 'short' }] },
      says: [
        'LOAD_ERROR: the loader refuses /opt/app/server: /lib/x86_64-linux-gnu/libc.so.6: file too short',
      ],
    },
    {
      summary: 'a library lacks a version',
      damage: {
        layer: [
          {
            name: LIBC,
            content: buildElf({ soname: 'libc.so.6', exports: [{ name: 'f', version: 'GLIBC_2.2.5' }] }),
          },
          {
            name: 'opt/app/server',
            mode: 0o755,
            content: buildElf({
              interp: INTERP,
              needed: ['libc.so.6'],
              imports: [{ name: 'f', version: 'GLIBC_2.99', from: 'libc.so.6' }],
            }),
          },
        ],
      },
      says: ['SYMBOL_VERSION: /lib/x86_64-linux-gnu/libc.so.6 does not define the version GLIBC_2.99'],
    },
    {
      summary: 'a symbol is defined nowhere, when asked',
      damage: {
        layer: [
          {
            name: 'opt/app/server',
            mode: 0o755,
            content: buildElf({ interp: INTERP, imports: [{ name: 'nobody_has_it' }] }),
          },
        ],
      },
      options: { symbols: true },
      says: ['UNDEFINED_SYMBOL: nothing defines the symbol nobody_has_it that /opt/app/server uses'],
    },
    {
      summary: 'the loader is gone',
      damage: { layer: [gone('usr/lib/x86_64-linux-gnu/ld-2.36.so')] },
      says: ['DANGLING_LINK: the link /usr/lib64/ld-linux-x86-64.so.2'],
    },
    {
      summary: 'the loader is cut off',
      damage: {
        layer: [{ name: 'usr/lib/x86_64-linux-gnu/ld-2.36.so', mode: 0o755, content: '\x7fELF' }],
      },
      says: [
        'DAMAGED: /usr/lib/x86_64-linux-gnu/ld-2.36.so, the interpreter of /opt/app/server, is no whole ELF file',
      ],
    },
    {
      summary: 'the loader is for another processor',
      damage: {
        layer: [
          { name: 'usr/lib/x86_64-linux-gnu/ld-2.36.so', mode: 0o755, content: buildElf({ machine: 183 }) },
        ],
      },
      says: [
        'ARCHITECTURE: /usr/lib/x86_64-linux-gnu/ld-2.36.so, the interpreter of /opt/app/server, is for another processor',
      ],
    },
    {
      summary: 'the program is gone',
      damage: { layer: [gone('opt/app/server')] },
      says: ['ENTRYPOINT: Entrypoint "/opt/app/server" is not in the image'],
    },
    {
      summary: 'the program may not be executed',
      damage: {
        layer: [{ name: 'opt/app/server', mode: 0o644, uid: 1000, content: buildElf({ interp: INTERP }) }],
      },
      says: ['NOT_EXECUTABLE: /opt/app/server, Entrypoint /opt/app/server'],
    },
    {
      summary: 'the program is for another processor',
      damage: {
        layer: [{ name: 'opt/app/server', mode: 0o755, content: buildElf({ machine: 183, type: 2 }) }],
      },
      says: ['ARCHITECTURE: /opt/app/server, Entrypoint /opt/app/server, is for ELF machine 183'],
    },
    {
      summary: 'the program is a damaged ELF file',
      damage: {
        layer: [
          {
            name: 'opt/app/server',
            mode: 0o755,
            content: buildElf({ interp: INTERP, needed: ['x'] }).slice(0, 300),
          },
        ],
      },
      says: ['DAMAGED: /opt/app/server, Entrypoint /opt/app/server, is a damaged ELF file'],
    },
    {
      summary: 'a program that the script starts is damaged',
      damage: {
        layer: [
          { name: 'opt/app/server', mode: 0o755, content: '#!/bin/sh\nexec /opt/app/tool\n' },
          {
            name: 'opt/app/tool',
            mode: 0o755,
            content: buildElf({ interp: INTERP, needed: ['x'] }).slice(0, 300),
          },
        ],
      },
      says: ['DAMAGED: /opt/app/tool is a damaged ELF file'],
    },
    {
      summary: 'the interpreter of a script is gone',
      damage: { layer: [{ name: 'opt/app/server', mode: 0o755, content: '#!/usr/bin/perl\n' }] },
      says: ['INTERPRETER: /usr/bin/perl, the interpreter of /opt/app/server, is not in the image'],
    },
    {
      summary: 'env finds no interpreter',
      damage: { layer: [{ name: 'opt/app/server', mode: 0o755, content: '#!/usr/bin/env ruby\n' }] },
      says: ['INTERPRETER: /usr/bin/env'],
    },
    {
      summary: 'a script has no first line',
      damage: { layer: [{ name: 'opt/app/server', mode: 0o755, content: 'exec true\n' }] },
      says: ['ENTRYPOINT: /opt/app/server, Entrypoint /opt/app/server, is neither an ELF file nor a script'],
    },
    {
      summary: 'the user is not in passwd',
      damage: { config: { User: 'nobody:staff' } },
      says: [
        'USER: the user "nobody" of User is not in /etc/passwd',
        'USER: the group "staff" of User is not in /etc/group',
      ],
    },
    {
      summary: 'the working directory is not there',
      damage: { config: { WorkingDir: '/nowhere' } },
      says: ['WORKDIR: WorkingDir /nowhere is not there'],
    },
    {
      summary: 'a variable names a link that leads nowhere',
      damage: {
        layer: [{ name: 'etc/settings', type: 'symlink', target: 'gone' }],
        config: { Env: ['PATH=/usr/bin', 'SETTINGS=/etc/settings'] },
      },
      says: ['DANGLING_LINK: the link /etc/settings, on the way of /etc/settings of Env SETTINGS'],
    },
    {
      summary: 'nothing says what to run',
      damage: { config: { Entrypoint: null, Cmd: null, Healthcheck: null } },
      says: ['ENTRYPOINT: neither Entrypoint nor Cmd says what to run'],
    },
  ];
  test.each(rows)('finds that $summary', async ({ damage, options, says }) => {
    const findings = await findingsOf(damage, options);
    for (const line of says) expect(findings).toContainEqual(expect.stringContaining(line));
  });

  test.each([
    { summary: 'a numeric user', damage: { config: { User: '65532:65532' } } },
    {
      summary: 'a log that leads to a device of the runtime',
      damage: {
        layer: [{ name: 'var/log/x', type: 'symlink', target: '/dev/stdout' } as const],
        config: { Env: ['LOG=/var/log/x'] },
      },
    },
    {
      summary: 'a plugin whose library is missing and that nothing opens',
      damage: { layer: [{ name: 'opt/app/plugin.so', content: buildElf({ needed: ['libgone.so.1'] }) }] },
    },
    {
      summary: 'a broken program that nothing starts',
      damage: {
        layer: [
          {
            name: 'usr/sbin/broken',
            mode: 0o755,
            content: buildElf({ interp: INTERP, needed: ['libgone.so'] }),
          },
        ],
      },
    },
  ])('finds nothing wrong with $summary', async ({ damage }) => {
    expect(await findingsOf(damage)).toEqual([]);
  });

  it('takes a library that may be missing', async () => {
    expect(await findingsOf({ layer: [gone(LIBC)] }, { allowMissing: ['libc.so.6'] })).toEqual([]);
  });

  it('finds a blob that is not what its digest says, and says that nothing else was checked', async () => {
    const files = programImageFiles();
    for (const [name, bytes] of files) {
      if (bytes.length < 5000) continue;
      const damaged = Uint8Array.from(bytes);
      damaged[4000] = (damaged[4000] ?? 0) ^ 1;
      files.set(name, damaged);
    }
    const image = join(temporaryDirectory(), 'image.tar');
    writeFileSync(image, archiveOf(files));
    const { findings } = await verify({ image });
    expect(findings).toEqual([expect.objectContaining({ code: 'DIGEST' })]);
  });
});

describe('verify --against', () => {
  test.each([
    {
      summary: 'a library that is another file',
      damage: { layer: [{ name: LIBC, content: buildElf({ soname: 'libc.so.6', rodata: 'other' }) }] },
      says: [
        'DIFFERENT_FILE: /usr/lib/x86_64-linux-gnu/libc.so.6 differs in content',
        'DIFFERENT_LIBRARY: libc.so.6 of /opt/app/server was loaded from /usr/lib/x86_64-linux-gnu/libc.so.6',
      ],
    },
    {
      summary: 'a library found elsewhere',
      damage: { layer: [{ name: 'opt/app/lib/libc.so.6', content: buildElf({ soname: 'libc.so.6' }) }] },
      says: [
        'DIFFERENT_FILE: /opt/app/lib/libc.so.6 is not in the original',
        'DIFFERENT_LIBRARY: libc.so.6 of /opt/app/server',
      ],
    },
    {
      summary: 'another mode and owner',
      damage: {
        layer: [
          {
            name: 'etc/passwd',
            content: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n',
            mode: 0o600,
            uid: 5,
          },
        ],
      },
      says: ['DIFFERENT_FILE: /etc/passwd differs in mode, owner'],
    },
    {
      summary: 'another configuration',
      damage: { config: { Cmd: ['--other'] } },
      says: ['DIFFERENT_CONFIG: Cmd was ["--config","/opt/app/settings.conf"] and is ["--other"]'],
    },
    {
      summary: 'another program behind the same word',
      damage: {
        layer: [
          gone('opt/app/server'),
          { name: 'opt/app/server', type: 'symlink', target: 'server-again' } as const,
        ],
      },
      says: ['DIFFERENT_FILE: "/opt/app/server" was /opt/app/server and is /opt/app/server-again'],
    },
  ])('finds $summary', async ({ damage, says }) => {
    const findings = await findingsOf(damage, { against: imageWith({}) });
    for (const line of says) expect(findings).toContainEqual(expect.stringContaining(line));
  });
});
