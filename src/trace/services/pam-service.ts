/** What a PAM service file names. */
interface PamService {
  readonly modules: readonly { readonly module: string; readonly args: readonly string[] }[];
  readonly includes: readonly string[];
}

/** Reads a service file (pam.d(5)): `type control module arguments`, `@include` (Debian), include and substack. */
export function parsePamService(text: string): PamService {
  const modules: { module: string; args: string[] }[] = [];
  const includes: string[] = [];
  for (const line of text.replaceAll(/\\\n/g, ' ').split('\n')) {
    const [, included] = /^\s*@include\s+(\S+)/.exec(line) ?? [];
    if (included !== undefined) includes.push(included);
    const [, control, module, rest] =
      /^\s*-?(?:auth|account|password|session)\s+(\[[^\]]*\]|\w+)\s+(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
    if (module === undefined) continue;
    if (control === 'include' || control === 'substack') includes.push(module);
    else modules.push({ module, args: (rest ?? '').split(/\s+/).filter((arg) => arg !== '') });
  }
  return { modules, includes };
}
