import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FormatError, TransportError } from '../../errors.ts';
import type { Blob, Image, ImageSink, OutputImage } from '../../image/image.ts';
import { AtomicFile, attempt } from '../../io/atomic-file.ts';
import { DEFAULT_LIMITS } from '../../io/limits.ts';
import { FileAccess, streamOf } from '../../io/random-access.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { algorithmOf, Digester } from '../../oci/digest.ts';
import { isRecord, type JsonObject, parseJsonObject } from '../../oci/json.ts';
import { openLayoutDirectory } from '../archive-source.ts';
import {
  blobPath,
  encodeIndex,
  indexDescriptor,
  OCI_LAYOUT,
  type OutputName,
  REF_NAME,
} from '../layout-documents.ts';

interface LayoutSinkOptions {
  /** REF of `oci:DIR:REF`. */
  readonly reference?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Looks at the written image, as our own reader sees it, before the layout's index names it; throws to stop it. */
  readonly verify?: ((written: Image) => Promise<void>) | undefined;
}

/**
 * Returns the sink for an OCI image layout in a directory: made when it is not there, else added to. Other images
 * stay; one of the same name gives it up. The image is visible once index.json, which comes last, is replaced.
 */
export function layoutDirectorySink(directory: string, options: LayoutSinkOptions = {}): ImageSink {
  return {
    write: (image, name) => writeLayout(directory, image, { name, reference: options.reference }, options),
  };
}

async function writeLayout(
  directory: string,
  image: OutputImage,
  name: OutputName,
  options: LayoutSinkOptions,
): Promise<void> {
  const existing = readExisting(directory);
  const undo = new Undo();
  try {
    makeDirectories(join(directory, 'blobs', 'sha256'), undo);
    for (const blob of [...image.layers, image.config, image.manifest])
      await writeBlob(directory, blob, options.signal, undo);
    if (existing === undefined) writeDocument(join(directory, 'oci-layout'), OCI_LAYOUT, undo);
    const descriptor = indexDescriptor(image, name);
    if (options.verify !== undefined) await verifyBlobs(directory, image, options.verify);
    options.signal?.throwIfAborted();
    writeDocument(join(directory, 'index.json'), addToIndex(existing ?? {}, descriptor));
  } catch (error) {
    undo.run();
    throw error;
  }
}

/** Returns the index.json that is there; undefined for a directory that is empty or not there yet. */
function readExisting(directory: string): JsonObject | undefined {
  return attempt(directory, () => {
    const stat = statSync(directory, { throwIfNoEntry: false });
    if (stat === undefined || (stat.isDirectory() && readdirSync(directory).length === 0)) return undefined;
    const path = join(directory, 'index.json');
    if (!stat.isDirectory() || !existsSync(join(directory, 'oci-layout')) || !existsSync(path)) {
      throw new TransportError(
        'destination',
        `cannot write "${directory}": something else than an OCI image layout is there`,
      );
    }
    if (statSync(path).size > DEFAULT_LIMITS.manifestBytes) {
      throw new TransportError('destination', `cannot write "${directory}": its index.json is too large`);
    }
    const index = parseJsonObject(readFileSync(path), `index.json of "${directory}"`);
    if (Array.isArray(index.manifests)) return index;
    throw new FormatError('index.json', 0, `cannot write "${directory}": its index.json is not an index`);
  });
}

/** The other descriptors and members stay as they are. */
function addToIndex(index: JsonObject, descriptor: ReturnType<typeof indexDescriptor>): Uint8Array {
  const refName = descriptor.annotations?.[REF_NAME];
  const others = (Array.isArray(index.manifests) ? index.manifests : []).filter((other: unknown) => {
    if (!isRecord(other)) return true;
    const otherName = isRecord(other.annotations) ? other.annotations[REF_NAME] : undefined;
    // Without a name, the same manifest need not be there twice.
    return refName === undefined
      ? otherName !== undefined || other.digest !== descriptor.digest
      : otherName !== refName;
  });
  const { manifests: _, ...members } = index;
  return encodeIndex([...others, descriptor], members);
}

/** A blob that is there and whole is not written again. */
async function writeBlob(
  directory: string,
  blob: Blob,
  signal: AbortSignal | undefined,
  undo: Undo,
): Promise<void> {
  const path = join(directory, blobPath(blob.descriptor.digest));
  const isThere = existsSync(path);
  if (isThere && (await isWhole(path, blob.descriptor))) return;
  const file = new AtomicFile(path);
  try {
    for await (const chunk of blob.open()) {
      signal?.throwIfAborted();
      file.write(chunk);
    }
    file.commit();
    if (!isThere) undo.remove(path);
  } finally {
    file.abort();
  }
}

async function isWhole(path: string, { digest, size }: Descriptor): Promise<boolean> {
  if (!statSync(path).isFile() || statSync(path).size !== size) return false;
  const access = attempt(path, () => new FileAccess(path));
  const digester = new Digester(algorithmOf(digest));
  try {
    for await (const chunk of streamOf(access)) digester.update(chunk);
  } finally {
    access.close();
  }
  return digester.digest() === digest;
}

function writeDocument(path: string, bytes: Uint8Array, undo?: Undo): void {
  const file = new AtomicFile(path);
  try {
    file.write(bytes);
    file.commit();
    undo?.remove(path);
  } finally {
    file.abort();
  }
}

/** Reads the image back through a layout of its own: an index beside the one that others see. */
async function verifyBlobs(
  directory: string,
  image: OutputImage,
  verify: (written: Image) => Promise<void>,
): Promise<void> {
  const index = encodeIndex([indexDescriptor(image, {})]);
  const source = await openLayoutDirectory(directory, DEFAULT_LIMITS, new Map([['index.json', index]]));
  try {
    await verify(await source.open({}));
  } finally {
    await source.close();
  }
}

function makeDirectories(path: string, undo: Undo): void {
  if (existsSync(path)) return;
  makeDirectories(dirname(path), undo);
  attempt(path, () => mkdirSync(path));
  undo.remove(path);
}

/** Undo removes what a failed write has made, the last first, so that directories are empty when their turn comes. */
class Undo {
  readonly #paths: string[] = [];

  remove(path: string): void {
    this.#paths.push(path);
  }

  run(): void {
    for (const path of this.#paths.reverse()) {
      try {
        if (statSync(path).isDirectory()) rmdirSync(path);
        else rmSync(path);
      } catch {
        // Another run has put something into it meanwhile, or the disk fails: the first error is the one to tell.
      }
    }
  }
}
