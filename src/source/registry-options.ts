import { UsageError } from '../errors.ts';
import { parseReference, type Reference, withDefaultTag } from '../oci/reference.ts';
import type { ResolvedOptions } from '../options.ts';
import { parseOutputLocation, parseSourceLocation } from '../transport/location.ts';
import type { RegistryOptions } from '../transport/registry/registry-context.ts';

/** Returns how registries are reached, and who the user is there. */
export async function registryOptions(options: ResolvedOptions): Promise<RegistryOptions> {
  const { Credentials } = await import('../transport/credentials/credentials.ts');
  const { username, password, insecure, signal, notices, limits } = options;
  if ((username === undefined) !== (password === undefined)) {
    throw new UsageError('cannot log in: a user name and a password go together', {
      advice: 'give --username and --password-stdin',
    });
  }
  const domain = loginDomain(options);
  const credentials = new Credentials({
    ...(domain === undefined ? {} : { loginDomain: domain }),
    ...(domain !== undefined && username !== undefined && password !== undefined
      ? { login: { domain, username, password } }
      : {}),
  });
  const onWarning = (text: string) => notices.add('REGISTRY', `the registry says: ${text}`);
  return { insecure, credentials, onWarning, limits, ...(signal === undefined ? {} : { signal }) };
}

/**
 * The one registry that a login given for this run is for: where the result is pushed, else where the image comes
 * from. With a source and a destination in two registries, one's password must not be shown to the other.
 */
function loginDomain({ source: given, image, output, push }: ResolvedOptions): string | undefined {
  if (push !== undefined) return pushReference(push).domain;
  const destination = output === undefined ? undefined : parseOutputLocation(output);
  if (destination?.kind === 'registry') return destination.reference.domain;
  if (given !== undefined) return undefined;
  const source = parseSourceLocation(image);
  return source.kind === 'registry' || source.kind === 'name' ? source.reference.domain : undefined;
}

/** Returns the full reference that `--push` names; `docker://` before it, as IMAGE has it, is fine and not needed. */
export function pushReference(text: string): Reference {
  return withDefaultTag(parseReference(text.replace(/^docker:\/\//, '')));
}
