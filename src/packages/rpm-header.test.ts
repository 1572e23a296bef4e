import { describe, expect, it } from 'vitest';
import { FormatError, OslimError } from '../errors.ts';
import { RPM_TAG, RpmHeader } from './rpm-header.ts';
import { packageOfHeader, parseRequirement, pathsOfHeader } from './rpm-package.ts';

const INT32 = 4;
const STRING = 6;
const STRING_ARRAY = 8;

type Field = readonly [tag: number, type: number, count: number, value: Buffer];

const text = (...values: string[]) => Buffer.from(values.map((value) => `${value}\0`).join(''));

function number32(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) buffer.writeUInt32BE(value, at * 4);
  return buffer;
}

/** Encodes a header as a database stores it. */
function encode(fields: readonly Field[]): Buffer {
  const index: Buffer[] = [];
  let offset = 0;
  for (const [tag, type, count, value] of fields) {
    index.push(number32(tag, type, offset, count));
    offset += value.length;
  }
  return Buffer.concat([number32(fields.length, offset), ...index, ...fields.map(([, , , value]) => value)]);
}

const FIELDS: readonly Field[] = [
  [RPM_TAG.NAME, STRING, 1, text('pkg')],
  [RPM_TAG.VERSION, STRING, 1, text('1.0')],
  [RPM_TAG.RELEASE, STRING, 1, text('2')],
  [RPM_TAG.BASENAMES, STRING_ARRAY, 2, text('a', 'b')],
  [RPM_TAG.DIRNAMES, STRING_ARRAY, 2, text('/x/', '/y/')],
  [RPM_TAG.DIRINDEXES, INT32, 2, number32(1, 0)],
];

describe('RpmHeader', () => {
  it('reads strings, numbers and paths', () => {
    const header = new RpmHeader(encode(FIELDS));
    expect(packageOfHeader(header)).toMatchObject({
      name: 'pkg',
      version: '1.0-2',
      source: 'pkg',
      architecture: '',
    });
    expect([...pathsOfHeader(header)]).toEqual(['/y/a', '/x/b']);
    expect(header.strings(RPM_TAG.PROVIDENAME)).toEqual([]);
  });

  it('takes the last of a tag that comes twice', () => {
    const header = new RpmHeader(encode([...FIELDS, [RPM_TAG.RELEASE, STRING, 1, text('3')]]));
    expect(header.string(RPM_TAG.RELEASE)).toBe('3');
  });

  it('refuses every truncation', () => {
    const whole = encode(FIELDS);
    for (let length = 0; length < whole.length; length++) {
      expect(() => new RpmHeader(whole.subarray(0, length)), `${length} bytes`).toThrow(FormatError);
    }
  });

  const HOSTILE: readonly { summary: string; bytes: Buffer; tag: number; read: 'strings' | 'numbers' }[] = [
    {
      summary: 'more strings than data',
      bytes: encode([[1, STRING_ARRAY, 0xffffffff, text('a')]]),
      tag: 1,
      read: 'strings',
    },
    {
      summary: 'a string without an end',
      bytes: encode([[1, STRING, 1, Buffer.from('a')]]),
      tag: 1,
      read: 'strings',
    },
    {
      summary: 'more numbers than data',
      bytes: encode([[1, INT32, 0xffffffff, number32(1)]]),
      tag: 1,
      read: 'numbers',
    },
    {
      summary: 'numbers where strings are due',
      bytes: encode([[1, INT32, 1, number32(1)]]),
      tag: 1,
      read: 'strings',
    },
    {
      summary: 'strings where numbers are due',
      bytes: encode([[1, STRING, 1, text('a')]]),
      tag: 1,
      read: 'numbers',
    },
    {
      summary: 'a type that does not exist',
      bytes: encode([[1, 99, 1, text('a')]]),
      tag: 1,
      read: 'numbers',
    },
  ];
  it.each(HOSTILE)('refuses $summary', ({ bytes, tag, read }) => {
    const header = new RpmHeader(bytes);
    expect(() => header[read](tag)).toThrow(FormatError);
  });

  it('refuses an offset behind the data', () => {
    const bytes = encode([[1, STRING, 1, text('a')]]);
    bytes.writeUInt32BE(0xfffffff0, 16);
    expect(() => new RpmHeader(bytes).strings(1)).toThrow(FormatError);
  });

  it('refuses counts over the limits of rpm', () => {
    expect(() => new RpmHeader(number32(0x10000, 0))).toThrow(/too many/);
    expect(() => new RpmHeader(number32(0, 0x10000000))).toThrow(/too many/);
  });

  it('lets only its own errors out of a header altered at any byte', () => {
    const whole = encode(FIELDS);
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        try {
          const header = new RpmHeader(bytes);
          packageOfHeader(header);
          [...pathsOfHeader(header)].join();
        } catch (error) {
          expect(error).toBeInstanceOf(OslimError);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('refuses a file without a directory', () => {
    const header = new RpmHeader(encode([[RPM_TAG.BASENAMES, STRING_ARRAY, 1, text('a')]]));
    expect(() => [...pathsOfHeader(header)]).toThrow(FormatError);
  });
});

describe('parseRequirement', () => {
  const ROWS: readonly { requirement: string; names: string[][] }[] = [
    { requirement: 'bash', names: [['bash']] },
    { requirement: 'libc.so.6(GLIBC_2.34)(64bit)', names: [['libc.so.6(GLIBC_2.34)(64bit)']] },
    { requirement: 'rpmlib(CompressedFileNames)', names: [] },
    { requirement: '(a or b)', names: [['a', 'b']] },
    { requirement: '(a and b)', names: [['a'], ['b']] },
    { requirement: '(a >= 1.0 or libb(x86-64) or c)', names: [['a', 'libb(x86-64)', 'c']] },
    { requirement: '(a if b)', names: [['a']] },
    { requirement: '((a or b) and libc(64))', names: [['a', 'b'], ['libc(64)']] },
    { requirement: '(a with b >= 2)', names: [['a'], ['b']] },
    { requirement: '(', names: [] },
    { requirement: '()', names: [] },
  ];
  it.each(ROWS)('$requirement', ({ requirement, names }) => {
    expect(parseRequirement(requirement)).toEqual(names);
  });
});
