import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { SourceStore } from '../source-store.ts';
import { type PythonSource, scanSource } from './scan-source.ts';

/** Returns the store of an image's Python sources. */
export function pythonSources(rootfs: Rootfs): SourceStore<PythonSource> {
  return new SourceStore(rootfs, { scan: scanSource, maxBytes: 8 << 20 });
}
