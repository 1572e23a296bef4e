import { describe, expect, it } from 'vitest';
import { dpkgDatabase } from '../../testing/dpkg-files.ts';
import { memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { declaredDataDetector } from './declared-data.ts';

const MODULE = '/usr/lib/hyphen.py';

interface Row {
  readonly summary: string;
  readonly source: string;
  readonly owner?: string;
  readonly fields?: string;
  readonly kept: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    summary: 'keeps a directory that a module lists, with what is in it',
    source: "for name in os.listdir('/usr/share/hyphen/'): pass",
    kept: ['/usr/share/hyphen/en.dic'],
  },
  {
    summary: 'keeps a large one only as a directory, unless the package declares to need it',
    source: 'ROOT = "/usr/share/models"',
    kept: [],
  },
  {
    summary: 'keeps a large one of a declared package',
    source: 'ROOT = "/usr/share/models"',
    fields: 'Recommends: models\n',
    kept: ['/usr/share/models/big'],
  },
  { summary: 'leaves documentation out', source: 'DOC = "/usr/share/doc/hyphen"', kept: [] },
  {
    summary: "leaves an interpreter's own library alone",
    source: 'D = "/usr/share/hyphen"',
    owner: 'python3',
    kept: [],
  },
];

describe('declared data', () => {
  it.each(ROWS)('$summary', async ({ source, owner = 'python3-hyphen', fields = '', kept }) => {
    const rootfs = memoryRootfs({
      ...dpkgDatabase({
        [owner]: { fields, files: [MODULE] },
        words: { files: ['/usr/share/hyphen', '/usr/share/hyphen/en.dic'] },
        models: { files: ['/usr/share/models', '/usr/share/models/big'] },
      }),
      [MODULE]: { content: source, mode: 0o755 },
      '/usr/share/hyphen/en.dic': 'x',
      '/usr/share/models/big': 'x'.repeat(2e6),
      '/usr/share/doc/hyphen/README': 'x',
    });
    const { graph } = await traceOf(rootfs, { Cmd: [MODULE] }, [
      declaredDataDetector(({ name }) => name === 'python3'),
    ]);
    const files = [...graph.paths()].filter(
      (path) => rootfs.lookup(path)?.type === 'file' && path !== MODULE,
    );
    expect(files).toEqual(kept);
  });
});
