import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  type ConnectionOptions,
  type Level,
  type ProcessOverrides,
  parseKeepList,
  reasonOf,
  type SlimOptions,
  UsageError,
} from '../index.ts';
import { parseCommandLine, parseLimit } from './values.ts';

/** Flags that say what the process is and how to reach the image. */
export interface ProcessFlags {
  readonly entrypoint?: string;
  readonly cmd?: string;
  readonly env: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly insecure?: boolean;
  readonly username?: string;
  readonly passwordStdin?: boolean;
  readonly cache: boolean;
  readonly limit: readonly string[];
}

/** Flags that also say what to keep: of every command that traces an image. */
export interface TraceFlags extends ProcessFlags {
  readonly platform?: string;
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
}

/** Collects a repeatable option whose values may also stand in one word, commas between. */
export function many(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, ...value.split(',').filter((item) => item !== '')];
}

function each(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

export function addKeepOptions(command: Command): void {
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
    .option('--allow-missing <name>', 'a library that may be missing (repeatable)', many, []);
}

export function addProcessOptions(command: Command): void {
  command
    .optionsGroup('The process (instead of the image’s own configuration):')
    .option('--entrypoint <command>', 'a word, a command line or a JSON array')
    .option('--cmd <command>', 'likewise')
    .option('-e, --env <name=value>', 'an environment variable (repeatable)', each, [])
    .option('-w, --workdir <dir>', 'working directory')
    .option('-u, --user <user>', 'user');
}

export function addConnectionOptions(command: Command): void {
  command
    .optionsGroup('Registry:')
    .option('--insecure', 'plain HTTP, or HTTPS without verification')
    .option('--username <name>', 'user name for the registry')
    .option('--password-stdin', 'read the password from standard input')
    .option('--no-cache', 'neither read nor fill the cache of blobs and layers');
  addLimitOption(command).optionsGroup('Output:');
}

/** Of every command that reads an image. */
export function addLimitOption(command: Command): Command {
  return command.option(
    '--limit <name=value>',
    'allow an image more of something: entries=5000000 (docs/security.md lists them; repeatable)',
    each,
    [],
  );
}

/** Returns the library's `limits` for the values of `--limit`. Throws UsageError. */
export function limitsOf(values: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(values.map(parseLimit));
}

/** Returns the options that these flags mean. Throws UsageError. */
export function traceOptionsOf(flags: TraceFlags): Omit<SlimOptions, 'image'> {
  if (flags.minimal && flags.level !== undefined && flags.level !== 'minimal') {
    throw new UsageError(`cannot use --minimal with --level ${flags.level}: they contradict each other`);
  }
  return {
    platform: flags.platform,
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
    ...processOptionsOf(flags),
  };
}

/** Returns the options that the flags of the process and of the connection mean. Throws UsageError. */
export function processOptionsOf(flags: ProcessFlags): ProcessOverrides & ConnectionOptions {
  return {
    env: flags.env,
    insecure: flags.insecure ?? false,
    cache: flags.cache,
    limits: limitsOf(flags.limit),
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
