import { describe, expect, it } from 'vitest';
import { FormatError } from '../errors.ts';
import { memoryAccess } from '../io/random-access.ts';
import { elfWithSections } from '../testing/elf-sections.ts';
import { parseSections } from './sections.ts';

const file = elfWithSections({ '.a': Buffer.from('one'), '.note.go': Buffer.from('three') });

describe('parseSections', () => {
  it('returns the sections with their place', () => {
    expect(parseSections(memoryAccess(file))).toEqual([
      { name: '', offset: 64, size: 0 },
      { name: '.a', offset: 64, size: 3 },
      { name: '.note.go', offset: 67, size: 5 },
      expect.objectContaining({ name: '.shstrtab' }),
    ]);
  });

  it('throws nothing but FormatError for what is cut short anywhere, or altered', () => {
    for (let length = 0; length < file.length; length++) expectNoOther(file.subarray(0, length));
    for (let at = 16; at < file.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const bytes = Uint8Array.from(file);
        bytes[at] = value;
        expectNoOther(bytes);
      }
    }
  });
});

function expectNoOther(bytes: Uint8Array): void {
  try {
    parseSections(memoryAccess(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}
