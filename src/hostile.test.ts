import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from './testing/command-line.ts';
import { HOSTILE_CASES } from './testing/hostile/all-cases.ts';
import { judge } from './testing/hostile/judge.ts';
import { listing, setStage } from './testing/hostile/stage.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

afterEach(() => void vi.unstubAllEnvs());

describe('hostile input', () => {
  it.each(HOSTILE_CASES)('$name: $summary', async (one) => {
    const stage = setStage(join(temporaryDirectory(), 'stage'), one);
    for (const [name, value] of Object.entries(stage.env)) vi.stubEnv(name, value);
    const before = listing(stage.directory, stage.outputs);
    const outcome = await runCommandLine(...stage.argv);
    expect(await judge(one, stage, outcome)).toEqual([]);
    expect(listing(stage.directory, stage.outputs)).toEqual(before);
  });

  it('has a name of its own for every case', () => {
    expect(new Set(HOSTILE_CASES.map(({ name }) => name)).size).toBe(HOSTILE_CASES.length);
  });

  it('has every advisory that it follows named in docs/security.md', () => {
    const page = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../docs/security.md'), 'utf8');
    const tried = HOSTILE_CASES.flatMap(({ advisory = '' }) => advisory.match(/(?:CVE|GHSA)-[\w-]+/g) ?? []);
    expect(tried.length).toBeGreaterThan(50);
    expect([...new Set(tried)].filter((id) => !page.includes(id))).toEqual([]);
  });
});
