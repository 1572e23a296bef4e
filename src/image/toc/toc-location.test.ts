import { describe, expect, test } from 'vitest';
import { FormatError } from '../../errors.ts';
import { DEFAULT_LIMITS } from '../../io/limits.ts';
import { digestOf } from '../../oci/digest.ts';
import { entryBytes, tarOf } from '../../testing/tar-builder.ts';
import { footerOf } from '../../testing/toc/toc-builder.ts';
import { FOOTER_BYTES, tocJsonOf, tocOffsetOf } from './estargz.ts';
import { tocLocation } from './toc-location.ts';

const digest = digestOf(Buffer.from('x'));

describe('annotations', () => {
  test.each(['io.github.containers.zstd-chunked.', 'io.containers.zstd-chunked.'])('%s', (prefix) => {
    const annotations = {
      [`${prefix}manifest-checksum`]: digest,
      [`${prefix}manifest-position`]: '8:20:100:1',
    };
    const place = { kind: 'zstd:chunked', digest, offset: 8, length: 20, inflatedLength: 100 };
    expect(tocLocation({ annotations, size: 28 })).toEqual(place);
    expect(() => tocLocation({ annotations, size: 27 })).toThrow(FormatError);
    for (const position of ['7:1:1:1', '8:0:1:1', '8:20:100:2', '8:20:100', '-8:20:100:1', 'x', '9e9:1:1:1'])
      expect(() =>
        tocLocation({ annotations: { ...annotations, [`${prefix}manifest-position`]: position }, size: 100 }),
      ).toThrow(FormatError);
    expect(() =>
      tocLocation({ annotations: { ...annotations, [`${prefix}manifest-checksum`]: 'sha256:0' }, size: 100 }),
    ).toThrow(FormatError);
  });

  test('of eStargz, or none', () => {
    const annotations = { 'containerd.io/snapshot/stargz/toc.digest': digest };
    expect(tocLocation({ annotations, size: 1 })).toEqual({ kind: 'eStargz', digest });
    expect(tocLocation({ size: 1 })).toBeUndefined();
    expect(tocLocation({ annotations: { other: digest }, size: 1 })).toBeUndefined();
  });
});

describe('eStargz', () => {
  test('the footer says where the table is', () => {
    const footer = footerOf(0x123);
    expect(footer.length).toBe(FOOTER_BYTES);
    expect(tocOffsetOf(footer, 1000)).toBe(0x123);
    expect(() => tocOffsetOf(footer, 0x123 + FOOTER_BYTES)).toThrow(FormatError);
    for (let length = 0; length < footer.length; length++)
      expect(() => tocOffsetOf(footer.subarray(0, length), 1000)).toThrow(FormatError);
    for (const at of [0, 1, 2, 3, 10, 12, 14, 20, 35]) {
      const damaged = Buffer.from(footer);
      damaged[at] = 0xff;
      expect(() => tocOffsetOf(damaged, 1000)).toThrow(FormatError);
    }
  });

  test('the table is a file of the tar that follows', () => {
    const tar = tarOf([
      { name: 'other', content: 'no' },
      { name: 'stargz.index.json', content: '{"a":1}' },
    ]);
    expect(Buffer.from(tocJsonOf(tar, DEFAULT_LIMITS)).toString()).toBe('{"a":1}');
    expect(() => tocJsonOf(tarOf([{ name: 'other' }]), DEFAULT_LIMITS)).toThrow(FormatError);
    const cut = entryBytes({ name: 'stargz.index.json', content: 'x'.repeat(600) }).subarray(0, 600);
    expect(() => tocJsonOf(cut, DEFAULT_LIMITS)).toThrow(FormatError);
  });
});
