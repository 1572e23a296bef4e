import { type Command, Option } from 'commander';
import {
  type Compression,
  type ImageFormat,
  jsonText,
  outcomeText,
  type Policy,
  policyText,
  type SbomRequest,
  type SlimJobOptions,
  type SlimOutcome,
  slimJob,
  slimOutcomeJson,
  UsageError,
} from '../../index.ts';
import { applyConfigFile } from '../config-file.ts';
import { interruptible } from '../interrupt.ts';
import {
  addConnectionOptions,
  addKeepOptions,
  addProcessOptions,
  many,
  type TraceFlags,
  traceOptionsOf,
} from '../keep-flags.ts';
import { paletteFor, wantsColor } from '../palette.ts';
import { Progress } from '../progress.ts';
import { parseSize } from '../values.ts';

interface SlimFlags extends TraceFlags {
  readonly config?: string;
  readonly output?: string;
  readonly push?: string;
  readonly load?: boolean;
  readonly tag?: string;
  readonly allPlatforms?: boolean;
  readonly ifChanged?: boolean;
  readonly lazy?: boolean;
  readonly compress: Compression;
  readonly format: ImageFormat;
  readonly strict?: boolean;
  readonly maxSize?: string;
  readonly failOn: readonly Policy[];
  readonly report: readonly string[];
  readonly sbom: readonly SbomRequest[];
  readonly debugImage?: string | true;
  readonly lock?: string;
  readonly frozenLock?: boolean;
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

/** Returns the commands that `--debug-image` names; none stands for the usual ones. */
function commandsOf(value: string | true): readonly string[] {
  return value === true ? [] : many(value, []);
}

/** The lock that `--frozen-lock` compares with unless another is named. */
const DEFAULT_LOCK = 'oslim.lock';

/** Gives `command` the main job: its argument, its flags, its action; `done` takes the exit status. */
export function asSlimCommand(command: Command, done: (status: number) => void): Command {
  command.argument(
    '<image>',
    'myapp:latest, docker-archive:FILE, oci:DIR, oci-archive:FILE, rootfs:DIR, a file, - (stdin)',
  );
  addOutputOptions(command);
  addKeepOptions(command);
  command.option('--strict', 'warnings are errors');
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
    .option(
      '--lazy',
      'fetch only what is needed of zstd:chunked and eStargz layers; their digests are not checked (docs/lazy.md)',
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
    .option(
      '--debug-image [commands]',
      "also write NAME-debug, with the original's shell and tools (or these commands) in a second layer",
    )
    .option('--lock <file>', 'write every kept path with its digest and reason to FILE')
    .option(
      '--frozen-lock',
      'compare with the lock (default: oslim.lock); write nothing and exit 3 when it differs',
    );
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
  if (flags.json) stream.write(`${jsonText(slimOutcomeJson(outcome))}\n`);
  else if (!flags.quiet)
    stream.write(`${outcomeText(outcome, paletteFor(wantsColor(stream, process.env)))}\n`);
  if (!flags.quiet) return;
  for (const line of broken) process.stderr.write(`oslim: ${line}\n`);
}

function optionsOf(image: string, flags: SlimFlags): SlimJobOptions {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  return {
    ...traceOptionsOf(flags),
    image,
    output: flags.output,
    push: flags.push,
    load: flags.load ?? false,
    tag: flags.tag,
    allPlatforms: flags.allPlatforms ?? false,
    ifChanged: flags.ifChanged ?? false,
    ...(flags.lazy ? { lazy: true } : {}),
    compression: flags.compress,
    format: flags.format,
    strict: flags.strict ?? false,
    failOn: flags.failOn,
    debugImage: flags.debugImage === undefined ? undefined : commandsOf(flags.debugImage),
    reports: flags.report,
    sboms: flags.sbom,
    lock: flags.lock ?? (flags.frozenLock ? DEFAULT_LOCK : undefined),
    frozenLock: flags.frozenLock ?? false,
    maxSize: flags.maxSize === undefined ? undefined : parseSize(flags.maxSize),
    sourceDateEpoch: epoch === undefined || epoch === '' ? undefined : parseEpoch(epoch),
  };
}

function parseEpoch(text: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw new UsageError(`cannot use SOURCE_DATE_EPOCH "${text}": not seconds since the epoch`);
  return Number.parseInt(text, 10);
}
