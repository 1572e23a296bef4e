import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../errors.ts';
import { buildClass } from '../../../testing/class-builder.ts';
import { parseClass } from './class-constants.ts';

const SPEC = {
  name: 'org/example/Main',
  classes: ['java/awt/Color', '[[Ljava/lang/String;', '[I'],
  strings: ['/etc/app.conf', 'grüß'],
  methods: ['java/lang/Runtime.exec'],
  texts: ['file:/etc/note'],
  long: true,
};

describe('parseClass', () => {
  it('reads names, literals, calls and texts', () => {
    const constants = parseClass(buildClass(SPEC));
    expect(constants.name).toBe('org/example/Main');
    expect(constants.classes).toEqual([
      'org/example/Main',
      'java/awt/Color',
      'java/lang/String',
      'I',
      'java/lang/Runtime',
    ]);
    expect(constants.strings).toEqual(SPEC.strings);
    expect([...constants.methods]).toEqual(SPEC.methods);
    expect(constants.texts).toContain('file:/etc/note');
  });

  it('refuses a class file that is cut anywhere before its own name', () => {
    const bytes = buildClass(SPEC);
    const tail = 12;
    for (let length = 0; length < bytes.length - tail; length++)
      expect(() => parseClass(bytes.slice(0, length))).toThrow(FormatError);
  });

  it.each([
    { summary: 'another magic', at: 0, value: 0, reason: 'no class file' },
    { summary: 'a constant of an unknown kind', at: 10, value: 99, reason: 'a constant of kind 99' },
    { summary: 'more constants than there are', at: 8, value: 0xff, reason: 'cannot read the class file' },
  ])('refuses $summary', ({ at, value, reason }) => {
    const bytes = buildClass(SPEC);
    bytes[at] = value;
    expect(() => parseClass(bytes)).toThrow(FormatError);
    expect(() => parseClass(bytes)).toThrow(reason);
  });

  it('changed in any one byte gives nothing but a FormatError', () => {
    const bytes = buildClass(SPEC);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (bytes[at] ?? 0) ^ 0x15;
      try {
        parseClass(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });
});
