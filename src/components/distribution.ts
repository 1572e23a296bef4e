import type { Rootfs } from '../rootfs/rootfs.ts';

/** Distribution is what os-release(5) says of itself. */
export interface Distribution {
  /** `debian`, `alpine`, … */
  readonly id: string;
  readonly versionId?: string;
  readonly prettyName?: string;
}

/** Returns the distribution of the rootfs; undefined where no os-release names one. */
export function readDistribution(rootfs: Rootfs): Distribution | undefined {
  const text = rootfs.text('/etc/os-release') ?? rootfs.text('/usr/lib/os-release') ?? '';
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (match?.[1] !== undefined) values.set(match[1], unquoted(match[2] ?? ''));
  }
  const [id, versionId, prettyName] = ['ID', 'VERSION_ID', 'PRETTY_NAME'].map((key) => values.get(key));
  if (id === undefined || id === '') return undefined;
  return { id, ...(versionId ? { versionId } : {}), ...(prettyName ? { prettyName } : {}) };
}

/** Values are quoted as in a shell, backslashes before special characters (os-release(5)). */
function unquoted(value: string): string {
  const inner = /^"(.*)"$|^'(.*)'$/.exec(value);
  return (inner?.[1] ?? inner?.[2] ?? value).replace(/\\(["$`\\])/g, '$1');
}
