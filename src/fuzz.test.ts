import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutated, xorshift } from './testing/fuzz/mutate.ts';
import { FUZZ_TARGETS } from './testing/fuzz/targets.ts';

const FOUND = new URL('../testdata/fuzz/found/', import.meta.url);
/** Executions of one target; `npm run fuzz` does more. */
const EXECUTIONS = 200;

function foundOf(name: string): readonly Uint8Array[] {
  return readdirSync(FOUND)
    .filter((file) => file.startsWith(`${name}-`) && file.endsWith('.bin'))
    .map((file) => readFileSync(new URL(file, FOUND)));
}

describe('readers of hostile bytes throw nothing but typed errors', () => {
  it.each(FUZZ_TARGETS)('$name', async ({ name, seeds, words, run }) => {
    const corpus = seeds().map((seed) => Buffer.from(seed));
    const context = { corpus, words: words.map((word) => Buffer.from(word, 'latin1')) };
    const random = xorshift(7);
    for (const bytes of [...corpus, ...foundOf(name)])
      await expect(Promise.resolve(run(bytes))).resolves.toSatisfy(() => true);
    for (let at = 0; at < EXECUTIONS; at++) await run(mutated(random, context));
  });
});
