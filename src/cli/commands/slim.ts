import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  type Compression,
  type ImageFormat,
  type Level,
  outcomeText,
  type Policy,
  parseKeepList,
  policyText,
  reasonOf,
  type SbomRequest,
  type SlimJobOptions,
  type SlimOutcome,
  slimJob,
  slimOutcomeJson,
  UsageError,
} from '../../index.ts';
import { applyConfigFile } from '../config-file.ts';
import { interruptible } from '../interrupt.ts';
import { paletteFor, wantsColor } from '../palette.ts';
import { Progress } from '../progress.ts';
import { parseCommandLine, parseSize } from '../values.ts';

interface SlimFlags {
  readonly config?: string;
  readonly output?: string;
  readonly push?: string;
  readonly load?: boolean;
  readonly tag?: string;
  readonly platform?: string;
  readonly allPlatforms?: boolean;
  readonly ifChanged?: boolean;
  readonly compress: Compression;
  readonly format: ImageFormat;
  readonly level?: Level;
  readonly minimal?: boolean;
  readonly certs: boolean;
  readonly zoneinfo: boolean;
  readonly inferred: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly includeCommand: readonly string[];
  readonly includePackage: readonly string[];
  readonly keepFrom?: string;
  readonly allowMissing: readonly string[];
  readonly strict?: boolean;
  readonly entrypoint?: string;
  readonly cmd?: string;
  readonly env: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly maxSize?: string;
  readonly failOn: readonly Policy[];
  readonly report: readonly string[];
  readonly sbom: readonly SbomRequest[];
  readonly lock?: string;
  readonly frozenLock?: boolean;
  readonly insecure?: boolean;
  readonly username?: string;
  readonly passwordStdin?: boolean;
  readonly cache: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `cyclonedx`, or `cyclonedx=FILE`. */
function sbomRequest(value: string, previous: readonly SbomRequest[]): readonly SbomRequest[] {
  const [format = '', ...file] = value.split('=');
  if (format !== 'cyclonedx' && format !== 'spdx')
    throw new UsageError(`cannot write --sbom ${value}: it is cyclonedx or spdx, perhaps with =FILE`);
  return [...previous, { format, ...(file.length === 0 ? {} : { file: file.join('=') }) }];
}

/** The lock that `--frozen-lock` compares with unless another is named. */
const DEFAULT_LOCK = 'oslim.lock';

const many = (value: string, previous: readonly string[]): readonly string[] => [
  ...previous,
  ...value.split(',').filter((item) => item !== ''),
];
const each = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

/** Gives `command` the main job: its argument, its flags, its action; `done` takes the exit status. */
export function asSlimCommand(command: Command, done: (status: number) => void): Command {
  command.argument(
    '<image>',
    'myapp:latest, docker-archive:FILE, oci:DIR, oci-archive:FILE, rootfs:DIR, a file, - (stdin)',
  );
  addOutputOptions(command);
  addKeepOptions(command);
  addProcessOptions(command);
  addConnectionOptions(command);
  command
    .option('--config <file>', 'options from a YAML file (default: oslim.yaml, where there is one)')
    .option('--json', 'print the result as one JSON document')
    .option('-q, --quiet', 'print errors only');
  return command.action(async (image: string, flags: SlimFlags) => {
    await applyConfigFile(command, flags.config);
    done(await runSlim(image, command.opts<SlimFlags>()));
  });
}

function addOutputOptions(command: Command): void {
  command
    .optionsGroup('Result:')
    .option(
      '-o, --output <dest>',
      'FILE (docker load, podman load, skopeo, umoci), oci:DIR, oci-archive:FILE, docker-archive:FILE, docker://REF, - (stdout)',
    )
    .option('--push <ref>', 'push to a registry')
    .option('--load', 'hand the result to the local engine')
    .option('-t, --tag <ref>', "name of the result (default: the source's with -slim on its tag)")
    .option('--platform <os/arch>', "which image of an index (default: linux on this host's architecture)")
    .option(
      '--all-platforms',
      'every image of an index; writes an index to a registry, oci:DIR or oci-archive:FILE',
    )
    .option('--if-changed', 'do nothing when the destination has it: same source digest, version, options')
    .addOption(
      new Option('--compress <kind>', 'compression of the layer')
        .choices(['gzip', 'zstd', 'none'])
        .default('gzip'),
    )
    .addOption(
      new Option('--format <kind>', 'media types of the result').choices(['oci', 'docker']).default('oci'),
    )
    .option('--max-size <size>', 'exit 3 when the layer is larger, uncompressed (50MB, 1.5GB)')
    .option(
      '--fail-on <what>',
      'exit 3 when the result holds it: shell, package-manager, setuid, inferred, unresolved (repeatable)',
      many,
      [],
    )
    .option('--report <file>', 'write a report: .html, .json or .md (repeatable)', many, [])
    .option(
      '--sbom <format>',
      'bill of materials, cyclonedx or spdx (or FORMAT=FILE): attached on push and in oci:, beside an archive (repeatable)',
      sbomRequest,
      [],
    )
    .option('--lock <file>', 'write every kept path with its digest and reason to FILE')
    .option(
      '--frozen-lock',
      'compare with the lock (default: oslim.lock); write nothing and exit 3 when it differs',
    );
}

function addKeepOptions(command: Command): void {
  command
    .optionsGroup('What is kept:')
    .option('--include <glob>', 'keep these paths too (repeatable)', many, [])
    .option('--exclude <glob>', 'never keep these paths (repeatable)', many, [])
    .option('--include-command <name>', 'keep these commands and what they need (repeatable)', many, [])
    .option('--include-package <name>', 'keep these packages whole (repeatable)', many, [])
    .option('--keep-from <file>', 'keep what FILE lists: paths, an strace log, a JSON report')
    .addOption(
      new Option('--level <level>', 'how far to widen where reading cannot decide').choices([
        'minimal',
        'default',
        'safe',
      ]),
    )
    .option(
      '--minimal',
      'same as --level minimal: the program, its libraries, certificates, zoneinfo, accounts',
    )
    .option('--no-certs', 'leave out CA certificates')
    .option('--no-zoneinfo', 'leave out time zones')
    .option('--no-inferred', 'leave out what follows from a reading that may be wrong')
    .option('--allow-missing <name>', 'a library that may be missing (repeatable)', many, [])
    .option('--strict', 'warnings are errors');
}

function addProcessOptions(command: Command): void {
  command
    .optionsGroup('The process (instead of the image’s own configuration):')
    .option('--entrypoint <command>', 'a word, a command line or a JSON array')
    .option('--cmd <command>', 'likewise')
    .option('-e, --env <name=value>', 'an environment variable (repeatable)', each, [])
    .option('-w, --workdir <dir>', 'working directory')
    .option('-u, --user <user>', 'user');
}

function addConnectionOptions(command: Command): void {
  command
    .optionsGroup('Registry:')
    .option('--insecure', 'plain HTTP, or HTTPS without verification')
    .option('--username <name>', 'user name for the registry')
    .option('--password-stdin', 'read the password from standard input')
    .option('--no-cache', 'neither read nor fill the cache of pulled blobs')
    .optionsGroup('Output:');
}

async function runSlim(image: string, flags: SlimFlags): Promise<number> {
  const showProgress = process.stderr.isTTY === true && !flags.quiet && !flags.json;
  const progress = showProgress ? new Progress(process.stderr) : undefined;
  try {
    const outcome = await interruptible((signal) =>
      slimJob({ ...optionsOf(image, flags), signal, ...(progress ? { onProgress: progress.report } : {}) }),
    );
    progress?.clear();
    const broken = policyText(outcome);
    report(outcome, broken, flags);
    return broken.length > 0 ? 3 : 0;
  } finally {
    progress?.clear();
  }
}

function report(outcome: SlimOutcome, broken: readonly string[], flags: SlimFlags): void {
  // With -o - the archive is on stdout, so the words go to stderr.
  const stream = flags.output === '-' ? process.stderr : process.stdout;
  if (flags.json) stream.write(`${JSON.stringify(slimOutcomeJson(outcome), undefined, 2)}\n`);
  else if (!flags.quiet)
    stream.write(`${outcomeText(outcome, paletteFor(wantsColor(stream, process.env)))}\n`);
  if (!flags.quiet) return;
  for (const line of broken) process.stderr.write(`oslim: ${line}\n`);
}

function optionsOf(image: string, flags: SlimFlags): SlimJobOptions {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  if (flags.minimal && flags.level !== undefined && flags.level !== 'minimal') {
    throw new UsageError(`cannot use --minimal with --level ${flags.level}: they contradict each other`);
  }
  return {
    image,
    output: flags.output,
    push: flags.push,
    load: flags.load ?? false,
    tag: flags.tag,
    platform: flags.platform,
    allPlatforms: flags.allPlatforms ?? false,
    ifChanged: flags.ifChanged ?? false,
    compression: flags.compress,
    format: flags.format,
    level: flags.minimal ? 'minimal' : (flags.level ?? 'default'),
    certificates: flags.certs,
    zoneinfo: flags.zoneinfo,
    inferred: flags.inferred,
    include: flags.include,
    exclude: flags.exclude,
    includeCommands: flags.includeCommand,
    includePackages: flags.includePackage,
    keepPaths: flags.keepFrom === undefined ? [] : readKeepList(flags.keepFrom),
    allowMissing: flags.allowMissing,
    strict: flags.strict ?? false,
    env: flags.env,
    insecure: flags.insecure ?? false,
    cache: flags.cache,
    failOn: flags.failOn,
    reports: flags.report,
    sboms: flags.sbom,
    lock: flags.lock ?? (flags.frozenLock ? DEFAULT_LOCK : undefined),
    frozenLock: flags.frozenLock ?? false,
    maxSize: flags.maxSize === undefined ? undefined : parseSize(flags.maxSize),
    sourceDateEpoch: epoch === undefined || epoch === '' ? undefined : parseEpoch(epoch),
    ...(flags.entrypoint === undefined ? {} : { entrypoint: parseCommandLine(flags.entrypoint) }),
    ...(flags.cmd === undefined ? {} : { cmd: parseCommandLine(flags.cmd) }),
    ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.username === undefined ? {} : { username: flags.username }),
    ...(flags.passwordStdin ? { password: readFileSync(0, 'utf8').replace(/\r?\n$/, '') } : {}),
  };
}

function readKeepList(file: string): readonly string[] {
  try {
    return parseKeepList(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot read the keep list "${file}": ${reasonOf(error)}`, { cause: error });
  }
}

function parseEpoch(text: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw new UsageError(`cannot use SOURCE_DATE_EPOCH "${text}": not seconds since the epoch`);
  return Number.parseInt(text, 10);
}
