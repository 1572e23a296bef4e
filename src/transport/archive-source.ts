import { createReadStream, statSync } from 'node:fs';
import { ImageError, OslimError, reasonOf, TransportError, UsageError } from '../errors.ts';
import {
  type Image,
  type ImageQuery,
  type ImageSet,
  type ImageSource,
  openAllImages,
} from '../image/image.ts';
import { decompressed, detectCompression, MAGIC_BYTES } from '../io/decompress.ts';
import { DEFAULT_LIMITS, type Limits } from '../io/limits.ts';
import { FileAccess, type RandomAccess, streamOf } from '../io/random-access.ts';
import { Spool } from '../io/spool.ts';
import { DockerArchiveSource, isDockerArchive } from './docker-archive/docker-archive-source.ts';
import { archiveFiles, directoryFiles, type MediumFiles } from './medium-files.ts';
import { isOciLayout, LayoutSource } from './oci-layout/layout-source.ts';

/** What kind of archive it must be; `archive`: the contents tell. */
export type ArchiveKind = 'archive' | 'docker-archive' | 'oci-archive';

/** Opens an archive in a file of the host; one that is compressed, or cannot seek (a fifo), goes through a spool. */
export async function openArchive(
  file: string,
  kind: ArchiveKind = 'archive',
  limits: Limits = DEFAULT_LIMITS,
): Promise<ImageSource> {
  if (!isRegularFile(file)) return openArchiveStream(createReadStream(file), file, kind, limits);
  const access = openFile(file);
  if (access.size === 0) {
    access.close();
    throw new ImageError(`cannot read "${file}": it is empty`);
  }
  const magic = access.read(0, Math.min(MAGIC_BYTES, access.size));
  if (detectCompression(magic) === 'none')
    return openIndexed(file, kind, access, () => access.close(), limits);
  try {
    return await openArchiveStream(streamOf(access), file, kind, limits);
  } finally {
    access.close();
  }
}

/** Reads an archive that comes as a stream, such as stdin, to its end, and opens it; `label` names it in messages. */
export async function openArchiveStream(
  stream: AsyncIterable<Uint8Array>,
  label: string,
  kind: ArchiveKind = 'archive',
  limits: Limits = DEFAULT_LIMITS,
): Promise<ImageSource> {
  const spool = new Spool();
  try {
    for await (const chunk of decompressed(readable(stream, label), `"${label}"`, limits))
      await spool.append(chunk);
    await spool.finish();
    if (spool.size === 0) throw new ImageError(`cannot read "${label}": it is empty`);
  } catch (error) {
    spool.close();
    throw error;
  }
  return openIndexed(label, kind, spool, () => spool.close(), limits);
}

/** Opens an OCI image layout in a directory of the host; `overlay` has documents to read in place of those there. */
export async function openLayoutDirectory(
  directory: string,
  limits: Limits = DEFAULT_LIMITS,
  overlay: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<ImageSource> {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) {
    throw new TransportError(
      'source',
      `cannot read "${directory}": ${stat ? 'it is not a directory' : 'no such directory'}`,
    );
  }
  return new LayoutSource(directoryFiles(directory, overlay), limits);
}

function openIndexed(
  label: string,
  kind: ArchiveKind,
  access: RandomAccess,
  close: () => void,
  limits: Limits,
): ImageSource {
  try {
    return sourceOf(archiveFiles(label, access, close, limits), kind, limits);
  } catch (error) {
    close();
    throw error;
  }
}

function sourceOf(files: MediumFiles, kind: ArchiveKind, limits: Limits): ImageSource {
  const docker = new DockerArchiveSource(files, limits);
  if (kind === 'docker-archive') return docker;
  const layout = new LayoutSource(files, limits);
  if (kind === 'oci-archive' || !isOciLayout(files)) return kind === 'oci-archive' ? layout : docker;
  return isDockerArchive(files) ? new EitherSource(layout, docker) : layout;
}

/**
 * EitherSource reads what is both (`docker save` since 25, oslim): as an OCI layout, whose layers have digests; what
 * is not in there, or not whole, as a docker-archive.
 */
class EitherSource implements ImageSource {
  readonly #first: ImageSource;
  readonly #second: ImageSource;

  constructor(first: ImageSource, second: ImageSource) {
    this.#first = first;
    this.#second = second;
  }

  open(query: ImageQuery): Promise<Image> {
    return this.#either((source) => source.open(query));
  }

  openAll(query: ImageQuery): Promise<ImageSet> {
    return this.#either((source) => openAllImages(source, query));
  }

  async #either<T>(ask: (source: ImageSource) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#first);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      return await ask(this.#second).catch((second: unknown) => {
        // The first says it with digests and platforms; the second matters only when it is something else.
        throw second instanceof ImageError || second instanceof UsageError ? error : second;
      });
    }
  }

  async close(): Promise<void> {
    await this.#first.close();
  }
}

async function* readable(stream: AsyncIterable<Uint8Array>, label: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    // An engine's or a registry's own error says more than "cannot read".
    throw error instanceof OslimError ? error : unreadable(label, error);
  }
}

function openFile(file: string): FileAccess {
  try {
    return new FileAccess(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function isRegularFile(file: string): boolean {
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) {
      throw new UsageError(`cannot read "${file}": it is a directory`, {
        advice: `say oci:${file} or rootfs:${file}`,
      });
    }
    return stat.isFile();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unreadable(file, error);
  }
}

function unreadable(label: string, error: unknown): TransportError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reason =
    code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'permission denied' : reasonOf(error);
  return new TransportError('source', `cannot read "${label}": ${reason}`, { cause: error });
}
