import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { SourceStore } from '../source-store.ts';
import { type PerlSource, scanSource } from './scan-source.ts';

/** Returns the store of an image's Perl sources. */
export function perlSources(rootfs: Rootfs): SourceStore<PerlSource> {
  return new SourceStore(rootfs, { scan: scanSource, maxBytes: 4 << 20, encoding: 'latin1' });
}
