import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { INSIDE } from '../scripts/package/inside.js';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json'));
const lock: {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly hasInstallScript?: boolean;
        readonly dev?: boolean;
        readonly integrity?: string;
        readonly link?: boolean;
      }
    >
  >;
} = JSON.parse(read('package-lock.json'));

test('every dependency has an exact version', () => {
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
});

test('nothing that is installed with oslim runs a script of its own, and all of it is pinned by digest', () => {
  const installed = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  expect(installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''))).toEqual([]);
});

test('oslim itself needs no script when it is installed', () => {
  for (const name of ['preinstall', 'install', 'postinstall'])
    expect(manifest.scripts).not.toHaveProperty(name);
});

test('docs/security.md says of every dependency what it is for', () => {
  const rows = [...read('docs/security.md').matchAll(/^\| ([a-z0-9.-]+) \| [^|]+ \|$/gm)].map(
    ([, name]) => name,
  );
  const shipped = [...Object.keys(manifest.dependencies), ...INSIDE];
  expect(rows.filter((name) => name !== undefined && shipped.includes(name)).sort()).toEqual(shipped.sort());
});
