import { describe, expect, test } from 'vitest';
import { parseLoaderOutput, refusalKind } from './loader-output.js';

const LOADER = '/lib64/ld-linux-x86-64.so.2';

describe('parseLoaderOutput', () => {
  test('lists names with paths, leaving out the vDSO, the loader and the addresses', () => {
    const stdout = [
      '\tlinux-vdso.so.1 (0x00007ffd1b5f2000)',
      '\tlibx.so.1 => /opt/my lib/libx.so.1 (0x00007f1d2f400000)',
      '\t/opt/direct.so (0x00007f1d2f300000)',
      `\t${LOADER} (0x00007f1d2f600000)`,
      '',
    ].join('\n');
    expect(parseLoaderOutput({ stdout, stderr: '', status: 0 }, LOADER)).toEqual({
      libraries: [
        ['libx.so.1', '/opt/my lib/libx.so.1'],
        ['/opt/direct.so', '/opt/direct.so'],
      ],
      missing: [],
    });
  });

  test('leaves out a loader that a library needs by its soname', () => {
    const stdout = `\tld-linux-x86-64.so.2 => ${LOADER} (0x00007f1d2f600000)\n`;
    expect(parseLoaderOutput({ stdout, stderr: '', status: 0 }, LOADER).libraries).toEqual([]);
  });

  test('tells missing libraries from a refusal', () => {
    const stdout = '\tlibgone.so.1 => not found\n';
    expect(parseLoaderOutput({ stdout, stderr: '', status: 0 }, LOADER)).toEqual({
      libraries: [],
      missing: ['libgone.so.1'],
    });
    const stderr = '/app: error while loading shared libraries: /lib/x.so: invalid ELF header\n';
    expect(parseLoaderOutput({ stdout: '', stderr, status: 127 }, LOADER).error).toBe(stderr.trim());
  });

  test('an end without a word is a refusal too', () => {
    expect(parseLoaderOutput({ stdout: '', stderr: '', status: null }, LOADER).error).toBe(
      'ended with status null',
    );
  });

  test('a static program has no libraries', () => {
    const run = { stdout: '\tstatically linked\n', stderr: '', status: 0 };
    expect(parseLoaderOutput(run, LOADER)).toEqual({ libraries: [], missing: [] });
  });
});

describe('refusalKind', () => {
  test.each([
    ['/b/libx.so.1: invalid ELF header', 'not ELF'],
    ['Error loading shared library libx.so.1: Exec format error (needed by /app/text)', 'not ELF'],
    ['/b/libx.so.1: file too short', 'short'],
    ['/b/libx.so.1: ELF file data encoding not little-endian', 'byte order'],
    ['libx.so.1: wrong ELF class: ELFCLASS32', 'missing'],
    ['/b/libx.so.1: only ET_DYN and ET_EXEC can be loaded', 'type'],
    ["/lib/libv.so.1: version `V2' not found (required by /app)", 'version'],
    ['/b/libx.so.1: cannot read file data: Error 21', 'directory'],
    ['libx.so.1: cannot open shared object file: No such file or directory', 'missing'],
    ['something that nobody has said yet', 'other'],
  ])('%s: %s', (message, kind) => {
    expect(refusalKind(message)).toBe(kind);
  });
});
