import { FormatError, UsageError } from '../errors.ts';
import { isRecord, type JsonObject } from '../oci/json.ts';
import { formatPlatform, parsePlatform, platformMatches } from '../oci/platform.ts';
import { rootPath } from '../rootfs/root-path.ts';
import { KeepGraph } from '../trace/keep-graph.ts';

/** KeptDocument is what a document of `oslim IMAGE --json` says of one image: its source, and what was kept and why. */
export interface KeptDocument {
  readonly source: { readonly name: string };
  readonly graph: KeepGraph;
}

/**
 * Reads a document of `oslim IMAGE --json`; of an index, the image of `platform`. Throws FormatError when it is no such
 * document, UsageError when `platform` does not choose one.
 */
export function parseKeptDocument(text: string, name: string, platform: string | undefined): KeptDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw notOne(name, 'not JSON', error);
  }
  if (!isRecord(document)) throw notOne(name, 'not a JSON object');
  const image = Array.isArray(document.platforms)
    ? chosen(document.platforms.filter(isRecord), name, platform)
    : document;
  if (!Array.isArray(image.kept)) throw notOne(name, 'no list of what was kept');
  const graph = new KeepGraph();
  for (const entry of image.kept) addKept(graph, entry, name);
  const source = isRecord(image.source) ? image.source.name : undefined;
  return { source: { name: typeof source === 'string' ? source : name }, graph };
}

function chosen(images: readonly JsonObject[], name: string, wanted: string | undefined): JsonObject {
  const platforms = images.map(platformOf);
  const want = wanted === undefined ? undefined : parsePlatform(wanted);
  const fitting = images.filter((_, at) => {
    const have = platforms[at];
    return want === undefined || (have !== undefined && platformMatches(want, parsePlatform(have)));
  });
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(`cannot choose an image of "${name}": it tells of ${platforms.join(', ')}`, {
    advice: `say which one, for example --platform ${platforms[0] ?? formatPlatform({ os: 'linux', architecture: 'amd64' })}`,
  });
}

function platformOf({ source }: JsonObject): string | undefined {
  const platform = isRecord(source) ? source.platform : undefined;
  return typeof platform === 'string' ? platform : undefined;
}

function addKept(graph: KeepGraph, entry: unknown, name: string): void {
  if (!isRecord(entry) || typeof entry.path !== 'string' || !Array.isArray(entry.reasons))
    throw notOne(name, 'an entry without path or reasons');
  for (const reason of entry.reasons) {
    if (!isRecord(reason)) throw notOne(name, `a reason of "${entry.path}" that is none`);
    const { detector, from, detail, certainty } = reason;
    graph.add(rootPath(entry.path), {
      detector: String(detector),
      ...(typeof from === 'string' ? { from: rootPath(from) } : {}),
      detail: String(detail),
      certainty: certainty === 'inferred' ? 'inferred' : 'exact',
    });
  }
}

function notOne(name: string, reason: string, cause?: unknown): FormatError {
  return new FormatError('report', 0, `cannot read the report "${name}": ${reason}`, {
    ...(cause === undefined ? {} : { cause }),
    advice: 'give what `oslim IMAGE --json` prints',
  });
}
