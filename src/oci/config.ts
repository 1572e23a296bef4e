import { FormatError } from '../errors.ts';
import type { Limits } from '../io/limits.ts';
import { type Digest, parseDigest } from './digest.ts';
import { isRecord, type JsonObject, optionalString, optionalStrings, parseJsonObject } from './json.ts';

/** Healthcheck as Docker writes it into a config (moby's image spec v1.2, "Healthcheck"; times in nanoseconds). */
export interface Healthcheck {
  readonly Test?: readonly string[];
}

/** The `config` member of an image config: what to run (OCI image-spec v1.1, config.md, plus Docker's own fields). */
export interface ExecutionConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: Readonly<Record<string, unknown>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly Healthcheck?: Healthcheck;
  readonly Shell?: readonly string[];
  readonly OnBuild?: readonly string[];
}

export interface HistoryEntry {
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

/** ImageConfig of the OCI image-spec v1.1 (config.md). `raw` is the parsed JSON whole, unknown members included. */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly created?: string;
  readonly config: ExecutionConfig;
  readonly diffIds: readonly Digest[];
  readonly history: readonly HistoryEntry[];
  readonly raw: JsonObject;
}

/** Parses the bytes of an image config; throws FormatError, LimitError (jsonDepth). */
export function parseImageConfig(bytes: Uint8Array, limits?: Limits): ImageConfig {
  const raw = parseJsonObject(bytes, 'image config', limits);
  const rootfs = raw.rootfs;
  if (!isRecord(rootfs) || !Array.isArray(rootfs.diff_ids)) {
    throw new FormatError('image config', 0, 'cannot read image config: no rootfs.diff_ids');
  }
  const diffIds = rootfs.diff_ids.map((id) => parseDigest(String(id)));
  const variant = optionalString(raw, 'variant');
  const created = optionalString(raw, 'created');
  return {
    architecture: optionalString(raw, 'architecture') ?? '',
    os: optionalString(raw, 'os') ?? 'linux',
    ...(variant ? { variant } : {}),
    ...(created ? { created } : {}),
    config: parseExecutionConfig(raw.config),
    diffIds,
    history: Array.isArray(raw.history)
      ? raw.history.filter(isRecord).map((entry) => entry as HistoryEntry)
      : [],
    raw,
  };
}

function parseExecutionConfig(value: unknown): ExecutionConfig {
  if (!isRecord(value)) return {};
  const healthcheck = value.Healthcheck;
  const test = isRecord(healthcheck) ? optionalStrings(healthcheck, 'Test') : undefined;
  const volumes = value.Volumes;
  const labels = value.Labels;
  return {
    ...pickString(value, 'User'),
    ...pickString(value, 'WorkingDir'),
    ...pickString(value, 'StopSignal'),
    ...pickStrings(value, 'Env'),
    ...pickStrings(value, 'Entrypoint'),
    ...pickStrings(value, 'Cmd'),
    ...pickStrings(value, 'Shell'),
    ...pickStrings(value, 'OnBuild'),
    ...(isRecord(volumes) ? { Volumes: volumes } : {}),
    ...(isRecord(labels) ? { Labels: labels as Record<string, string> } : {}),
    ...(test ? { Healthcheck: { Test: test } } : {}),
  };
}

function pickString<K extends string>(record: JsonObject, key: K): { readonly [P in K]?: string } {
  const value = optionalString(record, key);
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: string });
}

function pickStrings<K extends string>(
  record: JsonObject,
  key: K,
): { readonly [P in K]?: readonly string[] } {
  const value = optionalStrings(record, key);
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: readonly string[] });
}
