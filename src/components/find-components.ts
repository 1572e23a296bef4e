import { builtInModules } from './built-in-modules.ts';
import type { Component, Inventory } from './component.ts';
import { composerPackages } from './composer-packages.ts';
import { type Distribution, readDistribution } from './distribution.ts';
import { jars } from './jars.ts';
import { nodePackages } from './node-packages.ts';
import { pythonPackages } from './python-packages.ts';
import { rubyGems } from './ruby-gems.ts';
import { systemPackages } from './system-packages.ts';

/** FoundComponents is what a slim image is made of, and whose packages they are. */
export interface FoundComponents {
  readonly distribution?: Distribution;
  /** Sorted by purl, each once; of one that is there in several places all files count. */
  readonly components: readonly Component[];
}

/** Returns the components of which something is kept: packages of the distribution and of languages. */
export function findComponents(inventory: Inventory): FoundComponents {
  const distribution = readDistribution(inventory.rootfs);
  const found = [
    ...systemPackages(inventory, distribution),
    ...nodePackages(inventory),
    ...pythonPackages(inventory),
    ...rubyGems(inventory),
    ...jars(inventory),
    ...composerPackages(inventory),
    ...builtInModules(inventory),
  ];
  const byPurl = new Map<string, Component>();
  for (const component of found) {
    const known = byPurl.get(component.purl);
    const files = new Set([...(known?.files ?? []), ...component.files]);
    byPurl.set(component.purl, { ...component, files: [...files].sort() });
  }
  const components = [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  return { ...(distribution === undefined ? {} : { distribution }), components };
}
