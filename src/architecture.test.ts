import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);

/** What each room may import besides itself; a file at the top of src is a room of its own. */
const BASE = ['errors.ts', 'warnings.ts'];
const CODECS = [...BASE, 'io'];
const IMAGE = [...CODECS, 'oci', 'tar'];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'warnings.ts': ['errors.ts'],
  io: BASE,
  oci: CODECS,
  elf: CODECS,
  tar: CODECS,
  image: IMAGE,
  transport: [...IMAGE, 'image'],
  rootfs: [...IMAGE, 'image'],
  ldso: [...CODECS, 'elf', 'rootfs'],
  packages: [...CODECS, 'rootfs'],
  trace: [...CODECS, 'oci', 'elf', 'rootfs', 'ldso', 'packages'],
  components: [...CODECS, 'oci', 'elf', 'rootfs', 'packages', 'trace'],
  emit: [...IMAGE, 'image', 'rootfs'],
  source: [...IMAGE, 'image', 'transport', 'rootfs', 'ldso', 'packages', 'trace', 'emit', 'options.ts'],
};
/** Compose the rooms below: anything but the command line. */
const COMPOSERS = [
  'result',
  'destination',
  'report',
  'jobs',
  'batch',
  'options.ts',
  'slim.ts',
  'index.ts',
  'version.ts',
];

function sourceFiles(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) return name === 'testing' ? [] : sourceFiles(path);
    return /\.(?:ts|js)$/.test(name) && !/\.test\.ts$|\.test-d\.ts$|\.d\.ts$/.test(name) ? [path] : [];
  });
}

function roomOf(file: string): string {
  return relative(SRC, file).split('/')[0] ?? '';
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g),
  ];
  return specifiers.map((match) => resolve(dirname(file), match[1] ?? match[2] ?? ''));
}

describe('the house', () => {
  const files = sourceFiles(SRC);

  it('knows every room', () => {
    const rooms = new Set(files.map(roomOf));
    const known = new Set([...Object.keys(MAY_IMPORT), ...COMPOSERS, 'cli']);
    expect([...rooms].filter((room) => !known.has(room))).toEqual([]);
  });

  it('lets imports point down only', () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file);
      const allowed = MAY_IMPORT[room];
      if (allowed === undefined) return [];
      return importsOf(file)
        .map(roomOf)
        .filter((target) => target !== room && !allowed.includes(target))
        .map((target) => `${relative(SRC, file)} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('lets the command line see the public API alone', () => {
    const wrong = files
      .filter((file) => roomOf(file) === 'cli')
      .flatMap((file) =>
        importsOf(file)
          .map(roomOf)
          .filter((target) => target !== 'cli' && target !== 'index.ts')
          .map((target) => `${relative(SRC, file)} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('keeps console and exit to the command line', () => {
    const wrong = files.filter((file) => {
      return (
        roomOf(file) !== 'cli' &&
        /\bconsole\.|\bprocess\.exit\b|\bprocess\.exitCode\b/.test(readFileSync(file, 'utf8'))
      );
    });
    expect(wrong.map((file) => relative(SRC, file))).toEqual([]);
  });
});
