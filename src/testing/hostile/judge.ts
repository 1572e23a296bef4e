import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { validateImage } from '../../image/validate-image.ts';
import { flatten } from '../../rootfs/flatten.ts';
import { openArchive } from '../../transport/archive-source.ts';
import { describeTree } from './describe-tree.ts';
import type { HostileCase, Refusal, Result } from './hostile-case.ts';
import type { Outcome, Stage } from './stage.ts';

/** Returns what is wrong with the outcome of a case, a line each; nothing when it is as it has to be. */
export async function judge(one: HostileCase, stage: Stage, outcome: Outcome): Promise<string[]> {
  const { expect } = one;
  const faults = plainness(outcome);
  if ('error' in expect) faults.push(...refusalFaults(expect, stage, outcome));
  else faults.push(...(await resultFaults(expect, stage, outcome)));
  return faults;
}

/** Whatever comes, no control character of an image reaches the terminal, and nothing but our own errors ends a run. */
function plainness({ stdout, stderr }: Outcome): string[] {
  const raw = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.exec(stdout + stderr);
  const foreign = /^(?:\w*(?:Type|Range|Reference|Syntax|Assertion)Error\b|InternalError\b|node:).*$/m.exec(
    stderr,
  );
  return [
    ...(raw === null ? [] : [`a control character was printed: ${JSON.stringify(raw[0])}`]),
    ...(foreign === null ? [] : [`an error that is not ours: ${foreign[0]}`]),
  ];
}

function refusalFaults({ error, says }: Refusal, stage: Stage, { status, stderr }: Outcome): string[] {
  const [first = ''] = stderr.split('\n');
  const faults: string[] = [];
  const names = [error].flat();
  const expected = names.includes('UsageError') ? 2 : 1;
  if (status !== expected) faults.push(`status ${status} instead of ${expected}`);
  if (!/^oslim: cannot /.test(first) || !says.test(first))
    faults.push(`said ${JSON.stringify(first.slice(0, 300))}`);
  if (!new RegExp(`^(?:${names.join('|')}): `, 'm').test(stderr))
    faults.push(`it is no ${names.join(' or ')}: ${stderr.split('\n')[2]}`);
  if (existsSync(stage.output)) faults.push('a destination was written all the same');
  return faults;
}

async function resultFaults(
  { tree, has = [], lacks = [], prints, filesLack = {}, status = 0 }: Result,
  stage: Stage,
  outcome: Outcome,
): Promise<string[]> {
  if (outcome.status !== status)
    return [`status ${outcome.status} instead of ${status}: ${outcome.stderr.slice(0, 300)}`];
  const faults: string[] = [];
  if (prints !== undefined && !prints.test(outcome.stdout + outcome.stderr))
    faults.push(`did not print ${prints}: ${(outcome.stdout + outcome.stderr).slice(0, 300)}`);
  for (const [name, pattern] of Object.entries(filesLack)) {
    const found = pattern.exec(readFileSync(join(dirname(stage.output), name), 'utf8'));
    if (found !== null) faults.push(`${name} holds ${JSON.stringify(found[0])}`);
  }
  if (!stage.argv.includes(stage.output)) return faults;
  const found = (await treeOf(stage.output)).filter((line) => !line.startsWith('/app '));
  if (tree !== undefined && JSON.stringify(found) !== JSON.stringify(tree))
    faults.push(`the tree is ${JSON.stringify(found.slice(0, 20))}`);
  for (const line of has)
    if (!found.includes(line)) faults.push(`the tree lacks ${line}: ${found.slice(0, 20)}`);
  for (const line of lacks) if (found.includes(line)) faults.push(`the tree has ${line}`);
  return faults;
}

async function treeOf(archive: string): Promise<string[]> {
  const source = await openArchive(archive);
  try {
    const image = await source.open({});
    await validateImage(image);
    const { rootfs, close } = await flatten(image.layers);
    const lines = describeTree(rootfs);
    close();
    return lines;
  } finally {
    await source.close();
  }
}
