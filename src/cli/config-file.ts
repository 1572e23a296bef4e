import { readFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { reasonOf, UsageError } from '../index.ts';

/** The name under which a configuration is found beside the user. */
const DEFAULT_NAME = 'oslim.yaml';
/** Bytes; a configuration is written by hand. */
const MAX_BYTES = 1 << 20;

/** What belongs to one call and not to a project. */
const NOT_CONFIGURED: ReadonlySet<string> = new Set([
  'config',
  'help',
  'version',
  'password-stdin',
  'quiet',
  'json',
]);

/**
 * Gives `command` the options of a YAML file, which spells them as the command line does without `--` (`include-command:
 * [sh]`, `certs: false`). The command line wins; of repeatable options both count, the file's first. `file` is given or
 * undefined for `oslim.yaml` in the working directory, which need not be there. Throws UsageError.
 */
export async function applyConfigFile(command: Command, file: string | undefined): Promise<void> {
  const name = file ?? DEFAULT_NAME;
  const text = readText(name, file !== undefined);
  if (text === undefined) return;
  for (const [key, value] of Object.entries(await documentOf(name, text))) {
    const option = optionOf(command, key);
    // A configuration is written for slimming; a command that only looks passes over what it has no flag for.
    if (option === undefined && command.parent !== null && optionOf(command.parent, key) !== undefined)
      continue;
    if (option === undefined) throw unknownKey(command, name, key);
    applyOption(command, option, key, value, name);
  }
}

function readText(name: string, isRequired: boolean): string | undefined {
  try {
    const bytes = readFileSync(name);
    if (bytes.length > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES} bytes`);
    return bytes.toString('utf8');
  } catch (error) {
    if (!isRequired && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refusal(name, reasonOf(error), undefined, error);
  }
}

async function documentOf(name: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  // Most runs have no such file, and a parser costs start-up time.
  const { parse } = await import('yaml');
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw refusal(name, reasonOf(error).split('\n')[0] ?? '', undefined, error);
  }
  if (document === null) return {};
  if (typeof document !== 'object' || Array.isArray(document))
    throw refusal(name, 'not a mapping of option names to values');
  return document as Readonly<Record<string, unknown>>;
}

function optionOf(command: Command, key: string): Option | undefined {
  if (NOT_CONFIGURED.has(key)) return undefined;
  return command.options.find(({ long }) => long === `--${key}` || long === `--no-${key}`);
}

function applyOption(command: Command, option: Option, key: string, value: unknown, file: string): void {
  const attribute = option.attributeName();
  const isGiven = command.getOptionValueSource(attribute) === 'cli';
  const current: unknown = command.getOptionValue(attribute);
  if (Array.isArray(current)) {
    command.setOptionValueWithSource(attribute, [...textsOf(value, key, file), ...current], 'config');
  } else if (option.isBoolean() || option.negate) {
    if (typeof value !== 'boolean') throw refusal(file, `"${key}" is true or false`);
    if (!isGiven) command.setOptionValueWithSource(attribute, value, 'config');
  } else {
    const text = textOf(value, key, file);
    if (option.argChoices?.includes(text) === false)
      throw refusal(file, `"${key}" is one of ${option.argChoices.join(', ')}`);
    if (!isGiven) command.setOptionValueWithSource(attribute, text, 'config');
  }
}

function textsOf(value: unknown, key: string, file: string): string[] {
  return (Array.isArray(value) ? value : [value]).map((item) => textOf(item, key, file));
}

/** A command may stand as a list, as in an image's own configuration: `entrypoint: [/app/server, -v]`. */
function textOf(value: unknown, key: string, file: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return JSON.stringify(value);
  throw refusal(file, `"${key}" is a text`);
}

function unknownKey(command: Command, file: string, key: string): UsageError {
  const known = command.options
    .map(({ long }) => long?.replace(/^--(?:no-)?/, '') ?? '')
    .filter((name) => name !== '' && !NOT_CONFIGURED.has(name));
  return refusal(file, `"${key}" is no option that it may hold`, `it may hold ${known.sort().join(', ')}`);
}

function refusal(file: string, reason: string, advice?: string, cause?: unknown): UsageError {
  return new UsageError(`cannot read the configuration "${file}": ${reason}`, {
    ...(advice === undefined ? {} : { advice }),
    ...(cause === undefined ? {} : { cause }),
  });
}
