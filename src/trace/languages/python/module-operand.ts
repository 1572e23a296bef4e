import { DEVELOPER_MODULES } from '../../knowledge/python.ts';
import type { Distributions } from './distributions.ts';
import { isDeveloperDistribution } from './import-rules.ts';
import type { ModuleFinder } from './module-finder.ts';

/**
 * Returns the module that a word of a command line, of the environment or of application code names: `a.b`, `a.b.Class`,
 * `a.b:attribute`. A single word is a module only of the application or of a distribution: `json` or `test` are words.
 */
export function moduleOperand(
  finder: ModuleFinder,
  distributions: Distributions,
  text: string,
): string | undefined {
  const name = /^([\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)(?::[\w.()=]*)?$/u.exec(text)?.[1];
  if (name === undefined) return undefined;
  const parts = name.split('.');
  for (let count = parts.length; count > 0; count--) {
    const prefix = parts.slice(0, count).join('.');
    const module = finder.find(prefix);
    if (module?.file === undefined) continue;
    if (module.kind === 'standard')
      return count > 1 && !DEVELOPER_MODULES.has(parts[0] ?? '') ? prefix : undefined;
    const distribution = distributions.of(module.file);
    return distribution !== undefined && isDeveloperDistribution(distribution) ? undefined : prefix;
  }
  return undefined;
}
