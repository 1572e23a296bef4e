import { describe, expect, it } from 'vitest';
import { FormatError } from '../errors.ts';
import { rootPath } from '../rootfs/root-path.ts';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { Warnings } from '../warnings.ts';
import { parseAlternative } from './alternatives.ts';
import { conffileOfLine, parseRelations } from './dpkg-status.ts';
import { openPackages } from './package-index.ts';
import { parseParagraph } from './paragraph.ts';

const GOOD = 'Package: good\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n';

async function open(files: Parameters<typeof memoryRootfs>[0]) {
  const warnings = new Warnings();
  return { index: await openPackages(memoryRootfs(files), warnings), warnings: warnings.list() };
}

describe('a malformed dpkg database', () => {
  const STATUS: readonly { summary: string; status: string; names: string[]; warnings: number }[] = [
    { summary: 'an empty status file has no packages', status: '', names: [], warnings: 0 },
    {
      summary: 'a paragraph that is no paragraph is left out, the others stay',
      status: `nonsense\n\n${GOOD}`,
      names: ['good'],
      warnings: 1,
    },
    { summary: 'a continuation line without a field', status: ` x\n\n${GOOD}`, names: ['good'], warnings: 1 },
    {
      summary: 'a paragraph without a version is no package',
      status: `Package: x\n\n${GOOD}`,
      names: ['good'],
      warnings: 0,
    },
    {
      summary: 'blanks between paragraphs count as an empty line',
      status: `${GOOD} \t\n${GOOD}`,
      names: ['good', 'good'],
      warnings: 0,
    },
    {
      summary: 'an odd size is no size',
      status: `${GOOD}Installed-Size: 1e99\n`,
      names: ['good'],
      warnings: 0,
    },
  ];
  it.each(STATUS)('$summary', async ({ status, names, warnings }) => {
    const opened = await open({ '/var/lib/dpkg/status': status });
    expect(opened.index.list().map((pkg) => pkg.name)).toEqual(names);
    expect(opened.warnings.map(({ code }) => code)).toEqual(Array(warnings).fill('PACKAGE_DATABASE'));
  });

  it('does not leave the info directory for a package name with slashes', async () => {
    const { index } = await open({
      '/var/lib/dpkg/status': GOOD.replace('good', '../../x'),
      '/var/lib/x.list': '/etc/passwd\n',
      '/etc/passwd': '',
    });
    expect(index.owner(rootPath('/etc/passwd'))).toBeUndefined();
  });

  it('reads lists with relative, endless and climbing lines without harm', async () => {
    const { index } = await open({
      '/var/lib/dpkg/status': GOOD,
      '/var/lib/dpkg/info/good.list': `etc/passwd\n/${'a/'.repeat(5000)}\n/../../etc/passwd\n//etc//shadow/\n`,
      '/etc/passwd': '',
      '/etc/shadow': '',
    });
    const good = index.get('good') ?? expect.fail('no package');
    expect(index.files(good)).toEqual(['/etc/passwd', '/etc/shadow']);
  });

  it('takes every truncation of a status file', async () => {
    const status = `${GOOD}Conffiles:\n /etc/x d41d8cd98f00b204e9800998ecf8427e\n\n${GOOD.replace('good', 'other')}`;
    for (let length = 0; length <= status.length; length++) {
      const { index } = await open({ '/var/lib/dpkg/status': status.slice(0, length) });
      expect(index.list().length).toBeLessThanOrEqual(2);
    }
  });
});

describe('parseParagraph', () => {
  it('says at which byte a line is wrong', () => {
    expect(() => parseParagraph('Maintainer: Jürgen\nnonsense')).toThrow(
      new FormatError(
        'deb822',
        20,
        'cannot read a package paragraph at byte 20: a line without a field name',
      ),
    );
  });
});

describe('parseRelations', () => {
  const ROWS: readonly { summary: string; field: string | undefined; names: string[][] }[] = [
    { summary: 'no field', field: undefined, names: [] },
    { summary: 'an empty clause', field: 'a,,b', names: [['a'], ['b']] },
    {
      summary: 'versions, architectures, profiles',
      field: 'a (>= 1), b [!i386] <!nocheck>, c:any(<<2)|d',
      names: [['a'], ['b'], ['c', 'd']],
    },
    { summary: 'folded over lines', field: 'a,\nb |\nc', names: [['a'], ['b', 'c']] },
  ];
  it.each(ROWS)('$summary', ({ field, names }) => {
    expect(parseRelations(field)).toEqual(names);
  });
});

describe('conffileOfLine', () => {
  const ROWS: readonly [string, string | undefined][] = [
    ['/etc/a d41d8cd98f00b204e9800998ecf8427e', '/etc/a'],
    ['/etc/a b d41d8cd98f00b204e9800998ecf8427e remove-on-upgrade', '/etc/a b'],
    ['/etc/a newconffile', '/etc/a'],
    ['/etc/a', undefined],
    ['', undefined],
  ];
  it.each(ROWS)('%s', (line, path) => {
    expect(conffileOfLine(line)).toBe(path);
  });
});

describe('parseAlternative', () => {
  const TEXT = 'auto\n/usr/bin/x\ny\n/usr/bin/y\n\n/usr/bin/x1\n@family@5 service\n/usr/bin/y1\n\n';

  it('reads a family as chkconfig writes it', () => {
    expect(parseAlternative('x', TEXT).choices).toEqual([
      { path: '/usr/bin/x1', priority: 5, slaves: ['/usr/bin/y1'] },
    ]);
  });

  it('refuses every truncation', () => {
    for (let length = 0; length < TEXT.length; length++) {
      expect(() => parseAlternative('x', TEXT.slice(0, length)), `${length} bytes`).toThrow(FormatError);
    }
  });

  it.each(['odd\n/x\n\n\n', 'auto\nx\n\n\n', 'auto\n/x\n\n/y\nmany\n\n'])('refuses %j', (text) => {
    expect(() => parseAlternative('x', text)).toThrow(FormatError);
  });
});
