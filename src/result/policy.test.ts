import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../testing/command-line.ts';
import { buildElf } from '../testing/elf-builder.ts';
import { archiveOf } from '../testing/image-media.ts';
import { APPLICATION_LAYER, BASE_LAYER, programImageFiles } from '../testing/program-image.ts';
import type { TarSpec } from '../testing/tar-builder.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';

const PLUGIN: TarSpec = {
  name: 'opt/app/plugins/broken.so',
  content: buildElf({ soname: 'broken.so', needed: ['libnone.so.1'] }),
  mode: 0o755,
};

/** Slims the made image (with more in its application's layer) as a user does, in a directory of its own. */
async function run(
  flags: readonly string[],
  more: readonly TarSpec[] = [],
  directory = temporaryDirectory(),
) {
  const image = join(directory, 'image.tar');
  writeFileSync(
    image,
    archiveOf(programImageFiles({ layers: [BASE_LAYER, [...APPLICATION_LAYER, ...more]] })),
  );
  const argv = flags.map((flag) => flag.replace('DIR', directory));
  const { status, stdout, stderr } = await runCommandLine(image, '-o', join(directory, 'slim.tar'), ...argv);
  const left = readdirSync(directory).filter((name) => name !== 'image.tar');
  return { status, said: stdout + stderr, left, directory };
}

describe('policies', () => {
  const rows: readonly {
    readonly flags: readonly string[];
    readonly more?: readonly TarSpec[];
    readonly status: number;
    readonly says?: RegExp;
  }[] = [
    { flags: [], status: 0 },
    { flags: ['--max-size', '1MB'], status: 0 },
    { flags: ['--max-size', '1kB'], status: 3, says: /policy {2}over the size limit by / },
    { flags: ['--fail-on', 'shell'], status: 0 },
    {
      flags: ['--fail-on', 'shell', '--include-command', 'sh'],
      status: 3,
      says: /policy {2}shell: \/usr\/bin\/sh \(user: --include-command sh\)/,
    },
    { flags: ['--include-command', 'sh'], status: 0 },
    { flags: ['--fail-on', 'package-manager', '--include-command', 'sh'], status: 0 },
    {
      flags: ['--fail-on', 'package-manager', '--include-command', 'apt'],
      status: 3,
      says: /policy {2}package-manager: \/usr\/bin\/apt/,
    },
    { flags: ['--fail-on', 'setuid'], status: 3, says: /policy {2}setuid: \/opt\/app\/server/ },
    { flags: ['--fail-on', 'setuid', '--fail-on', 'shell'], status: 3, says: /setuid: / },
    { flags: ['--fail-on', 'unresolved'], status: 0 },
    {
      flags: ['--fail-on', 'unresolved'],
      more: [PLUGIN],
      status: 3,
      says: /policy {2}unresolved: libnone\.so\.1, needed by/,
    },
    { flags: ['--fail-on', 'inferred'], more: [PLUGIN], status: 3, says: /policy {2}inferred: \/opt\/app/ },
    { flags: ['--fail-on', 'inferred', '--minimal'], status: 0 },
    {
      flags: ['--fail-on', 'shell,setuid', '--quiet'],
      status: 3,
      says: /^oslim: setuid: \/opt\/app\/server/,
    },
    { flags: ['--fail-on', 'setuid', '--max-size', '1kB'], status: 3, says: /size limit[\s\S]*setuid/ },
  ];
  it.each(rows)(
    '$flags ends with $status, and the image is written',
    async ({ flags, more, status, says }) => {
      const result = await run(flags, more);
      expect({ status: result.status, left: result.left }).toEqual({ status, left: ['slim.tar'] });
      if (says === undefined) expect(result.said).not.toContain('policy');
      else expect(result.said).toMatch(says);
    },
  );

  it('that nobody knows are wrong usage', async () => {
    const result = await run(['--fail-on', 'weather']);
    expect(result).toMatchObject({ status: 2, left: [] });
    expect(result.said).toMatch(/cannot use policy "weather": it is one of shell, package-manager/);
  });

  it('are remembered where nothing is done', async () => {
    const directory = temporaryDirectory();
    expect((await run(['--if-changed'], [], directory)).status).toBe(0);
    const again = await run(['--if-changed', '--fail-on', 'setuid,shell'], [], directory);
    expect(again.said).toMatch(/nothing was done[\s\S]*policy {2}setuid: the image that is there holds it/);
    expect(again.status).toBe(3);
  });

  it('are in the JSON document', async () => {
    const { said } = await run(['--fail-on', 'setuid', '--json']);
    const [first] = JSON.parse(said).violations;
    expect(first).toMatchObject({ policy: 'setuid', path: '/opt/app/server' });
  });
});

describe('the lock', () => {
  it('has a line for every path of the layer, sorted, with type, mode, owner, digest and reason', async () => {
    const { status, left, directory } = await run(['--lock', 'DIR/oslim.lock']);
    expect({ status, left }).toEqual({ status: 0, left: ['oslim.lock', 'slim.tar'] });
    const lines = readFileSync(join(directory, 'oslim.lock'), 'utf8').trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '# oslim lock 1',
      '# path, type, mode, owner, content, reason; --frozen-lock compares all but the reason',
      'platform linux/amd64',
    ]);
    const paths = lines.slice(3).map((line) => line.split(' ')[0] ?? '');
    expect(paths).toEqual([...paths].sort());
    expect(lines).toContain(
      '/lib symlink 0644 0:0 ->usr/lib elf: needed libc.so.6, found by default, by /opt/app/server',
    );
    const server = lines.find((line) => line.startsWith('/opt/app/server '));
    expect(server).toMatch(
      /^\/opt\/app\/server file 4755,security\.capability=\w+,user\.note=610a62 1000:1001 sha256:[0-9a-f]{64} root: Entrypoint$/,
    );
  });

  const alter = (change: Partial<TarSpec>): readonly TarSpec[] =>
    APPLICATION_LAYER.filter(({ name }) => name === 'opt/app/settings.conf').map((spec) => ({
      ...spec,
      ...change,
    }));
  const rows: readonly {
    readonly summary: string;
    readonly more: readonly TarSpec[];
    readonly flags?: readonly string[];
    readonly says?: RegExp;
  }[] = [
    { summary: 'the same image', more: [] },
    { summary: 'another time', more: alter({ mtime: 5 }) },
    {
      summary: 'another content',
      more: alter({ content: 'port = 1\n' }),
      says: /lock: ~ \/opt\/app\/settings\.conf file 0640 0:1001 sha256:\w+ is now file 0640 0:1001 sha256:/,
    },
    {
      summary: 'another mode',
      more: alter({ mode: 0o600 }),
      says: /~ \/opt\/app\/settings\.conf file 0640 .* is now file 0600/,
    },
    {
      summary: 'a file more',
      more: [{ name: 'opt/app/lib/b c', content: 'x' }],
      says: /lock: \+ \/opt\/app\/lib\/b\\u0020c file 0644/,
    },
    {
      summary: 'a file less',
      more: [],
      flags: ['--exclude', '/opt/app/settings.conf'],
      says: /lock: - \/opt\/app\/settings\.conf file 0640/,
    },
  ];
  it.each(rows)('once frozen is held against $summary', async ({ more, flags = [], says }) => {
    const { directory } = await run(['--lock', 'DIR/oslim.lock']);
    const before = readFileSync(join(directory, 'slim.tar'));
    const frozen = await run(['--lock', 'DIR/oslim.lock', '--frozen-lock', ...flags], more, directory);
    expect(frozen.status).toBe(says === undefined ? 0 : 3);
    if (says === undefined) return;
    expect(frozen.said).toMatch(says);
    expect(frozen.said).toContain('nothing was written');
    expect(readFileSync(join(directory, 'slim.tar')).equals(before)).toBe(true);
  });

  it.each([
    { summary: 'is not there', content: undefined, says: /cannot read the lock ".*oslim\.lock": .*ENOENT/ },
    {
      summary: 'is of another version',
      content: '# oslim lock 2\n',
      says: /its first line is not "# oslim lock 1"/,
    },
    { summary: 'is damaged', content: '# oslim lock 1\nhello\n', says: /"hello" is no path/ },
  ])('that $summary is wrong usage', async ({ content, says }) => {
    const directory = temporaryDirectory();
    if (content !== undefined) writeFileSync(join(directory, 'oslim.lock'), content);
    const { status, said, left } = await run(['--lock', 'DIR/oslim.lock', '--frozen-lock'], [], directory);
    expect(said).toMatch(says);
    expect({ status, left }).toEqual({ status: 2, left: content === undefined ? [] : ['oslim.lock'] });
  });

  it('cannot go with --if-changed', async () => {
    const { status, said } = await run(['--lock', 'DIR/oslim.lock', '--if-changed']);
    expect(said).toMatch(/cannot use --if-changed with/);
    expect(status).toBe(2);
  });
});
