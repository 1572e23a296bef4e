import { formatPlatform } from '../oci/platform.ts';
import type { Contents, SlimResult } from '../slim-result.ts';

/** Version of the document that `--json` prints; the minor grows with new members, the major when one goes or changes. */
const SCHEMA = '1.0';

/** Returns the result of a run as a document of plain values; sizes are bytes. */
export function slimResultJson(result: SlimResult): Readonly<Record<string, unknown>> {
  const { source, before, after } = result;
  return {
    schema: SCHEMA,
    source: { name: source.name, digest: source.digest, platform: formatPlatform(source.platform) },
    name: result.name,
    ...(before === undefined ? {} : { before, ratio: ratioOf(before, after) }),
    after,
    image: {
      id: result.imageId,
      manifest: result.manifestDigest,
      diffId: result.diffId,
      layerBytes: result.layerBytes,
    },
    written: result.written,
    ...(result.overSize === undefined ? {} : { overSize: result.overSize }),
    costs: result.costs,
    largest: result.largest,
    warnings: result.warnings,
    kept: [...result.graph.paths()].sort().map((path) => ({ path, reasons: result.graph.reasons(path) })),
  };
}

function ratioOf(before: Contents, after: Contents): number {
  return after.bytes === 0 ? 0 : Number((before.bytes / after.bytes).toFixed(2));
}
