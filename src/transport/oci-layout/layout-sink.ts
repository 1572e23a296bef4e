import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OslimError, TransportError } from '../../errors.ts';
import { type Blob, type Image, type IndexSink, openAllImages } from '../../image/image.ts';
import { AtomicFile, attempt } from '../../io/atomic-file.ts';
import { withFileLock } from '../../io/file-lock.ts';
import { NO_LIMITS } from '../../io/limits.ts';
import { FileAccess, streamOf } from '../../io/random-access.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { algorithmOf, type Digest, Digester } from '../../oci/digest.ts';
import { openLayoutDirectory } from '../archive-source.ts';
import { blobPath, encodeIndex, indexDescriptor, OCI_LAYOUT, type OutputName } from '../layout-documents.ts';
import { imageTree, indexTree, type OutputTree, treeBlobs, treeReferrers } from '../output-tree.ts';
import { addToIndex, type LayoutIndex, readIndex } from './layout-index.ts';
import { makeDirectories, Undo } from './undo.ts';

interface LayoutSinkOptions {
  /** REF of `oci:DIR:REF`. */
  readonly reference?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Looks at each written image, as our own reader sees it, before the layout's index names it; throws to stop it.
   * `at` is its place among those that were given.
   */
  readonly verify?: ((written: Image, at: number) => Promise<void>) | undefined;
}

/** Whoever changes index.json holds this; the prefix is that of our temporary files. */
const LOCK = '.oslim-index.lock';

/**
 * Returns the sink for an OCI image layout in a directory: made when it is not there, else added to. Other images
 * stay; one of the same name gives it up. The image is visible once index.json, which comes last, is replaced. Any
 * number of processes may write into one layout at a time.
 */
export function layoutDirectorySink(directory: string, options: LayoutSinkOptions = {}): IndexSink {
  const write = (tree: OutputTree, name: string | undefined) =>
    writeLayout(directory, tree, { name, reference: options.reference }, options);
  return {
    write: (image, name) => write(imageTree(image), name),
    writeIndex: (output, name) => write(indexTree(output), name),
  };
}

async function writeLayout(
  directory: string,
  tree: OutputTree,
  name: OutputName,
  options: LayoutSinkOptions,
): Promise<void> {
  const before = readIndex(directory);
  const undo = new Undo();
  try {
    makeDirectories(join(directory, 'blobs', 'sha256'), undo);
    for (const blob of allBlobs(tree)) await writeBlob(directory, blob, options.signal, undo);
    if (options.verify !== undefined) await verifyBlobs(directory, tree, options.verify);
    options.signal?.throwIfAborted();
    await publish(directory, tree, name, options, undo);
  } catch (error) {
    await takeBack(directory, before, undo);
    throw error;
  }
}

/** Another run that failed may have taken back a blob (or a directory) which this one has found there: it is made again. */
const MAX_ROUNDS = 5;

/** Puts the image into index.json, as it is at that moment. */
async function publish(
  directory: string,
  tree: OutputTree,
  name: OutputName,
  { signal }: LayoutSinkOptions,
  undo: Undo,
): Promise<void> {
  const blobs = allBlobs(tree);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    makeDirectories(join(directory, 'blobs', 'sha256'), undo);
    const gone = await withFileLock(
      join(directory, LOCK),
      directory,
      () => {
        const missing = blobs.filter(({ descriptor }) => !existsSync(pathOf(directory, descriptor.digest)));
        if (missing.length > 0) return missing;
        const index = readIndex(directory);
        const version = join(directory, 'oci-layout');
        if (!existsSync(version)) writeDocument(version, OCI_LAYOUT, undo);
        writeDocument(
          join(directory, 'index.json'),
          addToIndex(index?.document ?? {}, [
            indexDescriptor(tree, name),
            ...treeReferrers(tree).map(({ manifest }) => manifest.descriptor),
          ]),
        );
        return [];
      },
      { signal },
    );
    if (gone.length === 0) return;
    for (const blob of gone) await writeBlob(directory, blob, signal, undo);
  }
  throw new TransportError('destination', `cannot write "${directory}": somebody removes its blobs`);
}

/** Documents about the images lie beside them, and are listed without a name, as oras does it. */
function allBlobs(tree: OutputTree): readonly Blob[] {
  const referrers = treeReferrers(tree).flatMap(({ blobs, manifest }) => [...blobs, manifest]);
  return [...treeBlobs(tree), ...referrers];
}

/** Removes what a failed run has written, unless the index has changed: the blobs may be another run's by now. */
async function takeBack(directory: string, before: LayoutIndex | undefined, undo: Undo): Promise<void> {
  try {
    await withFileLock(join(directory, LOCK), directory, () => {
      const now = readIndex(directory)?.bytes;
      const isSame = now === undefined ? before === undefined : before?.bytes.equals(now);
      if (isSame) undo.removeFiles();
    });
  } catch (error) {
    // The directory cannot be written to at all, and the first error is the one to tell.
    if (!(error instanceof OslimError)) throw error;
  }
  undo.removeDirectories();
}

/** A blob that is there and whole is not written again. */
async function writeBlob(
  directory: string,
  blob: Blob,
  signal: AbortSignal | undefined,
  undo: Undo,
): Promise<void> {
  const path = pathOf(directory, blob.descriptor.digest);
  const isThere = existsSync(path);
  if (isThere && (await isWhole(path, blob.descriptor))) return;
  const file = new AtomicFile(path);
  try {
    for await (const chunk of blob.open()) {
      signal?.throwIfAborted();
      file.write(chunk);
    }
    file.commit();
    if (!isThere) undo.file(path);
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
    undo?.file(path);
  } finally {
    file.abort();
  }
}

/** Reads the images back through a layout of its own: an index beside the one that others see. */
async function verifyBlobs(
  directory: string,
  tree: OutputTree,
  verify: NonNullable<LayoutSinkOptions['verify']>,
): Promise<void> {
  const overlay = new Map([
    ['oci-layout', OCI_LAYOUT],
    ['index.json', encodeIndex([indexDescriptor(tree, {})])],
  ]);
  const source = await openLayoutDirectory(directory, NO_LIMITS, overlay);
  try {
    const { members } = await openAllImages(source, {});
    for (const [at, member] of members.entries()) await verify(await member.open(), at);
  } finally {
    await source.close();
  }
}

function pathOf(directory: string, digest: Digest): string {
  return join(directory, blobPath(digest));
}
