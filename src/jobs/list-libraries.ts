import { ImageError } from '../errors.ts';
import { type ConnectionOptions, resolveOptions } from '../options.ts';
import { type OpenedSource, openSource } from '../source/source.ts';
import { findCommand } from '../trace/find-command.ts';
import { processSpecOf } from '../trace/process-spec.ts';
import { accountOf } from '../trace/users.ts';
import { type LddReport, resolveLibraries } from './resolve-libraries.ts';

/** LddOptions is what `oslim ldd` takes. */
export interface LddOptions extends ConnectionOptions {
  readonly image: string;
  readonly platform?: string;
  /** Files in the image; none means the image's entrypoint, unless `all`. */
  readonly paths?: readonly string[];
  readonly all?: boolean;
  readonly cpu?: string;
  readonly inferred?: boolean;
  readonly symbols?: boolean;
}

/** Opens an image and says what its own loader would load for the files asked for. Throws OslimError. */
export async function listLibraries(options: LddOptions): Promise<LddReport> {
  const { paths = [], all = false, cpu, inferred = true, symbols = false, ...connection } = options;
  const source = await openSource(resolveOptions(connection));
  try {
    const { env, cwd, user } = processSpecOf(source.image.config.config);
    return resolveLibraries(source.rootfs, {
      paths: paths.length === 0 && !all ? [entrypointOf(source)] : paths,
      all,
      inferred,
      symbols,
      env,
      cwd,
      user: accountOf(source.rootfs, user),
      ...(cpu === undefined ? {} : { cpu }),
    });
  } finally {
    await source.close();
  }
}

function entrypointOf(source: OpenedSource): string {
  const { argv, env, cwd } = processSpecOf(source.image.config.config);
  const [name] = argv;
  const found = name === undefined ? undefined : findCommand(source.rootfs, name, env, cwd);
  if (found !== undefined) return found.file.path;
  throw new ImageError(`cannot find the entrypoint "${name ?? ''}" in "${source.name}"`, {
    advice: 'name the files to look at: oslim ldd IMAGE PATH...',
  });
}
