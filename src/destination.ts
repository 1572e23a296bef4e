import type { EmittedImage } from './emit/emit.ts';
import { layerMediaType } from './emit/output-manifest.ts';
import { verifyWritten } from './emit/verify-written.ts';
import { UsageError } from './errors.ts';
import type { Image } from './image/image.ts';
import { formatReference, parseReference, withDefaultTag } from './oci/reference.ts';
import type { ResolvedOptions } from './options.ts';
import { pushReference, registryOptions } from './registry-options.ts';
import type { OpenedSource } from './source.ts';
import { archiveFileSink, archiveStreamSink, checkArchiveLayers } from './transport/archive-sink.ts';
import { type OutputLocation, parseOutputLocation } from './transport/location.ts';
import { layoutDirectorySink } from './transport/oci-layout/layout-sink.ts';

/** What was written, and under which name. */
export interface Written {
  readonly name: string;
  /** In the user's words. */
  readonly places: readonly string[];
}

/** The name of an image whose source has none: a directory, an archive without a name. */
const NAMELESS = 'docker.io/library/oslim:slim';

/** Refuses, before anything is read, destinations and names that cannot be meant (UsageError). */
export function checkDestination({ output, push, tag, format, compression }: ResolvedOptions): void {
  const mediaType = layerMediaType(format, compression);
  if (output !== undefined) {
    const { kind } = parseOutputLocation(output);
    if (kind === 'docker-daemon') throw new UsageError(`cannot write to "${output}": use --load`);
    if (kind === 'stdout') checkArchiveLayers('loadable', [mediaType]);
    else if (kind !== 'oci' && kind !== 'registry') checkArchiveLayers(kind, [mediaType]);
  }
  if (push !== undefined) pushReference(push);
  if (tag !== undefined) parseReference(tag);
}

/** Writes the image to every destination that was asked for, each whole or not at all. */
export async function writeResult(
  image: EmittedImage,
  source: OpenedSource,
  options: ResolvedOptions,
): Promise<Written> {
  const name = resultName(source, options);
  const places: string[] = [];
  if (options.output !== undefined) {
    await writeTo(parseOutputLocation(options.output), options.output, image, name, options);
    places.push(options.output);
  }
  if (options.push !== undefined) {
    const reference = formatReference(pushReference(options.push));
    await push(image, reference, options);
    places.push(reference);
  }
  if (options.load) {
    const { engineSink } = await import('./transport/engine/engine-source.ts');
    await engineSink().write(image, name);
    places.push('the local engine');
  }
  return { name, places };
}

/** Returns the full reference that the result bears. */
function resultName(source: OpenedSource, options: ResolvedOptions): string {
  if (options.tag !== undefined) return formatReference(withDefaultTag(parseReference(options.tag)));
  if (options.push !== undefined) return formatReference(pushReference(options.push));
  return source.defaultName ?? NAMELESS;
}

async function writeTo(
  location: OutputLocation,
  words: string,
  image: EmittedImage,
  name: string,
  options: ResolvedOptions,
): Promise<void> {
  const { signal } = options;
  const verify = (written: Image) => verifyWritten(written, image);
  switch (location.kind) {
    case 'loadable':
    case 'docker-archive':
    case 'oci-archive': {
      const reference = 'reference' in location ? location.reference : undefined;
      return await archiveFileSink(location.file, { form: location.kind, reference, signal, verify }).write(
        image,
        name,
      );
    }
    case 'stdout':
      return await archiveStreamSink(process.stdout, 'standard output', {
        form: 'loadable',
        signal,
        verify,
      }).write(image, name);
    case 'oci':
      return await layoutDirectorySink(location.directory, {
        reference: location.reference,
        signal,
        verify,
      }).write(image, name);
    case 'registry':
      return await push(image, formatReference(withDefaultTag(location.reference)), options);
    case 'docker-daemon':
      throw new UsageError(`cannot write to "${words}": use --load`);
  }
}

async function push(image: EmittedImage, reference: string, options: ResolvedOptions): Promise<void> {
  const { RegistrySink } = await import('./transport/registry/registry-sink.ts');
  const sink = new RegistrySink(await registryOptions(options));
  try {
    await sink.write(image, reference);
  } finally {
    await sink.close();
  }
}
