import { OslimError, UsageError } from '../errors.ts';
import { type Digest, parseDigest } from './digest.ts';

/** Reference names an image in a registry, normalised: `redis` is docker.io, library/redis, without tag or digest. */
export interface Reference {
  /** Host and port: `docker.io`, `localhost:5000`, `[::1]:5000`. */
  readonly domain: string;
  /** Path below the domain: `library/redis`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const DEFAULT_DOMAIN = 'docker.io';
/** Docker Hub's name before 2015, which old configuration still spells. */
const LEGACY_DEFAULT_DOMAIN = 'index.docker.io';
const OFFICIAL_PREFIX = 'library/';
const DEFAULT_TAG = 'latest';

/** Grammar of the `distribution/reference` module v0.6 (reference.go, "Grammar"). */
const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = new RegExp(
  `^(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`,
);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const MAX_TAG_LENGTH = 128;
/** distribution-spec v1.1: many implementations hold host and repository in 255 bytes together; the grammar counts the repository. */
const MAX_REPOSITORY_LENGTH = 255;
/** Longer than any valid reference: 255 each for domain and repository, 128 for the tag, 135 for the digest. */
const MAX_LENGTH = 1024;

/** Parses `[domain/]repository[:tag][@digest]` as Docker does, familiar names included; throws UsageError. */
export function parseReference(text: string): Reference {
  if (text === '') throw refuse(text, 'it is empty');
  if (text.length > MAX_LENGTH)
    throw refuse(`${text.slice(0, 60)}…`, `it is longer than ${MAX_LENGTH} characters`);
  if (/^https?:\/\//i.test(text))
    throw refuse(text, 'it is a URL', `leave out "${text.slice(0, text.indexOf('//') + 2)}"`);
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : parseReferenceDigest(text, text.slice(at + 1));
  const { name, tag } = splitTag(at < 0 ? text : text.slice(0, at));
  if (tag !== undefined && !TAG.test(tag)) throw refuse(text, `"${tag}" is not a tag`);
  if (/^[a-f0-9]{64}$/.test(name)) {
    // Docker refuses it too: `docker run <image ID>` would otherwise be a pull of somebody's repository of that name.
    throw refuse(
      text,
      'it is an image ID, not a name',
      'an image by its ID is in an engine: docker-daemon:sha256:…',
    );
  }
  const { domain, repository } = splitDomain(name);
  if (!DOMAIN.test(domain)) throw refuse(text, `"${domain}" is not a host`);
  if (repository !== repository.toLowerCase())
    throw refuse(text, 'a repository is in lower case', `did you mean ${text.toLowerCase()}`);
  if (!repository.split('/').every((component) => PATH_COMPONENT.test(component))) {
    throw refuse(text, 'not [host/]repository[:tag][@digest]');
  }
  if (repository.length > MAX_REPOSITORY_LENGTH)
    throw refuse(text, `a repository has at most ${MAX_REPOSITORY_LENGTH} characters`);
  return {
    domain,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Returns the reference in full: `docker.io/library/redis:7@sha256:…`. */
export function formatReference(reference: Reference): string {
  return `${reference.domain}/${reference.repository}${suffix(reference)}`;
}

/** Returns the reference as people write it: `redis:7`; what is not of Docker Hub stays in full. */
export function familiarName(reference: Reference): string {
  if (reference.domain !== DEFAULT_DOMAIN) return formatReference(reference);
  const { repository } = reference;
  const isOfficial =
    repository.startsWith(OFFICIAL_PREFIX) && !repository.includes('/', OFFICIAL_PREFIX.length);
  const short = isOfficial ? repository.slice(OFFICIAL_PREFIX.length) : repository;
  // "docker.io/localhost/a" is a valid name of Docker Hub, and "localhost/a" would be another's.
  return (
    (splitDomain(short).domain === DEFAULT_DOMAIN ? short : `${DEFAULT_DOMAIN}/${repository}`) +
    suffix(reference)
  );
}

/** Returns the reference with `latest` where it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: DEFAULT_TAG }
    : reference;
}

/** Returns the name of the slim image of `source`: its repository, `-slim` on its tag; known by digest only: tag `slim`. */
export function defaultOutputName(source: Reference): Reference {
  const { tag } = withDefaultTag(source);
  const slim = tag === undefined ? 'slim' : `${tag.slice(0, MAX_TAG_LENGTH - '-slim'.length)}-slim`;
  return { domain: source.domain, repository: source.repository, tag: slim };
}

function suffix({ tag, digest }: Reference): string {
  return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** A colon before the last slash is a port. */
function splitTag(text: string): { readonly name: string; readonly tag?: string } {
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1);
  return colon < 0 ? { name: text } : { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** The first component is a host when nothing else could hold its characters: a dot, a port, an upper-case letter, or `localhost`. */
function splitDomain(name: string): { readonly domain: string; readonly repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const hasDomain = /[.:A-Z]/.test(first) || first === 'localhost';
  const domain = hasDomain && first !== LEGACY_DEFAULT_DOMAIN ? first : DEFAULT_DOMAIN;
  const rest = hasDomain ? name.slice(slash + 1) : name;
  return {
    domain,
    repository: domain === DEFAULT_DOMAIN && !rest.includes('/') ? OFFICIAL_PREFIX + rest : rest,
  };
}

function parseReferenceDigest(text: string, digest: string): Digest {
  try {
    return parseDigest(digest);
  } catch (error) {
    if (!(error instanceof OslimError)) throw error;
    throw new UsageError(`cannot read reference "${text}": ${error.message}`, { cause: error });
  }
}

function refuse(text: string, reason: string, advice?: string): UsageError {
  return new UsageError(`cannot read reference ${JSON.stringify(text)}: ${reason}`, { advice });
}
