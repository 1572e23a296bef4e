import { isDeepStrictEqual } from 'node:util';
import { OslimError } from '../errors.ts';
import { Linker } from '../ldso/linker.ts';
import { openPackages } from '../packages/package-index.ts';
import { trimDatabase } from '../packages/trim.ts';
import { describeChange, sameBytes } from '../rootfs/compare.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { OpenedSource } from '../source/source.ts';
import type { Finding } from '../trace/checks/finding.ts';
import { findCommand } from '../trace/find-command.ts';
import { type ProcessSpec, processSpecOf } from '../trace/process-spec.ts';
import { accountOf } from '../trace/users.ts';
import { Warnings } from '../warnings.ts';

/** A text has no NUL among its first bytes. */
const TEXT_PROBE_BYTES = 4096;

/** Members of a config that say what is run and how (OCI image-spec v1.1, config.md; the last two are Docker's). */
const CONFIGURED = [
  'Entrypoint',
  'Cmd',
  'Env',
  'User',
  'WorkingDir',
  'Volumes',
  'ExposedPorts',
  'StopSignal',
  'Labels',
  'Healthcheck',
  'Shell',
] as const;

/**
 * Compares a slim image with the one that it was made of: the same process, every file as it was (a package database cut as
 * oslim cuts it), and every library that the original's loader finds for a program at the same place, byte for byte.
 */
export async function compareWithOriginal(
  original: OpenedSource,
  slim: OpenedSource,
): Promise<{ readonly findings: readonly Finding[]; readonly files: number }> {
  const databases = await cutDatabases(original, slim);
  const { findings, files } = compareFiles(original.rootfs, slim.rootfs, databases);
  return {
    findings: [
      ...compareConfigs(original, slim),
      ...compareRoots(original, slim),
      ...findings,
      ...compareLibraries(original, slim),
    ],
    files,
  };
}

function* compareConfigs(original: OpenedSource, slim: OpenedSource): Generator<Finding> {
  const before = configOf(original);
  const after = configOf(slim);
  for (const member of CONFIGURED) {
    const [a, b] = [before[member] ?? null, after[member] ?? null];
    if (isDeepStrictEqual(a, b) || (isEmpty(a) && isEmpty(b))) continue;
    yield {
      code: 'DIFFERENT_CONFIG',
      message: `${member} was ${JSON.stringify(a)} and is ${JSON.stringify(b)}`,
      advice: 'slim it again without the flag that changes it, or take the original with it',
    };
  }
}

function configOf({ image }: OpenedSource): Readonly<Record<string, unknown>> {
  const { config } = image.config.raw;
  return typeof config === 'object' && config !== null ? (config as Record<string, unknown>) : {};
}

/** Absent, null, `[]`, `{}` and `""` mean the same in a config. */
function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Entrypoint, Cmd and health check lead to the same files. */
function* compareRoots(original: OpenedSource, slim: OpenedSource): Generator<Finding> {
  const spec = processSpecOf(original.image.config.config);
  for (const argv of [spec.argv, spec.healthcheck ?? []]) {
    const before = commandOf(original.rootfs, spec, argv);
    const after = commandOf(slim.rootfs, spec, argv);
    if (before === undefined || after === before) continue;
    yield {
      code: 'DIFFERENT_FILE',
      message: `"${argv[0] ?? ''}" was ${before} and is ${after ?? 'not there'}`,
      path: before,
      advice: `keep it: --include ${before}`,
    };
  }
}

function commandOf(rootfs: Rootfs, { env, cwd }: ProcessSpec, argv: readonly string[]): RootPath | undefined {
  return argv[0] === undefined ? undefined : findCommand(rootfs, argv[0], env, cwd)?.file.path;
}

/** Which files are package databases that slimming cuts. */
async function cutDatabases(original: OpenedSource, slim: OpenedSource): Promise<ReadonlySet<RootPath>> {
  const index = await openPackages(original.rootfs, new Warnings());
  const kept = new Set([...slim.rootfs.walk()].map(([path]) => path));
  return new Set((await trimDatabase(index, kept, original.rootfs)).overrides.keys());
}

function compareFiles(
  original: Rootfs,
  slim: Rootfs,
  databases: ReadonlySet<RootPath>,
): { readonly findings: readonly Finding[]; readonly files: number } {
  const findings: Finding[] = [];
  let files = 0;
  for (const [path, inode] of slim.walk()) {
    files++;
    const before = original.lookup(path);
    if (databases.has(path)) {
      if (
        inode.type === 'file' &&
        before?.type === 'file' &&
        isCutDatabase(slim.read(inode), original.read(before))
      )
        continue;
      findings.push(changed(path, 'is a package database that tells of what the original does not'));
    } else if (before === undefined) {
      findings.push(changed(path, 'is not in the original'));
    } else {
      const changes = describeChange(before, inode);
      if (changes.length > 0) findings.push(changed(path, `differs in ${changes.join(', ')}`));
    }
  }
  return { findings, files };
}

/** Is every line one of the original's? A database is cut, never added to. */
function isCutDatabase(cut: Uint8Array, original: Uint8Array): boolean {
  // rpm's is a binary file, from which rows are deleted.
  if (original.subarray(0, TEXT_PROBE_BYTES).includes(0)) return true;
  const allowed = new Set(linesOf(original));
  return linesOf(cut).every((line) => allowed.has(line));
}

function linesOf(bytes: Uint8Array): readonly string[] {
  return Buffer.from(bytes).toString('latin1').split('\n');
}

function changed(path: RootPath, what: string): Finding {
  return {
    code: 'DIFFERENT_FILE',
    message: `${path} ${what}`,
    path,
    advice: 'slim the original again; whoever changed the file did it after slimming',
  };
}

/** Every program and library of the slim image, resolved in both images by the same linker code. */
function* compareLibraries(original: OpenedSource, slim: OpenedSource): Generator<Finding> {
  const { env, cwd, user } = processSpecOf(original.image.config.config);
  const surroundings = { env, cwd, user: accountOf(original.rootfs, user) };
  const before = new Linker({ ...surroundings, rootfs: original.rootfs });
  const after = new Linker({ ...surroundings, rootfs: slim.rootfs });
  for (const [path, inode] of slim.rootfs.walk()) {
    if (inode.type !== 'file') continue;
    const elf = after.lookup.elves.find(inode);
    if (elf === undefined || elf instanceof OslimError) continue;
    const there = original.rootfs.lookup(path);
    if (there?.type !== 'file' || before.lookup.elves.find(there) === undefined) continue;
    const found = new Map(after.resolveProgram(path).libraries.map((library) => [library.realPath, library]));
    for (const { soname, realPath, hwcaps } of before.resolveProgram(path).libraries) {
      if (hwcaps !== undefined) continue;
      const library = original.rootfs.lookup(realPath);
      const now = found.has(realPath) ? slim.rootfs.lookup(realPath) : undefined;
      if (library?.type === 'file' && now?.type === 'file' && sameBytes(library, now)) continue;
      yield {
        code: 'DIFFERENT_LIBRARY',
        message: `${soname} of ${path} was loaded from ${realPath} and is ${now === undefined ? 'not' : 'another file there'}`,
        path: realPath,
        advice: `slim the original again, with --include ${realPath} if it is left out once more`,
      };
    }
  }
}
