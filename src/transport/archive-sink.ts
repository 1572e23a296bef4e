import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { InternalError, UsageError } from '../errors.ts';
import {
  type Blob,
  type Image,
  type ImageSource,
  type IndexSink,
  type OutputImage,
  openAllImages,
} from '../image/image.ts';
import { AtomicFile, attempt, destinationError, isWrittenInPlace } from '../io/atomic-file.ts';
import { NO_LIMITS } from '../io/limits.ts';
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
import { imageTree, indexTree, type OutputTree, treeBlobs, treeLayerTypes } from './output-tree.ts';

/** `loadable` is a docker-archive and an OCI archive at once. */
export type ArchiveForm = 'loadable' | 'docker-archive' | 'oci-archive';

interface ArchiveSinkOptions {
  readonly form: ArchiveForm;
  /** REF of `docker-archive:FILE:REF` and `oci-archive:FILE:REF`. */
  readonly reference?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Looks at each image of the written archive, as our own reader sees it, before it becomes visible; throws to
   * stop it. `at` is its place among those that were given.
   */
  readonly verify?: ((written: Image, at: number) => Promise<void>) | undefined;
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
export function archiveFileSink(file: string, options: ArchiveSinkOptions): IndexSink {
  const write = (tree: OutputTree, name: string | undefined) =>
    attempt(file, () => isWrittenInPlace(file))
      ? writeToStream(() => createWriteStream(file), file, tree, name, options)
      : writeToFile(file, tree, name, options);
  return {
    write: (image, name) => write(imageTree(image), name),
    writeIndex: (output, name) => write(indexTree(output), name),
  };
}

/** Returns the sink for an archive on an open stream (stdout): not a byte is written before the archive is whole. */
export function archiveStreamSink(
  stream: NodeJS.WritableStream,
  label: string,
  options: ArchiveSinkOptions,
): IndexSink {
  const write = (tree: OutputTree, name: string | undefined) =>
    writeToStream(() => stream, label, tree, name, options);
  return {
    write: (image, name) => write(imageTree(image), name),
    writeIndex: (output, name) => write(indexTree(output), name),
  };
}

async function writeToFile(
  file: string,
  tree: OutputTree,
  name: string | undefined,
  options: ArchiveSinkOptions,
): Promise<void> {
  checkArchiveLayers(options.form, treeLayerTypes(tree));
  const output = new AtomicFile(file);
  try {
    for await (const chunk of treeStream(tree, { name, reference: options.reference }, options.form)) {
      options.signal?.throwIfAborted();
      output.write(chunk);
    }
    if (options.verify !== undefined)
      await verifyArchive(
        await openArchive(output.temporary, kindOf(options.form), NO_LIMITS),
        options.verify,
      );
    options.signal?.throwIfAborted();
    output.commit();
  } finally {
    output.abort();
  }
}

async function writeToStream(
  openStream: () => NodeJS.WritableStream,
  label: string,
  tree: OutputTree,
  name: string | undefined,
  options: ArchiveSinkOptions,
): Promise<void> {
  checkArchiveLayers(options.form, treeLayerTypes(tree));
  const spool = new Spool();
  try {
    for await (const chunk of treeStream(tree, { name, reference: options.reference }, options.form)) {
      options.signal?.throwIfAborted();
      await spool.append(chunk);
    }
    await spool.finish();
    if (options.verify !== undefined) {
      await verifyArchive(
        await openArchiveStream(streamOf(spool), label, kindOf(options.form), NO_LIMITS),
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
  source: ImageSource,
  verify: NonNullable<ArchiveSinkOptions['verify']>,
): Promise<void> {
  try {
    const { members } = await openAllImages(source, {});
    for (const [at, member] of members.entries()) await verify(await member.open(), at);
  } finally {
    await source.close();
  }
}

function kindOf(form: ArchiveForm): ArchiveKind {
  return form === 'loadable' ? 'archive' : form;
}

/**
 * Yields the archive. The documents come first, so that who reads a stream knows what follows; then the blobs,
 * sorted by digest. Time, owner and mode of every entry are fixed.
 */
export function archiveStream(
  image: OutputImage,
  name: OutputName,
  form: ArchiveForm,
): AsyncGenerator<Uint8Array> {
  return treeStream(imageTree(image), name, form);
}

async function* treeStream(
  tree: OutputTree,
  name: OutputName,
  form: ArchiveForm,
): AsyncGenerator<Uint8Array> {
  if (form !== 'docker-archive') {
    yield* documentEntry('oci-layout', OCI_LAYOUT);
    yield* documentEntry('index.json', encodeIndex([indexDescriptor(tree, name)]));
  }
  if (form !== 'oci-archive') {
    const [image, ...others] = tree.images;
    if (image === undefined || others.length > 0)
      throw new InternalError('an archive with a manifest.json holds one image');
    yield* documentEntry('manifest.json', encodeManifestJson(image, name));
  }
  yield header('blobs/', 'directory', 0);
  yield header('blobs/sha256/', 'directory', 0);
  for (const blob of archiveBlobs(tree, form)) {
    const { digest, size } = blob.descriptor;
    yield header(blobPath(digest), 'file', size);
    yield* blob.open();
    yield paddingOf(size);
  }
  yield endOfArchive();
}

/** Sorted by digest; a docker-archive has no use for the manifest. */
function archiveBlobs(tree: OutputTree, form: ArchiveForm): readonly Blob[] {
  return treeBlobs(tree)
    .filter((blob) => form !== 'docker-archive' || blob !== tree.root)
    .sort((a, b) => (a.descriptor.digest < b.descriptor.digest ? -1 : 1));
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
