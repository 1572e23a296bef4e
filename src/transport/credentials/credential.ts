/**
 * Credential is what proves who the user is at one registry: a password, an identity token (an OAuth2 refresh
 * token, as `docker login` stores it), or a bearer token that is used as it is.
 */
export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity'; readonly username: string; readonly identityToken: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** Finds the credential for a repository of a registry; undefined is anonymous. */
export interface CredentialSource {
  credentialFor(domain: string, repository: string): Promise<Credential | undefined>;
}
