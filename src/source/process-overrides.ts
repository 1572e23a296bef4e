import type { Image } from '../image/image.ts';
import { parseImageConfig } from '../oci/config.ts';
import { isRecord, parseJsonObject } from '../oci/json.ts';
import type { ProcessOverrides } from '../options.ts';

type Configured = Pick<Image, 'config' | 'rawConfig'>;

/** Returns the image's config with what the user said of the process instead of it: the result is configured so too. */
export function overrideProcess(image: Configured, overrides: ProcessOverrides): Configured {
  const changes: Record<string, unknown> = {};
  if (overrides.entrypoint !== undefined) changes.Entrypoint = overrides.entrypoint;
  if (overrides.cmd !== undefined) changes.Cmd = overrides.cmd;
  // As `docker run --entrypoint` does: the image's Cmd was meant for its own entrypoint.
  else if (overrides.entrypoint !== undefined) changes.Cmd = null;
  if (overrides.workdir !== undefined) changes.WorkingDir = overrides.workdir;
  if (overrides.user !== undefined) changes.User = overrides.user;
  if (overrides.env !== undefined && overrides.env.length > 0)
    changes.Env = mergeEnv(image.config.config.Env ?? [], overrides.env);
  if (Object.keys(changes).length === 0) return { config: image.config, rawConfig: image.rawConfig };
  const document = parseJsonObject(image.rawConfig, 'image config');
  const config = isRecord(document.config) ? document.config : {};
  const rawConfig = Buffer.from(JSON.stringify({ ...document, config: { ...config, ...changes } }));
  return { config: parseImageConfig(rawConfig), rawConfig };
}

function mergeEnv(before: readonly string[], changes: readonly string[]): readonly string[] {
  const names = new Set(changes.map(nameOf));
  return [...before.filter((assignment) => !names.has(nameOf(assignment))), ...changes];
}

function nameOf(assignment: string): string {
  return assignment.split('=', 1)[0] ?? '';
}
