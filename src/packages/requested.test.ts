import { describe, expect, it } from 'vitest';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { Warnings } from '../warnings.ts';
import { openPackages } from './package-index.ts';
import { requestedPackages } from './requested.ts';

const STANZA = 'Status: install ok installed\nVersion: 1\n';
const STATUS = [
  `Package: tool\nArchitecture: amd64\nDepends: libtool1, tool-data\n${STANZA}`,
  `Package: libtool1\nArchitecture: amd64\n${STANZA}`,
  `Package: libtool1\nArchitecture: i386\n${STANZA}`,
  `Package: tool-data\nArchitecture: all\n${STANZA}`,
].join('\n');

async function requested(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const rootfs = memoryRootfs(files);
  const packages = await openPackages(rootfs, new Warnings());
  return [...requestedPackages(rootfs, packages)].map(({ name, architecture }) => `${name}:${architecture}`);
}

function states(text: string): Record<string, string> {
  return { '/var/lib/dpkg/status': STATUS, '/var/lib/apt/extended_states': text };
}

const AUTOMATIC = 'Auto-Installed: 1\n';

describe('requestedPackages', () => {
  it.each([
    {
      summary: 'apt: what is not marked as automatic, by architecture, "all" under the native one',
      text: `Package: libtool1\nArchitecture: amd64\n${AUTOMATIC}\nPackage: tool-data\nArchitecture: amd64\n${AUTOMATIC}`,
      expected: ['tool:amd64', 'libtool1:i386'],
    },
    {
      summary: 'apt: a mark that was taken back',
      text: 'Package: tool-data\nArchitecture: amd64\nAuto-Installed: 0\n',
      expected: ['tool:amd64', 'libtool1:amd64', 'libtool1:i386', 'tool-data:all'],
    },
    {
      summary: 'apt: text that is no list of packages says nothing',
      text: '\0\n\n:\nAuto-Installed: 1\n Package: tool\n',
      expected: ['tool:amd64', 'libtool1:amd64', 'libtool1:i386', 'tool-data:all'],
    },
  ])('$summary', async ({ text, expected }) => {
    expect(await requested(states(text))).toEqual(expected);
  });

  it('without marks, what nothing else of the image asks for', async () => {
    expect(await requested({ '/var/lib/dpkg/status': STATUS })).toEqual(['tool:amd64', 'libtool1:i386']);
  });

  it('apk: what its world names, with and without a version', async () => {
    const installed = 'P:tool\nV:1\nA:x86_64\nD:so:x\n\nP:other\nV:1\nA:x86_64\n\nP:dep\nV:1\nA:x86_64\n\n';
    expect(
      await requested({
        '/lib/apk/db/installed': installed,
        '/etc/apk/world': 'tool>1.0\n!dep\nother@edge\n',
      }),
    ).toEqual(['tool:x86_64', 'other:x86_64']);
  });
});
