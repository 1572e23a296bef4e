import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { slim } from '../slim.ts';
import { buildElf } from '../testing/elf-builder.ts';
import { archiveOf } from '../testing/image-media.ts';
import { APPLICATION_LAYER, BASE_LAYER, programImageFiles } from '../testing/program-image.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { pageData } from './page-data.ts';
import type { ReportDocument } from './report-document.ts';
import { reportMarkdown } from './report-markdown.ts';
import { reportPage } from './report-page.ts';

const HOSTILE = '</script><!-- <b>|`x` \u2028\u0007';
const DPKG_STATUS = `Package: made
Status: install ok installed
Architecture: amd64
Version: 1:2.0-3
`;
const LAYERS = [
  [
    ...BASE_LAYER,
    { name: 'var/lib/dpkg/status', content: DPKG_STATUS },
    {
      name: 'var/lib/dpkg/info/made.list',
      content: '/.\n/usr/bin/apt\n/usr/lib/x86_64-linux-gnu/libc.so.6\n',
    },
  ],
  [
    ...APPLICATION_LAYER,
    { name: `opt/app/${HOSTILE.replaceAll('/', '∕')}`, content: 'x' },
    { name: 'opt/app/plugins/broken.so', content: buildElf({ needed: [`lib${HOSTILE}.so`] }), mode: 0o755 },
  ],
];

/** Slims the made image with reports of these kinds and returns them. */
async function reports(...extensions: readonly string[]): Promise<readonly string[]> {
  const directory = temporaryDirectory();
  const image = join(directory, 'image.tar');
  writeFileSync(image, archiveOf(programImageFiles({ layers: LAYERS })));
  const files = extensions.map((extension) => join(directory, `report.${extension}`));
  const { sideFiles } = await slim({ image, reports: files, failOn: ['setuid'], maxSize: 1000 });
  expect(sideFiles).toEqual(files);
  return files.map((file) => readFileSync(file, 'utf8'));
}

async function document(): Promise<ReportDocument> {
  return JSON.parse((await reports('json'))[0] ?? '');
}

describe('the JSON report', () => {
  it('is as its published schema says', async () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../docs/schema/report-1.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    const report = await document();
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...report, surprise: 1 })).toBe(false);
  });

  it('has every path of the source once, and sums that agree', async () => {
    const { kept, removed = [], layers, packages, unowned, before, after } = await document();
    const paths = [...kept, ...removed].map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    const sum = (rows: readonly { readonly bytes: number }[]) =>
      rows.reduce((all, { bytes }) => all + bytes, 0);
    expect(sum(layers)).toBe(before?.bytes);
    expect(sum([...packages, unowned])).toBe(before?.bytes);
    const files = kept.filter(({ type }) => type === 'file');
    expect(sum(files)).toBe(after.bytes);
    expect(layers.map(({ createdBy }) => createdBy)).toEqual(['COPY layer 0', 'COPY layer 1']);
    expect(packages).toEqual([
      expect.objectContaining({ name: 'made', version: '1:2.0-3', files: 2, keptFiles: 1 }),
    ]);
  });
});

describe('the page', () => {
  it('holds its data so that no name can end them, and allows no script but its own', async () => {
    const [page = ''] = await reports('html');
    const [, data = ''] = /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(page) ?? [];
    const { names, words, about } = JSON.parse(data);
    expect(names).toContain(HOSTILE.replaceAll('/', '∕'));
    expect(JSON.stringify([words, about.warnings])).toContain('lib</script>');
    expect(data).not.toMatch(/[<>&\u2028]/);
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page).toMatch(
      /content="default-src 'none'; script-src 'sha256-\S+' 'sha256-\S+'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none'"/,
    );
    expect(page).not.toMatch(/\b(?:src|href)\s*=\s*["']|@import|url\(/);
  });

  it('puts the reason on the shortest way to a root first', () => {
    const reason = (from?: string) => ({
      detector: 'd',
      detail: 'x',
      certainty: 'exact',
      ...(from ? { from } : {}),
    });
    const fact = (path: string, ...reasons: object[]) => ({
      path,
      type: 'file',
      bytes: 1,
      layer: 0,
      reasons,
    });
    const kept = [
      fact('/a', reason('/b'), reason('/c')),
      fact('/b', reason('/a'), reason('/c')),
      fact('/c', reason()),
    ];
    const { reasons, names } = pageData({ kept } as unknown as ReportDocument);
    expect(names).toEqual(['', 'a', 'b', 'c']);
    expect(reasons[1]?.map(([, , from]) => from)).toEqual([3, 2]);
    expect(reasons[3]?.map(([, , from]) => from)).toEqual([-1]);
  });
});

describe('the Markdown', () => {
  it('has sizes, policies, packages and layers, and nothing that a name made of it', async () => {
    const text = reportMarkdown(await document());
    expect(text).toMatch(/^### docker\.io\/example\/server:1\.0 → docker\.io\/example\/server:1\.0-slim\n/);
    expect(text).toMatch(/\| before \| \d+ \| [\d.]+ kB \| 1 \|/);
    expect(text).toContain('**setuid**: /opt/app/server');
    expect(text).toContain('| `made` | `1:2.0-3` |');
    expect(text).not.toContain('</script>');
    expect(text).toContain('lib&#60;/script&#62;&#60;!-- &#60;b&#62;&#124;&#96;x&#96;');
  });
});

it('has no other extension', async () => {
  await expect(slim({ image: 'x.tar', reports: ['report.pdf'] })).rejects.toThrow(
    /it ends in \.html, \.json or \.md/,
  );
});

it('is two pages of the same bytes for the same report', async () => {
  const report = await document();
  expect(reportPage(report)).toBe(reportPage(JSON.parse(JSON.stringify(report))));
});
