import { describe, expect, test } from 'vitest';
import { parseWarnings } from './warning-header.ts';

describe('parseWarnings', () => {
  test.each([
    { summary: 'none', fields: [], says: [] },
    { summary: 'one', fields: ['299 - "repository will go"'], says: ['repository will go'] },
    { summary: 'several in one field', fields: ['299 - "a", 299 - "b, c"'], says: ['a', 'b, c'] },
    { summary: 'several fields', fields: ['299 - "a"', '299 - "b"'], says: ['a', 'b'] },
    { summary: 'quotes inside', fields: ['299 - "say \\"x\\" \\\\ y"'], says: ['say "x" \\ y'] },
    { summary: 'another code', fields: ['110 - "stale"', '299 proxy "x"'], says: [] },
    { summary: 'no closing quote', fields: ['299 - "never ends'], says: [] },
    { summary: 'more than 4096 bytes', fields: [`299 - "${'x'.repeat(5000)}"`], says: [] },
  ])('reads $summary', ({ fields, says }) => {
    expect(parseWarnings(fields)).toEqual(says);
  });

  test('lets no terminal escape through', () => {
    expect(parseWarnings(['299 - "\u001b[31mred"']).join()).not.toContain('\u001b');
  });
});
