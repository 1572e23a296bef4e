import { expect, it } from 'vitest';
import { dpkgDatabase } from '../../../testing/dpkg-files.ts';
import { memoryRootfs } from '../../../testing/memory-rootfs.ts';
import { traceOf } from '../../../testing/trace-of.ts';
import { pythonDetector } from '../../detectors/python.ts';

const catalog = (domain: string): string => `/usr/share/locale/de/LC_MESSAGES/${domain}.mo`;
const MODULES = '/usr/lib/python3/dist-packages';
const PACKAGES = {
  'python3-docs': { fields: 'Source: docs\n', files: [`${MODULES}/docs.py`] },
  'docs-common': { fields: 'Source: docs\n', files: [catalog('docs')] },
  other: { files: [catalog('other')] },
};

async function keptCatalogs(module: string): Promise<readonly string[]> {
  const rootfs = memoryRootfs({
    ...dpkgDatabase(PACKAGES),
    '/usr/bin/python3.11': 'ELF',
    '/usr/bin/python3': { link: 'python3.11' },
    '/usr/lib/python3.11/os.py': '',
    [`${MODULES}/docs.py`]: module,
    [catalog('docs')]: 'mo',
    [catalog('other')]: 'mo',
    '/app/main.py': 'import docs',
  });
  const config = { Cmd: ['python3', '/app/main.py'], Env: ['PATH=/usr/bin'] };
  const { paths } = await traceOf(rootfs, config, [pythonDetector()]);
  return paths.filter((path) => path.endsWith('.mo'));
}

it('keeps the catalogs that were built with a module that chooses the language itself', async () => {
  const module = 'import gettext\nt = gettext.translation("docs", None, languages=[chosen])';
  expect(await keptCatalogs(module)).toEqual([catalog('docs')]);
});

it('keeps none for a module that takes the language of the process', async () => {
  expect(await keptCatalogs('import gettext\nt = gettext.translation("docs")')).toEqual([]);
});
