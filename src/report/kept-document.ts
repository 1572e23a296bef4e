import { FormatError, UsageError } from '../errors.ts';
import { isRecord, type JsonObject } from '../oci/json.ts';
import { parsePlatform, platformMatches } from '../oci/platform.ts';
import { rootPath } from '../rootfs/root-path.ts';
import { KeepGraph } from '../trace/keep-graph.ts';
import { isLock, parseLockReasons } from './kept-lock.ts';

/** KeptDocument is what a document of `oslim IMAGE --json`, or a lock file, says of one image: its source, and what was kept and why. */
export interface KeptDocument {
  readonly source: { readonly name: string };
  readonly graph: KeepGraph;
}

/**
 * Reads a document of `oslim IMAGE --json` or a lock file; of an index, the image of `platform`. Throws FormatError when it is
 * neither, UsageError when `platform` does not choose one.
 */
export function parseKeptDocument(text: string, name: string, platform: string | undefined): KeptDocument {
  const graph = new KeepGraph();
  if (isLock(text)) {
    const images = [...parseLockReasons(text)].map(([of, lines]) => ({ platform: of, lines }));
    for (const { path, reason } of chosen(images, name, platform).lines) graph.add(path, reason);
    return { source: { name }, graph };
  }
  const document = jsonOf(text, name);
  const image = Array.isArray(document.platforms)
    ? chosen(document.platforms.filter(isRecord).map(withPlatform), name, platform).document
    : document;
  if (!Array.isArray(image.kept)) throw notOne(name, 'no list of what was kept');
  for (const entry of image.kept) addKept(graph, entry, name);
  const source = isRecord(image.source) ? image.source.name : undefined;
  return { source: { name: typeof source === 'string' ? source : name }, graph };
}

function jsonOf(text: string, name: string): JsonObject {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw notOne(name, 'neither JSON nor a lock file', error);
  }
  if (!isRecord(document)) throw notOne(name, 'not a JSON object');
  return document;
}

function withPlatform(document: JsonObject): { readonly document: JsonObject; readonly platform?: string } {
  const platform = isRecord(document.source) ? document.source.platform : undefined;
  return { document, ...(typeof platform === 'string' ? { platform } : {}) };
}

function chosen<Image extends { readonly platform?: string }>(
  images: readonly Image[],
  name: string,
  wanted: string | undefined,
): Image {
  const want = wanted === undefined ? undefined : parsePlatform(wanted);
  const [only, ...others] = images.filter(
    ({ platform }) =>
      want === undefined || (platform !== undefined && platformMatches(want, parsePlatform(platform))),
  );
  if (only !== undefined && others.length === 0) return only;
  const platforms = images.map(({ platform }) => platform ?? 'unknown');
  throw new UsageError(`cannot choose an image of "${name}": it tells of ${platforms.join(', ')}`, {
    advice: `say which one, for example --platform ${platforms[0] ?? 'linux/amd64'}`,
  });
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
    advice: 'give what `oslim IMAGE --json` prints, or what --lock wrote',
  });
}
