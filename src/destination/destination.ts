import type { EmittedImage } from '../emit/emit.ts';
import { layerMediaType } from '../emit/output-manifest.ts';
import { verifyWritten } from '../emit/verify-written.ts';
import { InternalError, UsageError } from '../errors.ts';
import type { Image, IndexSink, OutputIndex } from '../image/image.ts';
import { formatReference, parseReference, withDefaultTag } from '../oci/reference.ts';
import type { ResolvedOptions } from '../options.ts';
import { pushReference, registryOptions } from '../source/registry-options.ts';
import { archiveFileSink, archiveStreamSink, checkArchiveLayers } from '../transport/archive-sink.ts';
import { type OutputLocation, parseOutputLocation } from '../transport/location.ts';
import { layoutDirectorySink } from '../transport/oci-layout/layout-sink.ts';

/** Output is what goes to every destination: an image, or an index with its images. */
export interface Output {
  readonly images: readonly EmittedImage[];
  writeTo(sink: IndexSink, name: string): Promise<void>;
}

export function imageOutput(image: EmittedImage): Output {
  return { images: [image], writeTo: (sink, name) => sink.write(image, name) };
}

/** `images` are those of the index, in its order. */
export function indexOutput(output: OutputIndex, images: readonly EmittedImage[]): Output {
  return { images, writeTo: (sink, name) => sink.writeIndex(output, name) };
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

/** Writes to every destination that was asked for, each whole or not at all; returns them in the user's words. */
export async function writeResult(
  output: Output,
  name: string,
  options: ResolvedOptions,
): Promise<readonly string[]> {
  const places: string[] = [];
  if (options.output !== undefined) {
    await writeTo(parseOutputLocation(options.output), options.output, output, name, options);
    places.push(options.output);
  }
  if (options.push !== undefined) {
    const reference = formatReference(pushReference(options.push));
    await push(output, reference, options);
    places.push(reference);
  }
  if (options.load) {
    const { engineSink } = await import('../transport/engine/engine-source.ts');
    for (const image of output.images) await engineSink().write(image, name);
    places.push('the local engine');
  }
  if (options.sink !== undefined) {
    for (const image of output.images) await options.sink.write(image, name);
    places.push('the given sink');
  }
  return places;
}

/** Returns the full reference that the result bears. */
export function resultName(defaultName: string | undefined, options: ResolvedOptions): string {
  if (options.tag !== undefined) return formatReference(withDefaultTag(parseReference(options.tag)));
  if (options.push !== undefined) return formatReference(pushReference(options.push));
  return defaultName ?? NAMELESS;
}

async function writeTo(
  location: OutputLocation,
  words: string,
  output: Output,
  name: string,
  options: ResolvedOptions,
): Promise<void> {
  const { signal } = options;
  const verify = async (written: Image, at: number) => {
    const image = output.images[at];
    if (image === undefined) throw new InternalError('more images were written than were given');
    await verifyWritten(written, image);
  };
  switch (location.kind) {
    case 'loadable':
    case 'docker-archive':
    case 'oci-archive': {
      const reference = 'reference' in location ? location.reference : undefined;
      const sink = archiveFileSink(location.file, { form: location.kind, reference, signal, verify });
      return await output.writeTo(sink, name);
    }
    case 'stdout': {
      const sink = archiveStreamSink(process.stdout, 'standard output', { form: 'loadable', signal, verify });
      return await output.writeTo(sink, name);
    }
    case 'oci': {
      const { directory, reference } = location;
      return await output.writeTo(layoutDirectorySink(directory, { reference, signal, verify }), name);
    }
    case 'registry':
      return await push(output, formatReference(withDefaultTag(location.reference)), options);
    case 'docker-daemon':
      throw new UsageError(`cannot write to "${words}": use --load`);
  }
}

async function push(output: Output, reference: string, options: ResolvedOptions): Promise<void> {
  const { RegistrySink } = await import('../transport/registry/registry-sink.ts');
  const sink = new RegistrySink(await registryOptions(options));
  try {
    await output.writeTo(sink, reference);
  } finally {
    await sink.close();
  }
}
