import { expect, test } from 'vitest';
import { differences, newTally, tallyFile } from './compare.js';

const LIBC = ['libc.so.6', '/lib/libc.so.6'] as const;
const LIBX = ['libx.so', '/usr/lib/libx.so'] as const;
const MISSING = { libraries: [], missing: [], error: 'libx.so: cannot open shared object file' };

test.each([
  { summary: 'the same libraries', got: { libraries: [LIBX, LIBC], missing: [] }, lines: [] },
  { summary: 'another order', got: { libraries: [LIBC, LIBX], missing: [] }, lines: [] },
  {
    summary: 'another path',
    got: { libraries: [['libx.so', '/lib/libx.so'] as const, LIBC], missing: [] },
    lines: ['library: expected libx.so => /usr/lib/libx.so', 'library: got libx.so => /lib/libx.so'],
  },
  {
    summary: 'one too few, said to be missing',
    got: { libraries: [LIBC], missing: ['libx.so'] },
    lines: ['library: expected libx.so => /usr/lib/libx.so', 'missing: got libx.so'],
  },
  {
    summary: 'a refusal of what the loader accepts',
    got: MISSING,
    lines: ['refusal: expected none (), got missing (libx.so: cannot open shared object file)'],
  },
])('$summary', ({ got, lines }) => {
  expect(differences({ libraries: [LIBX, LIBC], missing: [] }, got)).toEqual(lines);
});

test('refusals agree when their reasons do', () => {
  const ours = { libraries: [LIBC], missing: [], error: 'cannot load "libx.so": not found' };
  expect(differences(MISSING, ours)).toEqual([]);
  expect(differences(MISSING, { ...ours, error: 'file too short' })).toHaveLength(1);
});

test('the tally counts order apart from agreement', () => {
  const tally = newTally();
  tallyFile(tally, '/a', { libraries: [LIBX, LIBC], missing: [] }, { libraries: [LIBC, LIBX], missing: [] });
  tallyFile(tally, '/b', { libraries: [LIBC], missing: ['libz'] }, { libraries: [LIBC], missing: ['libz'] });
  tallyFile(tally, '/c', MISSING, { libraries: [], missing: [] });
  expect(tally).toMatchObject({ files: 3, libraries: 3, agree: 2, orderDiffers: 1, missing: 1 });
  expect(tally.disagreements.map(({ path }) => path)).toEqual(['/c']);
  expect([...tally.refused]).toEqual([['missing', 1]]);
});
