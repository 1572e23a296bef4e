import { createHash, randomUUID } from 'node:crypto';
import type { Reply } from './fault.ts';

interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One request of the distribution-spec, its body read. */
export interface StoreRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/**
 * RegistryStore answers the pull and push requests of the OCI distribution-spec v1.1 from memory,
 * faultlessly.
 */
export class RegistryStore {
  /** Blobs by `repository@digest`, manifests by `repository:tag` and `repository@digest`. */
  readonly blobs = new Map<string, Uint8Array>();
  readonly manifests = new Map<string, StoredManifest>();
  readonly sessions = new Map<string, Buffer>();
  /** A server that does not know ranges answers 200 with the whole. */
  hasRanges = true;
  minChunk = 0;
  /** Does it have the referrers API, and say so (distribution-spec v1.1, "Pushing Manifests with Subject")? */
  hasReferrers = false;

  putBlob(repository: string, bytes: Uint8Array): string {
    const digest = sha256(bytes);
    this.blobs.set(`${repository}@${digest}`, bytes);
    return digest;
  }

  putManifest(repository: string, reference: string, mediaType: string, bytes: Uint8Array): string {
    const digest = sha256(bytes);
    this.manifests.set(`${repository}@${digest}`, { mediaType, bytes });
    if (!reference.startsWith('sha256:'))
      this.manifests.set(`${repository}:${reference}`, { mediaType, bytes });
    return digest;
  }

  handle(request: StoreRequest): Reply {
    const match = /^\/v2\/(?:(.+)\/(manifests|blobs\/uploads|blobs)\/([^/]*))?$/.exec(request.url.pathname);
    if (match === null) return failure(404, 'NAME_UNKNOWN');
    const [, repository = '', kind, last = ''] = match;
    if (kind === undefined) return { status: 200 };
    if (kind === 'manifests') return this.#manifest(request, repository, last);
    return kind === 'blobs' ? this.#blob(request, repository, last) : this.#upload(request, repository, last);
  }

  #manifest({ method, headers, body }: StoreRequest, repository: string, reference: string): Reply {
    if (method === 'PUT')
      return this.#storeManifest(repository, reference, String(headers['content-type']), body);
    const stored = this.manifests.get(`${repository}${reference.includes(':') ? '@' : ':'}${reference}`);
    if (stored === undefined) return failure(404, 'MANIFEST_UNKNOWN');
    const digest = sha256(stored.bytes);
    return {
      status: 200,
      headers: { 'content-type': stored.mediaType, 'docker-content-digest': digest },
      body: stored.bytes,
    };
  }

  #storeManifest(repository: string, reference: string, mediaType: string, bytes: Uint8Array): Reply {
    const document = JSON.parse(Buffer.from(bytes).toString('utf8'));
    for (const { digest } of [...(document.layers ?? []), ...(document.config ? [document.config] : [])]) {
      if (!this.blobs.has(`${repository}@${digest}`)) return failure(400, 'MANIFEST_BLOB_UNKNOWN');
    }
    for (const { digest } of document.manifests ?? []) {
      if (!this.manifests.has(`${repository}@${digest}`)) return failure(400, 'MANIFEST_BLOB_UNKNOWN');
    }
    const digest = this.putManifest(repository, reference, mediaType, bytes);
    if (reference.includes(':') && reference !== digest) return failure(400, 'DIGEST_INVALID');
    return {
      status: 201,
      headers: {
        location: `/v2/${repository}/manifests/${digest}`,
        'docker-content-digest': digest,
        ...(this.hasReferrers && document.subject ? { 'oci-subject': document.subject.digest } : {}),
      },
    };
  }

  #blob({ headers }: StoreRequest, repository: string, digest: string): Reply {
    const bytes = this.blobs.get(`${repository}@${digest}`);
    if (bytes === undefined) return failure(404, 'BLOB_UNKNOWN');
    const asked = /^bytes=(\d+)-(\d*)$/.exec(String(headers.range));
    if (asked === null || !this.hasRanges)
      return { status: 200, headers: { 'docker-content-digest': digest }, body: bytes };
    const start = Number(asked[1]);
    if (start >= bytes.length)
      return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` } };
    const last = Math.min(asked[2] === '' ? Number.POSITIVE_INFINITY : Number(asked[2]), bytes.length - 1);
    const range = `bytes ${start}-${last}/${bytes.length}`;
    return { status: 206, headers: { 'content-range': range }, body: bytes.subarray(start, last + 1) };
  }

  #upload(request: StoreRequest, repository: string, id: string): Reply {
    if (request.method === 'POST') return this.#startUpload(request, repository);
    const held = this.sessions.get(id);
    if (held === undefined) return failure(404, 'BLOB_UPLOAD_UNKNOWN');
    if (request.method === 'GET') return { status: 204, headers: sessionHeaders(repository, id, held) };
    const start = /^(\d+)-/.exec(String(request.headers['content-range']))?.[1];
    if (start !== undefined && Number(start) !== held.length) {
      return { status: 416, headers: sessionHeaders(repository, id, held) };
    }
    const bytes = Buffer.concat([held, request.body]);
    this.sessions.set(id, bytes);
    if (request.method === 'PATCH') return { status: 202, headers: sessionHeaders(repository, id, bytes) };
    this.sessions.delete(id);
    if (request.url.searchParams.get('digest') !== sha256(bytes)) return failure(400, 'DIGEST_INVALID');
    return this.#created(repository, this.putBlob(repository, bytes));
  }

  #startUpload({ url }: StoreRequest, repository: string): Reply {
    const mounted = this.blobs.get(`${url.searchParams.get('from')}@${url.searchParams.get('mount')}`);
    if (mounted !== undefined) return this.#created(repository, this.putBlob(repository, mounted));
    const id = randomUUID();
    this.sessions.set(id, Buffer.alloc(0));
    const minimum = this.minChunk > 0 ? { 'oci-chunk-min-length': String(this.minChunk) } : {};
    return { status: 202, headers: { ...sessionHeaders(repository, id, Buffer.alloc(0)), ...minimum } };
  }

  #created(repository: string, digest: string): Reply {
    return {
      status: 201,
      headers: { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest },
    };
  }
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function failure(status: number, code: string, message = ''): Reply {
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message }] }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

/** Locations carry a state in their query, as those of distribution do: a client must keep it. */
function sessionHeaders(repository: string, id: string, bytes: Buffer): Readonly<Record<string, string>> {
  const location = `/v2/${repository}/blobs/uploads/${id}?_state=a%3Db`;
  return { location, range: `0-${Math.max(0, bytes.length - 1)}` };
}
