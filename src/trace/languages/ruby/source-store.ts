import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { SourceStore } from '../source-store.ts';
import { type RubySource, scanSource } from './scan-source.ts';

/** Returns the store of an image's Ruby sources. */
export function rubySources(rootfs: Rootfs): SourceStore<RubySource> {
  return new SourceStore(rootfs, { scan: scanSource, maxBytes: 4 << 20 });
}
