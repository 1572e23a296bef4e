import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../errors.ts';
import type { Blob, Image, ImageSink, OutputImage } from '../image/image.ts';
import { AtomicFile, attempt, destinationError, isWrittenInPlace } from '../io/atomic-file.ts';
import { streamOf } from '../io/random-access.ts';
import { Spool } from '../io/spool.ts';
import { MediaType } from '../oci/media-type.ts';
import { encodeHeader, endOfArchive, paddingOf } from '../tar/encode.ts';
import type { TarEntryType } from '../tar/entry.ts';
import { type ArchiveKind, openArchive, openArchiveStream } from './archive-source.ts';
import {
  blobPath,
  encodeIndex,
  encodeManifestJson,
  indexDescriptor,
  OCI_LAYOUT,
  type OutputName,
} from './layout-documents.ts';

/** `loadable` is a docker-archive and an OCI archive at once. */
export type ArchiveForm = 'loadable' | 'docker-archive' | 'oci-archive';

interface ArchiveSinkOptions {
  readonly form: ArchiveForm;
  /** REF of `docker-archive:FILE:REF` and `oci-archive:FILE:REF`. */
  readonly reference?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Looks at the written archive, as our own reader sees it, before it becomes visible; throws to stop it. */
  readonly verify?: ((written: Image) => Promise<void>) | undefined;
}

/** Throws UsageError when a layer is zstd and the archive is for readers that cannot read it (Docker 20.10). */
export function checkArchiveLayers(form: ArchiveForm, mediaTypes: readonly string[]): void {
  if (form === 'oci-archive' || !mediaTypes.includes(MediaType.ociLayerZstd)) return;
  throw new UsageError(
    `cannot write zstd layers into ${form === 'loadable' ? 'an archive for docker load' : `a ${form}`}`,
    {
      advice: 'Docker 20.10 could not load it: use --compress gzip, or write oci-archive:FILE or oci:DIR',
    },
  );
}

/** Returns the sink for an archive in a file: it appears when it is whole; devices and fifos get it once it is whole. */
export function archiveFileSink(file: string, options: ArchiveSinkOptions): ImageSink {
  return {
    write: (image, name) =>
      attempt(file, () => isWrittenInPlace(file))
        ? writeToStream(() => createWriteStream(file), file, image, name, options)
        : writeToFile(file, image, name, options),
  };
}

/** Returns the sink for an archive on an open stream (stdout): not a byte is written before the archive is whole. */
export function archiveStreamSink(
  stream: NodeJS.WritableStream,
  label: string,
  options: ArchiveSinkOptions,
): ImageSink {
  return { write: (image, name) => writeToStream(() => stream, label, image, name, options) };
}

async function writeToFile(
  file: string,
  image: OutputImage,
  name: string | undefined,
  options: ArchiveSinkOptions,
): Promise<void> {
  checkArchiveLayers(options.form, layerTypes(image));
  const output = new AtomicFile(file);
  try {
    for await (const chunk of archiveStream(image, { name, reference: options.reference }, options.form)) {
      options.signal?.throwIfAborted();
      output.write(chunk);
    }
    if (options.verify !== undefined)
      await verifyArchive(await openArchive(output.temporary, kindOf(options.form)), options.verify);
    options.signal?.throwIfAborted();
    output.commit();
  } finally {
    output.abort();
  }
}

async function writeToStream(
  openStream: () => NodeJS.WritableStream,
  label: string,
  image: OutputImage,
  name: string | undefined,
  options: ArchiveSinkOptions,
): Promise<void> {
  checkArchiveLayers(options.form, layerTypes(image));
  const spool = new Spool();
  try {
    for await (const chunk of archiveStream(image, { name, reference: options.reference }, options.form)) {
      options.signal?.throwIfAborted();
      await spool.append(chunk);
    }
    await spool.finish();
    if (options.verify !== undefined) {
      await verifyArchive(
        await openArchiveStream(streamOf(spool), label, kindOf(options.form)),
        options.verify,
      );
    }
    await pour(streamOf(spool), openStream(), label, options.signal);
  } finally {
    spool.close();
  }
}

/** Writes all of `source` and waits until the stream has taken it; the stream is ended unless it is the process's own. */
async function pour(
  source: AsyncIterable<Uint8Array>,
  stream: NodeJS.WritableStream,
  label: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await pipeline(source, stream, {
      end: stream !== process.stdout,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw destinationError(label, error);
  }
}

async function verifyArchive(
  source: Awaited<ReturnType<typeof openArchive>>,
  verify: (written: Image) => Promise<void>,
): Promise<void> {
  try {
    await verify(await source.open({}));
  } finally {
    await source.close();
  }
}

function kindOf(form: ArchiveForm): ArchiveKind {
  return form === 'loadable' ? 'archive' : form;
}

function layerTypes(image: OutputImage): readonly string[] {
  return image.layers.map(({ descriptor }) => descriptor.mediaType);
}

/**
 * Yields the archive. The documents come first, so that who reads a stream knows what follows; then the blobs,
 * sorted by digest. Time, owner and mode of every entry are fixed.
 */
export async function* archiveStream(
  image: OutputImage,
  name: OutputName,
  form: ArchiveForm,
): AsyncGenerator<Uint8Array> {
  if (form !== 'docker-archive') {
    yield* documentEntry('oci-layout', OCI_LAYOUT);
    yield* documentEntry('index.json', encodeIndex([indexDescriptor(image, name)]));
  }
  if (form !== 'oci-archive') yield* documentEntry('manifest.json', encodeManifestJson(image, name));
  yield header('blobs/', 'directory', 0);
  yield header('blobs/sha256/', 'directory', 0);
  for (const blob of archiveBlobs(image, form)) {
    const { digest, size } = blob.descriptor;
    yield header(blobPath(digest), 'file', size);
    yield* blob.open();
    yield paddingOf(size);
  }
  yield endOfArchive();
}

/** Each blob once; a docker-archive has no use for the manifest. */
function archiveBlobs({ manifest, config, layers }: OutputImage, form: ArchiveForm): readonly Blob[] {
  const blobs = [...(form === 'docker-archive' ? [] : [manifest]), config, ...layers];
  const byDigest = new Map(blobs.map((blob) => [blob.descriptor.digest, blob]));
  return [...byDigest.keys()].sort().flatMap((digest) => byDigest.get(digest) ?? []);
}

function* documentEntry(name: string, bytes: Uint8Array): Generator<Uint8Array> {
  yield header(name, 'file', bytes.length);
  yield bytes;
  yield paddingOf(bytes.length);
}

function header(name: string, type: TarEntryType, size: number): Uint8Array {
  return encodeHeader({
    name,
    type,
    size,
    mode: type === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    mtime: 0n,
    linkname: '',
    devMajor: 0,
    devMinor: 0,
    xattrs: new Map(),
  });
}
