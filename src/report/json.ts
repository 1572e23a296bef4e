import { formatPlatform } from '../oci/platform.ts';
import type { Contents, SlimOutcome, SlimResult } from '../result/slim-result.ts';

/** Version of the document that `--json` prints; the minor grows with new members, the major when one goes or changes. */
const SCHEMA = '1.0';

type JsonDocument = Readonly<Record<string, unknown>>;

/**
 * Returns what came of a job as a document of plain values; sizes are bytes. Of an index it has what is common, and in
 * `platforms` the document of each image.
 */
export function slimOutcomeJson(outcome: SlimOutcome): JsonDocument {
  if (outcome.kind === 'image') return slimResultJson(outcome.result);
  if (outcome.kind === 'unchanged') {
    const { source, name, places, violations, overSize } = outcome.result;
    const over = overSize === undefined ? {} : { overSize };
    return { schema: SCHEMA, unchanged: true, source, name, written: [], places, ...over, violations };
  }
  const { source, name, indexDigest, written, sideFiles, lockDifferences, warnings, platforms } =
    outcome.result;
  return {
    schema: SCHEMA,
    source,
    name,
    index: { digest: indexDigest },
    written,
    sideFiles,
    ...(lockDifferences === undefined ? {} : { lockDifferences }),
    warnings,
    platforms: platforms.map(imageJson),
  };
}

/** Returns the result of slimming one image as a document of plain values; sizes are bytes. */
export function slimResultJson(result: SlimResult): JsonDocument {
  const { source, ...image } = imageJson(result);
  return {
    schema: SCHEMA,
    source,
    name: result.name,
    ...image,
    written: result.written,
    sideFiles: result.sideFiles,
  };
}

function imageJson(result: SlimResult): JsonDocument {
  const { source, before, after } = result;
  return {
    source: { name: source.name, digest: source.digest, platform: formatPlatform(source.platform) },
    ...(before === undefined ? {} : { before, ratio: ratioOf(before, after) }),
    after,
    image: {
      id: result.imageId,
      manifest: result.manifestDigest,
      diffId: result.diffId,
      layerBytes: result.layerBytes,
    },
    ...(result.download === undefined ? {} : { download: result.download }),
    ...(result.overSize === undefined ? {} : { overSize: result.overSize }),
    ...(result.debug === undefined ? {} : { debug: result.debug }),
    violations: result.violations,
    ...(result.lockDifferences === undefined ? {} : { lockDifferences: result.lockDifferences }),
    costs: result.costs,
    largest: result.largest,
    warnings: result.warnings,
    kept: [...result.graph.paths()].sort().map((path) => ({ path, reasons: result.graph.reasons(path) })),
  };
}

function ratioOf(before: Contents, after: Contents): number {
  return after.bytes === 0 ? 0 : Number((before.bytes / after.bytes).toFixed(2));
}
