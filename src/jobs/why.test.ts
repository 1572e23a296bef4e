import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { whyText } from '../report/why-text.ts';
import { slim } from '../slim.ts';
import { archiveOf } from '../testing/image-media.ts';
import { programImageFiles } from '../testing/program-image.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type WhyOptions, why } from './why.ts';

const PLAIN = { bold: same, dim: same, green: same, yellow: same };
let image = '';

function same(text: string): string {
  return text;
}

beforeEach(() => {
  image = join(temporaryDirectory(), 'image.tar');
  writeFileSync(image, archiveOf(programImageFiles()));
});

async function textOf(path: string, options: Partial<WhyOptions> = {}): Promise<string[]> {
  return whyText(await why({ image, path, ...options }), PLAIN).split('\n');
}

describe('why a path is kept', () => {
  it('is told from the entrypoint on, with the links on the way', async () => {
    expect(await textOf('/opt/app/lib/libapp.so.1')).toEqual([
      '/opt/app/lib/libapp.so.1 is kept (a link to /opt/app/lib/libapp.so.1.2.3)',
      '',
      '  Volume → /opt/app/lib/libapp.so.1  (root)',
      '',
      'there are further reasons: --all',
    ]);
    const { chains } = await why({ image, path: '/opt/app/lib/libapp.so.1.2.3', all: true });
    expect(
      chains.map((chain) => chain.map(({ path, links }) => [...(links ?? []), path].join(' '))),
    ).toContainEqual(['/opt/app/server', '/opt/app/lib/libapp.so.1 /opt/app/lib/libapp.so.1.2.3']);
  });

  it('is told of a directory by what is kept in it', async () => {
    const { isKept, chains } = await why({ image, path: 'usr/lib64' });
    expect(isKept).toBe(true);
    expect(chains[0]?.at(-1)).toMatchObject({ path: '/usr/lib64', reason: { detector: 'way' } });
    expect(chains[0]?.[0]?.reason.from).toBeUndefined();
  });

  it('follows the links on the way to the path', async () => {
    expect(await why({ image, path: '/lib64/ld-linux-x86-64.so.2' })).toMatchObject({
      path: '/usr/lib64/ld-linux-x86-64.so.2',
      links: ['/lib64'],
      leadsTo: '/usr/lib/x86_64-linux-gnu/ld-2.36.so',
      isKept: true,
    });
  });

  it('is read from a report without an image', async () => {
    const report = join(temporaryDirectory(), 'report.json');
    const reason = { detector: 'root', detail: 'Entrypoint', certainty: 'exact' };
    const needed = { detector: 'elf', from: '/srv/a', detail: 'needed b', certainty: 'exact' };
    writeFileSync(
      report,
      JSON.stringify({
        source: { name: 'made' },
        kept: [
          { path: '/srv/a', reasons: [reason] },
          { path: '/srv/lib/b', reasons: [needed] },
        ],
      }),
    );
    expect(await textOf('/srv/lib/b', { image: undefined, from: report })).toEqual([
      '/srv/lib/b is kept',
      '',
      '  Entrypoint → /srv/a  (root)',
      '    needed b → /srv/lib/b  (elf)',
    ]);
    expect((await why({ path: '/srv/lib', from: report })).chains[0]).toHaveLength(3);
    expect(await textOf('/srv/none', { image: undefined, from: report })).toEqual(['/srv/none is not kept']);
  });

  it('is read from a lock file', async () => {
    const directory = temporaryDirectory();
    const lock = join(directory, 'oslim.lock');
    await slim({ image, output: join(directory, 'slim.tar'), lock });
    const { chains } = await why({ path: '/usr/lib/x86_64-linux-gnu/libc.so.6', from: lock });
    expect(chains[0]?.map(({ path }) => path)).toEqual([
      '/opt/app/server',
      '/usr/lib/x86_64-linux-gnu/libc.so.6',
    ]);
    expect((await why({ path: '/usr/lib', from: lock })).isKept).toBe(true);
  });

  it.each([
    { summary: 'no JSON', text: '{', says: /neither JSON nor a lock/ },
    { summary: 'no report', text: '{}', says: /no list of what was kept/ },
    {
      summary: 'an entry without reasons',
      text: '{"kept":[{"path":"/a"}]}',
      says: /without path or reasons/,
    },
    {
      summary: 'an index of which no platform is chosen',
      text: '{"platforms":[{"source":{"platform":"linux/amd64"}},{"source":{"platform":"linux/arm64"}}]}',
      says: /linux\/amd64, linux\/arm64/,
    },
  ])('refuses $summary', async ({ text, says }) => {
    const report = join(temporaryDirectory(), 'report.json');
    writeFileSync(report, text);
    await expect(why({ path: '/a', from: report })).rejects.toThrow(says);
  });
});

describe('why a path goes', () => {
  it('comes with what would keep it', async () => {
    const [head, ...lines] = await textOf('apt');
    expect(head).toMatch(/^\/usr\/bin\/apt goes \(file, .*B\)$/);
    expect(lines).toEqual([
      '',
      '  what would keep it',
      '    --include /usr/bin/apt',
      '    --include-command apt  with what it needs',
    ]);
  });

  it('is the flag that leaves it out', async () => {
    const { wouldKeep } = await why({ image, path: '/opt/app/settings.conf', exclude: ['/opt/app/*.conf'] });
    expect(wouldKeep).toEqual([{ flag: 'no --exclude that matches it' }]);
  });

  it('is the level, where a higher one keeps it', async () => {
    const { isKept } = await why({ image, path: '/opt/app/server-again' });
    const { wouldKeep } = await why({ image, path: '/opt/app/server-again', level: 'minimal' });
    expect(isKept).toBe(true);
    expect(wouldKeep.map(({ flag }) => flag)).toContain('--level default');
  });

  it('is an error for a path that the image does not have', async () => {
    await expect(why({ image, path: '/usr/sbin/apt' })).rejects.toMatchObject({
      code: 'IMAGE',
      advice: 'of that name there is /usr/bin/apt',
    });
  });
});
