import { appendFileSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import {
  type BatchLine,
  batch,
  destinationsOf,
  parseImageList,
  parseLine,
  reasonOf,
  type SlimJobOptions,
  UsageError,
} from '../../index.ts';
import { applyConfigFile } from '../config-file.ts';
import { interruptible } from '../interrupt.ts';
import { addConnectionOptions, addKeepOptions, type TraceFlags, traceOptionsOf } from '../keep-flags.ts';

interface BatchFlags extends TraceFlags {
  readonly output?: string;
  readonly push?: string;
  readonly jobs: number;
  readonly log?: string;
  readonly allPlatforms?: boolean;
  readonly ifChanged?: boolean;
  readonly config?: string;
}

/** Gives `command` the job of `oslim batch`; `done` takes the exit status. */
export function asBatchCommand(command: Command, done: (status: number) => void): Command {
  command
    .description('slim many images: one line of JSON for each, totals at the end')
    .argument('<file>', 'a list of images, a compose file, Kubernetes manifests; - for standard input')
    .option(
      '-o, --output <dest>',
      'where each goes: {name}, {tag}, {n} stand for repository, tag, place in the list',
    )
    .option('--push <ref>', 'likewise, a registry: registry.example/slim/{name}:{tag}')
    .option('--jobs <n>', 'images at the same time', atLeastOne, availableParallelism())
    .option(
      '--log <file>',
      'add the lines to FILE, and leave out what FILE says is done: run it again to go on',
    )
    .option('--platform <os/arch>', 'which image of an index')
    .option('--all-platforms', 'every image of an index; writes an index')
    .option('--if-changed', 'do nothing where the destination has it already');
  addKeepOptions(command);
  addConnectionOptions(command);
  command.option('--config <file>', 'options from a YAML file (default: oslim.yaml, where there is one)');
  return command.action(async (file: string, flags: BatchFlags) => {
    await applyConfigFile(command, flags.config);
    done(await runBatch(file, command.opts<BatchFlags>()));
  });
}

async function runBatch(file: string, flags: BatchFlags): Promise<number> {
  const earlier = flags.log === undefined ? [] : readLog(flags.log);
  const isDone = new Set(earlier.flatMap(({ image, status }) => (status === 'failed' ? [] : [image])));
  const jobs = jobsOf(await readList(file), flags).filter(({ image }) => !isDone.has(image));
  const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const onLine = (line: BatchLine) => {
    // The log first: what it does not have is done again.
    if (flags.log !== undefined) appendFileSync(flags.log, `${JSON.stringify(line)}\n`);
    say(line);
  };
  const totals = await interruptible((signal) => batch({ jobs, concurrency: flags.jobs, onLine, signal }));
  say({ totals: { ...totals, skipped: isDone.size } });
  return totals.failed > 0 ? 1 : totals.policy > 0 ? 3 : 0;
}

function jobsOf(images: readonly string[], flags: BatchFlags): readonly SlimJobOptions[] {
  const outputs =
    flags.output === undefined
      ? undefined
      : destinationsOf(images, flags.output, !flags.output.startsWith('docker://'));
  const pushes = flags.push === undefined ? undefined : destinationsOf(images, flags.push, false);
  const common = {
    ...traceOptionsOf({ ...flags, env: [] }),
    allPlatforms: flags.allPlatforms ?? false,
    ifChanged: flags.ifChanged ?? false,
  };
  return images.map((image, at) => ({ ...common, image, output: outputs?.[at], push: pushes?.[at] }));
}

async function readList(file: string): Promise<readonly string[]> {
  return await parseImageList(readText(file === '-' ? 0 : file, file), file);
}

function readText(from: string | number, label: string): string {
  try {
    return readFileSync(from, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the list "${label}": ${reasonOf(error)}`, { cause: error });
  }
}

function readLog(file: string): readonly BatchLine[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new UsageError(`cannot read the log "${file}": ${reasonOf(error)}`, { cause: error });
  }
  // What a killed run left of a line must not become one with the next.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It is a whole number from 1 on.');
  return value;
}
