import { type EmitInput, type EmittedImage, emitUpper } from '../emit/emit.ts';
import { ImageError, UsageError } from '../errors.ts';
import { formatReference, parseReference, withDefaultTag } from '../oci/reference.ts';
import type { ResolvedOptions } from '../options.ts';
import { findTools } from '../packages/shells-and-managers.ts';
import type { DebugResult } from '../result/slim-result.ts';
import { pushReference } from '../source/registry-options.ts';
import type { OpenedSource } from '../source/source.ts';
import { traceSource, whatIsKept } from '../source/trace-source.ts';
import { findCommand } from '../trace/find-command.ts';
import { DEBUG_COMMANDS } from '../trace/knowledge/debug-tools.ts';
import { processSpecOf } from '../trace/process-spec.ts';
import { type OutputLocation, parseOutputLocation } from '../transport/location.ts';
import { Warnings } from '../warnings.ts';
import { imageOutput, writeResult } from './destination.ts';

/** distroless' word for an image with a shell. */
const SUFFIX = '-debug';
const MAX_TAG = 128;

/** Refuses, before anything is read, destinations that can hold one image only (UsageError). */
export function checkDebugImage(
  { debugImage, output }: ResolvedOptions,
  { allPlatforms = false } = {},
): void {
  if (debugImage === undefined) return;
  if (allPlatforms)
    throw new UsageError('cannot use --debug-image with --all-platforms: name one with --platform');
  if (output !== undefined && parseOutputLocation(output).kind === 'stdout')
    throw new UsageError('cannot write a debug image to standard output: one archive is there already');
}

/** DebugImage is a debug image that is ready to be written; `close` it before the slim image whose layer it shares. */
export interface DebugImage {
  write(name: string): Promise<DebugResult>;
  close(): void;
}

/**
 * Makes the slim image again with the shell and the tools of the original (or the commands that the user names) in a
 * second layer, to be written beside the slim one and under its name with `-debug`. Throws OslimError.
 */
export async function makeDebugImage(
  source: OpenedSource,
  slim: { readonly image: EmittedImage; readonly input: EmitInput },
  options: ResolvedOptions,
): Promise<DebugImage> {
  const commands = commandsOf(source, options);
  const more = { ...options, includeCommands: [...options.includeCommands, ...commands] };
  // The warnings are those of the slim image, which have been told.
  const traced = await traceSource(source, more, new Warnings());
  const { paths, overrides, slimRootfs } = await whatIsKept(traced, source, options);
  traced.check(slimRootfs);
  const input = {
    ...slim.input,
    paths,
    overrides: new Map([...overrides].map(([path, content]) => [path, { content }])),
  };
  const image = await emitUpper(slim.image, input, `tools for looking into it: ${commands.join(' ')}`);
  return {
    close: () => image.close(),
    async write(name) {
      const debugName = debugReference(name);
      const written = await writeResult(imageOutput(image), debugName, debugOptions(options));
      const layerBytes = image.layers.at(-1)?.descriptor.size ?? 0;
      return { name: debugName, written, imageId: image.config.descriptor.digest, layerBytes, commands };
    },
  };
}

/** Returns the commands that are to be there; ImageError where the original has none, or no shell, to give. */
function commandsOf(
  { rootfs, image }: OpenedSource,
  { debugImage = [] }: ResolvedOptions,
): readonly string[] {
  if (debugImage.length > 0) return debugImage;
  const { env, cwd } = processSpecOf(image.config.config);
  const found = DEBUG_COMMANDS.flatMap((name) => {
    const command = findCommand(rootfs, name, env, cwd);
    return command === undefined ? [] : [{ name, path: command.invokedAs }];
  });
  const shells = findTools(
    rootfs,
    found.map(({ path }) => path),
  ).filter(({ kind }) => kind === 'shell');
  if (shells.length > 0) return found.map(({ name }) => name);
  throw new ImageError('cannot make a debug image: the original has no shell in its PATH', {
    advice: 'name the commands that it is to have: --debug-image cat,ls',
  });
}

function debugOptions(options: ResolvedOptions): ResolvedOptions {
  const { output, push } = options;
  return {
    ...options,
    ...(output === undefined ? {} : { output: debugOutput(output, parseOutputLocation(output)) }),
    ...(push === undefined ? {} : { push: debugReference(formatReference(pushReference(push))) }),
  };
}

/** `slim.tar` becomes `slim-debug.tar`, `oci:DIR:REF` `oci:DIR:REF-debug`, `docker://REF` `docker://REF-debug`. */
function debugOutput(words: string, location: OutputLocation): string {
  switch (location.kind) {
    case 'registry':
      return `docker://${debugReference(formatReference(withDefaultTag(location.reference)))}`;
    case 'oci':
      return location.reference === undefined ? words : `${words}${SUFFIX}`;
    case 'loadable':
      return debugFile(location.file);
    case 'docker-archive':
    case 'oci-archive': {
      const reference = location.reference === undefined ? '' : `:${location.reference}${SUFFIX}`;
      return `${location.kind}:${debugFile(location.file)}${reference}`;
    }
    default:
      return words;
  }
}

function debugFile(file: string): string {
  return file.replace(/(\.[^./]+)?$/, (extension) => `${SUFFIX}${extension}`);
}

function debugReference(name: string): string {
  const { digest: _, ...reference } = withDefaultTag(parseReference(name));
  const tag = `${(reference.tag ?? '').slice(0, MAX_TAG - SUFFIX.length)}${SUFFIX}`;
  return formatReference({ ...reference, tag });
}
