import type { ExecutionConfig } from '../oci/config.ts';
import { ROOT, type RootPath, rootPath } from '../rootfs/root-path.ts';

/** PATH as runc and Docker set it when the config's Env has none. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The shell of shell-form commands when the config names none (Dockerfile reference, "SHELL"). */
const DEFAULT_SHELL: readonly string[] = ['/bin/sh', '-c'];

/** ProcessSpec is what the image's config says will be run, and in what surroundings. */
export interface ProcessSpec {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Entrypoint and Cmd together: the first process's arguments. */
  readonly argv: readonly string[];
  /** The health check as an argument list, or undefined when there is none. */
  readonly healthcheck: readonly string[] | undefined;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: RootPath;
  /** User as the config spells it (`app`, `1000:1000`); empty for root. */
  readonly user: string;
  readonly volumes: readonly RootPath[];
}

/** Reads a config's execution parameters as an engine would when it starts a container. */
export function processSpecOf(config: ExecutionConfig): ProcessSpec {
  const env = new Map<string, string>([['PATH', DEFAULT_PATH]]);
  for (const assignment of config.Env ?? []) {
    const equals = assignment.indexOf('=');
    if (equals > 0) env.set(assignment.slice(0, equals), assignment.slice(equals + 1));
  }
  const entrypoint = config.Entrypoint ?? [];
  const cmd = config.Cmd ?? [];
  return {
    entrypoint,
    cmd,
    argv: [...entrypoint, ...cmd],
    healthcheck: healthcheckCommand(config.Healthcheck?.Test, config.Shell ?? DEFAULT_SHELL),
    env,
    cwd: config.WorkingDir ? rootPath(config.WorkingDir) : ROOT,
    user: config.User ?? '',
    volumes: Object.keys(config.Volumes ?? {}).map((volume) => rootPath(volume)),
  };
}

/** `["CMD", …]` is run as it is, `["CMD-SHELL", line]` by the config's shell (moby image spec v1.2). */
function healthcheckCommand(
  test: readonly string[] | undefined,
  shell: readonly string[],
): readonly string[] | undefined {
  const [kind, ...rest] = test ?? [];
  if (kind === 'CMD' && rest.length > 0) return rest;
  if (kind === 'CMD-SHELL' && rest[0] !== undefined) return [...shell, rest[0]];
  return undefined;
}

/** Returns the directories of PATH in order; an empty element means the working directory. */
export function searchPath(env: ReadonlyMap<string, string>, cwd: RootPath): readonly RootPath[] {
  return (env.get('PATH') ?? DEFAULT_PATH)
    .split(':')
    .map((directory) => rootPath(directory === '' ? '.' : directory, cwd));
}
