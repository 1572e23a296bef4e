import type { RandomAccess } from '../io/random-access.ts';
import type { TarMember } from './header-chain.ts';

/** IndexedTar is a tar whose members are known without reading it: from a table of contents, or from a cache. */
export interface IndexedTar {
  /** In the order of the tar; their `dataOffset` is an offset of `content`. */
  readonly members: Iterable<TarMember>;
  /** Contents of the members; what has never been asked for need not be on this host. */
  readonly content: RandomAccess;
  /** Of the uncompressed tar, in bytes, as far as the members say it. */
  readonly size: number;
  /** Ends reading `content`. */
  close(): void;
}
