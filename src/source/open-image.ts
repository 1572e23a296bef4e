import type { ImageConfig } from '../oci/config.ts';
import type { Digest } from '../oci/digest.ts';
import {
  type ConnectionOptions,
  type ProcessOverrides,
  resolveOptions,
  type SlimOptions,
} from '../options.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { type ProcessSpec, processSpecOf } from '../trace/process-spec.ts';
import { accountOf } from '../trace/users.ts';
import { openSource } from './source.ts';

/** OpenImageOptions says which image, as SlimOptions does. */
export interface OpenImageOptions
  extends ConnectionOptions,
    ProcessOverrides,
    Pick<SlimOptions, 'image' | 'source' | 'platform' | 'signal' | 'onProgress'> {}

/** OpenedImage is an image to look into: what it is configured with, and its merged filesystem. */
export interface OpenedImage {
  /** As the user should see it. */
  readonly name: string;
  /** Of its manifest, or of its config where the medium has no manifest. */
  readonly digest: Digest;
  readonly config: ImageConfig;
  readonly rootfs: Rootfs;
  /** What is run in it, and as whom: `resolveLibraries` takes it as it is. */
  readonly process: Omit<ProcessSpec, 'user'> & {
    readonly cwd: RootPath;
    readonly user: { readonly uid: number; readonly gid: number };
  };
  /** Ends reading it: the contents of its files are gone then. */
  close(): Promise<void>;
}

/** Opens one platform's image and merges its layers, in memory and without extracting anything. Throws OslimError. */
export async function openImage(options: OpenImageOptions): Promise<OpenedImage> {
  const source = await openSource(resolveOptions(options));
  const { config } = source.image;
  const process = processSpecOf(config.config);
  return {
    name: source.name,
    digest: source.identity.digest,
    config,
    rootfs: source.rootfs,
    process: { ...process, user: accountOf(source.rootfs, process.user) },
    close: () => source.close(),
  };
}
