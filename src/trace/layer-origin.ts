import type { HistoryEntry } from '../oci/config.ts';
import type { Inode } from '../rootfs/inode.ts';

/** LayerOrigin says how a layer came to be, as far as the image's history tells. */
export interface LayerOrigin {
  /** `base`: the lowest layer, a distribution's root filesystem; `copied`: COPY or ADD; else `built`. */
  readonly kind: 'base' | 'copied' | 'built';
  readonly createdBy: string;
}

/** COPY and ADD as the legacy builder (`#(nop) COPY`), BuildKit (`COPY … # buildkit`) and buildah write them. */
const COPIED = /(?:#\(nop\)\s+|^\s*)(?:COPY|ADD)\s/;

/** Pairs the history's non-empty entries with the layers, lowest first; layers without history count as built. */
export function layerOrigins(layerCount: number, history: readonly HistoryEntry[]): readonly LayerOrigin[] {
  const entries = history.filter((entry) => entry.empty_layer !== true);
  const matched = entries.length === layerCount ? entries : [];
  return Array.from({ length: layerCount }, (_, index) => {
    const createdBy = matched[index]?.created_by ?? '';
    // An image built from scratch has no base: its first layer is what COPY and ADD brought into nothing.
    const isBase =
      index === 0 && !(layerCount > 1 ? false : COPIED.test(createdBy) && !createdBy.includes(' in / '));
    if (isBase) return { kind: 'base', createdBy };
    return { kind: COPIED.test(createdBy) ? 'copied' : 'built', createdBy };
  });
}

/** Returns how the layer that brought an inode came to be; undefined for what no layer says. */
export function originOf(
  { layers }: { readonly layers: readonly LayerOrigin[] },
  { layer }: Inode,
): LayerOrigin['kind'] | undefined {
  return layers[layer]?.kind;
}
