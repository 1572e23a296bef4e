import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { parseReference, type Reference } from '../oci/reference.ts';

/** Where an image is read from: what IMAGE on the command line says. */
export type SourceLocation =
  | { readonly kind: 'registry'; readonly reference: Reference }
  /** `name` is a reference or an image ID, as the engine understands it. */
  | { readonly kind: 'docker-daemon'; readonly name: string }
  | { readonly kind: 'docker-archive' | 'oci-archive'; readonly file: string; readonly reference?: string }
  | { readonly kind: 'oci'; readonly directory: string; readonly reference?: string }
  | { readonly kind: 'rootfs'; readonly directory: string }
  | { readonly kind: 'stdin' }
  /** A file whose contents tell what kind of archive it is. */
  | { readonly kind: 'archive'; readonly file: string }
  /** A bare name: a local engine that has it, else the registry. */
  | { readonly kind: 'name'; readonly reference: Reference };

/** Where an image is written to: what `-o` says. */
export type OutputLocation =
  | { readonly kind: 'registry'; readonly reference: Reference }
  | { readonly kind: 'docker-daemon'; readonly name: string }
  /** A file that is a docker-archive and an OCI archive at once. */
  | { readonly kind: 'loadable'; readonly file: string }
  | { readonly kind: 'docker-archive' | 'oci-archive'; readonly file: string; readonly reference?: string }
  | { readonly kind: 'oci'; readonly directory: string; readonly reference?: string }
  | { readonly kind: 'stdout' };

/** Transports of containers-transports(5) that oslim has not, and what to do instead. */
const FOREIGN_TRANSPORTS: Readonly<Record<string, string>> = {
  'containers-storage': 'write it with "podman save" and give the file',
  dir: 'copy it with "skopeo copy dir:… oci:…" and give that',
  sif: 'copy it with "skopeo copy sif:… oci:…" and give that',
  tarball: 'unpack it and say rootfs:DIR',
};

/** Parses an IMAGE argument (grammar: the README's "Where images are"); looks at the host only for a bare name. Throws UsageError. */
export function parseSourceLocation(text: string): SourceLocation {
  if (text === '-') return { kind: 'stdin' };
  const explicit = parseExplicit(text);
  if (explicit !== undefined) return explicit;
  const { transport, rest } = splitTransport(text);
  if (transport === 'rootfs') return { kind: 'rootfs', directory: required(text, rest, 'a directory') };
  return parseBareSource(text);
}

/** Parses the argument of `-o`; a bare text is a file name. Throws UsageError. */
export function parseOutputLocation(text: string): OutputLocation {
  if (text === '') throw new UsageError('cannot write to "": the name is empty');
  if (text === '-') return { kind: 'stdout' };
  const explicit = parseExplicit(text);
  if (explicit !== undefined) return explicit;
  if (splitTransport(text).transport === 'rootfs') {
    throw new UsageError(`cannot write to "${text}": rootfs: is only read`, {
      advice: 'write a FILE, an oci:DIR or a registry',
    });
  }
  return { kind: 'loadable', file: text };
}

type Explicit = Extract<SourceLocation, OutputLocation>;

/** The forms that begin with a transport's name and mean the same in both directions. */
function parseExplicit(text: string): Explicit | undefined {
  const { transport, rest } = splitTransport(text);
  switch (transport) {
    case 'docker':
      if (!rest.startsWith('//')) break;
      return { kind: 'registry', reference: parseReference(rest.slice(2)) };
    case 'docker-daemon':
      return { kind: 'docker-daemon', name: required(text, rest, 'a name') };
    case 'docker-archive':
    case 'oci-archive': {
      const { path, reference } = splitPath(required(text, rest, 'a file'));
      return { kind: transport, file: path, ...reference };
    }
    case 'oci': {
      const { path, reference } = splitPath(required(text, rest, 'a directory'));
      return { kind: 'oci', directory: path, ...reference };
    }
  }
  const instead = Object.hasOwn(FOREIGN_TRANSPORTS, transport) ? FOREIGN_TRANSPORTS[transport] : undefined;
  // With a slash it cannot be a repository of that name and its tag.
  if (instead !== undefined && rest.includes('/')) {
    throw new UsageError(`cannot read "${text}": the transport ${transport}: is not supported`, {
      advice: instead,
    });
  }
  return undefined;
}

/** A bare name is local only when nothing else can be meant: a folder called `redis` must not hide the image. */
function parseBareSource(text: string): SourceLocation {
  const stat = text === '' ? undefined : statSync(text, { throwIfNoEntry: false });
  if (stat?.isDirectory() && existsSync(join(text, 'oci-layout'))) return { kind: 'oci', directory: text };
  const isPath = /^(?:\/|\.{1,2}(?:\/|$))/.test(text);
  if (isPath && stat?.isDirectory()) {
    throw new UsageError(`cannot read "${text}": it is a directory without an oci-layout file`, {
      advice: `a filesystem is rootfs:${text}`,
    });
  }
  // A fifo or a character device is an archive as well: `oslim <(docker save redis)`.
  if (isPath || (stat !== undefined && !stat.isDirectory())) return { kind: 'archive', file: text };
  return { kind: 'name', reference: parseReference(text) };
}

function splitTransport(text: string): { readonly transport: string; readonly rest: string } {
  const colon = text.indexOf(':');
  return colon < 0
    ? { transport: '', rest: text }
    : { transport: text.slice(0, colon), rest: text.slice(colon + 1) };
}

/** `PATH[:REF]`: as in containers-transports(5) a colon ends the path, unless a file with the colon in its name is there. */
function splitPath(text: string): {
  readonly path: string;
  readonly reference: { readonly reference?: string };
} {
  const colon = text.indexOf(':');
  if (colon < 0 || existsSync(text)) return { path: text, reference: {} };
  const reference = text.slice(colon + 1);
  if (colon === 0 || reference === '') throw new UsageError(`cannot read "${text}": not PATH or PATH:REF`);
  return { path: text.slice(0, colon), reference: { reference } };
}

function required(text: string, rest: string, what: string): string {
  if (rest === '') throw new UsageError(`cannot read "${text}": ${what} is missing behind the colon`);
  return rest;
}
