import type { HistoryEntry, ImageConfig } from '../oci/config.ts';
import type { Digest } from '../oci/digest.ts';
import { isRecord, type JsonObject } from '../oci/json.ts';
import { replaceMembers } from './json-members.ts';

/** What goes into a config besides what the source has. */
interface OutputConfigInput {
  readonly config: ImageConfig;
  readonly rawConfig: Uint8Array;
  readonly diffId: Digest;
  /** Layers of ours on top of that one, and what is in them. */
  readonly upper?: readonly { readonly diffId: Digest; readonly comment: string }[];
  /** Of oslim. */
  readonly version: string;
  /** Seconds since the epoch: no later time is written (reproducible-builds.org, SOURCE_DATE_EPOCH). */
  readonly sourceDateEpoch?: number;
}

/**
 * Members that speak of other images and would be false here: `id` and `parent` (moby's image spec v1, identities of
 * layers in a chain of images that this one has not) and BuildKit's inline cache, which maps build steps to the
 * source's layers by their index. The other old members (`container`, `container_config`, `docker_version`) say how
 * the source was made, are read by nobody, and stay as they are.
 */
const FALSE_MEMBERS: JsonObject = { id: undefined, parent: undefined, 'moby.buildkit.cache.v0': undefined };

/** Returns the config of the slim image: the source's, byte for byte, but for what must differ. */
export function outputConfig(input: OutputConfigInput): Uint8Array {
  const { config } = input;
  const created = clampedTime(config.created, input.sourceDateEpoch);
  const rootfs = config.raw.rootfs;
  const layers = [
    { diffId: input.diffId, comment: 'only what the configured process needs' },
    ...(input.upper ?? []),
  ];
  const ours = layers.map(
    ({ comment }): HistoryEntry => ({
      ...(created === undefined ? {} : { created }),
      created_by: `oslim ${input.version}`,
      comment,
    }),
  );
  const text = replaceMembers(new TextDecoder().decode(input.rawConfig), {
    ...FALSE_MEMBERS,
    ...(created === config.created ? {} : { created }),
    rootfs: {
      type: 'layers',
      ...(isRecord(rootfs) ? rootfs : {}),
      diff_ids: layers.map(({ diffId }) => diffId),
    },
    // `docker load` refuses a config whose non-empty history entries are not as many as its layers.
    history: [...config.history.map((entry) => ({ ...entry, empty_layer: true })), ...ours],
  });
  return Buffer.from(text, 'utf8');
}

/** Returns `time` (RFC 3339), or the limit where it is later; what is no time stays as it is. */
function clampedTime(time: string | undefined, sourceDateEpoch: number | undefined): string | undefined {
  if (time === undefined || sourceDateEpoch === undefined) return time;
  const limitMs = sourceDateEpoch * 1000;
  return Date.parse(time) > limitMs ? new Date(limitMs).toISOString().replace('.000Z', 'Z') : time;
}
