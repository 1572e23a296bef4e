import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError, OslimError, reasonOf, TransportError, UsageError } from '../../errors.ts';
import { parseToml, type TomlTable, type TomlValue } from './toml.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One place where the images of a [[registry]] are: it or a mirror of it (containers-registries.conf(5)). */
interface RegistryLocation {
  readonly location: string;
  readonly insecure: boolean;
  readonly pullFrom: 'all' | 'digest-only' | 'tag-only';
}

/** RegistryRule is one [[registry]] table. */
export interface RegistryRule extends RegistryLocation {
  /** What references it is for: `host[:port][/namespace…]` or `*.domain`. */
  readonly prefix: string;
  readonly blocked: boolean;
  readonly mirrors: readonly RegistryLocation[];
}

/** Where to ask for a reference: `name` is `host[:port]/path`. */
export interface RewrittenName {
  readonly name: string;
  readonly insecure: boolean;
}

/** Parses registries.conf version 2; throws FormatError. */
export function parseRegistriesConf(text: string): readonly RegistryRule[] {
  const document = parseToml(text);
  const registries = document.registry ?? [];
  if (!Array.isArray(registries))
    throw refuse('"registry" is not an array of tables: version 1 is not supported');
  return registries.map(parseRule);
}

/**
 * Reads registries.conf and its drop-ins as containers-image does: $CONTAINERS_REGISTRIES_CONF, the user's,
 * else the system's.
 */
export function readRegistriesConf(env: Environment): readonly RegistryRule[] {
  const config = env.XDG_CONFIG_HOME ?? (env.HOME === undefined ? undefined : join(env.HOME, '.config'));
  const named = env.CONTAINERS_REGISTRIES_CONF;
  if (named !== undefined && named !== '') return parseFile(named, readText(named) ?? '');
  const folders = ['/etc/containers', ...(config === undefined ? [] : [join(config, 'containers')])];
  const user = config === undefined ? undefined : join(config, 'containers/registries.conf');
  const main = user === undefined ? undefined : readText(user);
  const [path, text] =
    main === undefined
      ? ['/etc/containers/registries.conf', readText('/etc/containers/registries.conf') ?? '']
      : [user ?? '', main];
  const rules = new Map(parseFile(path, text).map((rule) => [rule.prefix, rule]));
  for (const folder of folders) {
    for (const dropIn of dropIns(join(folder, 'registries.conf.d'))) {
      for (const rule of parseFile(dropIn, readText(dropIn) ?? '')) rules.set(rule.prefix, rule);
    }
  }
  return [...rules.values()];
}

/**
 * Returns where to pull `name` (`host/path`) from, mirrors first, by the rule with the longest matching
 * prefix; throws UsageError when the rule blocks it.
 */
export function pullNames(
  rules: readonly RegistryRule[],
  name: string,
  by: 'digest' | 'tag',
): readonly RewrittenName[] {
  const rule = ruleFor(rules, name);
  if (rule === undefined) return [{ name, insecure: false }];
  const mirrors = rule.mirrors.filter(({ pullFrom }) => pullFrom === 'all' || pullFrom === `${by}-only`);
  return [...mirrors, rule].map((place) => ({
    name: rewrite(name, rule.prefix, place.location),
    insecure: place.insecure,
  }));
}

/** Returns where to push `name` to: never a mirror. Throws UsageError when its rule blocks it. */
export function pushName(rules: readonly RegistryRule[], name: string): RewrittenName {
  const rule = ruleFor(rules, name);
  if (rule === undefined) return { name, insecure: false };
  return { name: rewrite(name, rule.prefix, rule.location), insecure: rule.insecure };
}

function ruleFor(rules: readonly RegistryRule[], name: string): RegistryRule | undefined {
  let best: RegistryRule | undefined;
  for (const rule of rules) {
    if (matches(name, rule.prefix) && rule.prefix.length > (best?.prefix.length ?? -1)) best = rule;
  }
  if (best?.blocked) {
    throw new UsageError(`cannot use "${name}": registries.conf blocks ${best.prefix}`, {
      advice: 'see containers-registries.conf(5)',
    });
  }
  return best;
}

function matches(name: string, prefix: string): boolean {
  if (prefix.startsWith('*.')) return (name.split('/')[0] ?? '').endsWith(prefix.slice(1));
  return name === prefix || name.startsWith(`${prefix}/`);
}

/** A `*.domain` prefix without a location leaves the name as it is; with one it stands for the whole host. */
function rewrite(name: string, prefix: string, location: string): string {
  if (location === '' || location === prefix) return name;
  const matched = prefix.startsWith('*.') ? (name.split('/')[0] ?? '') : prefix;
  return location + name.slice(matched.length);
}

function parseRule(value: TomlValue): RegistryRule {
  const table = asTable(value);
  const place = parseLocation(table);
  const mirrors = table.mirror ?? [];
  if (!Array.isArray(mirrors)) throw refuse('"mirror" is not an array of tables');
  const prefix = text(table, 'prefix') || place.location;
  if (prefix === '') throw refuse('a [[registry]] has neither prefix nor location');
  const digestOnly = flag(table, 'mirror-by-digest-only');
  return {
    ...place,
    location: place.location || (prefix.startsWith('*.') ? '' : prefix),
    prefix: withoutSlash(prefix),
    blocked: flag(table, 'blocked'),
    mirrors: mirrors.map((mirror) => {
      const parsed = parseLocation(asTable(mirror));
      return digestOnly && parsed.pullFrom === 'all'
        ? { ...parsed, pullFrom: 'digest-only' as const }
        : parsed;
    }),
  };
}

function parseLocation(table: TomlTable): RegistryLocation {
  const pullFrom = text(table, 'pull-from-mirror') || 'all';
  if (pullFrom !== 'all' && pullFrom !== 'digest-only' && pullFrom !== 'tag-only')
    throw refuse(`pull-from-mirror "${pullFrom}" is unknown`);
  return { location: withoutSlash(text(table, 'location')), insecure: flag(table, 'insecure'), pullFrom };
}

function asTable(value: TomlValue): TomlTable {
  if (typeof value !== 'object' || Array.isArray(value))
    throw refuse('a registry or a mirror is not a table');
  return value as TomlTable;
}

function text(table: TomlTable, key: string): string {
  const value = table[key] ?? '';
  if (typeof value !== 'string') throw refuse(`"${key}" is not a string`);
  return value;
}

function flag(table: TomlTable, key: string): boolean {
  const value = table[key] ?? false;
  if (typeof value !== 'boolean') throw refuse(`"${key}" is neither true nor false`);
  return value;
}

function withoutSlash(location: string): string {
  return location.replace(/\/+$/, '');
}

function refuse(reason: string): FormatError {
  return new FormatError('registries.conf', 0, `cannot read registries.conf: ${reason}`);
}

function parseFile(path: string, content: string): readonly RegistryRule[] {
  try {
    return parseRegistriesConf(content);
  } catch (error) {
    if (!(error instanceof OslimError)) throw error;
    throw new FormatError('registries.conf', 0, `cannot read "${path}": ${error.message}`, { cause: error });
  }
}

function dropIns(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.conf'));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw new TransportError('source', `cannot read "${folder}": ${reasonOf(error)}`, { cause: error });
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new TransportError('source', `cannot read "${path}": ${reasonOf(error)}`, { cause: error });
  }
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES';
}
