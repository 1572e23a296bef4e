import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { resolveOptions, type SlimOptions } from '../options.ts';
import { registryOptions } from './registry-options.ts';

const LOGIN = { username: 'u', password: 'secret' };

async function whoGetsThePassword(options: SlimOptions): Promise<string[]> {
  const { credentials } = await registryOptions(resolveOptions({ ...LOGIN, ...options }));
  const domains = ['a.example', 'b.example', 'docker.io'];
  const found = await Promise.all(domains.map((domain) => credentials?.credentialFor(domain, 'x')));
  return domains.filter((_, index) => found[index]?.kind === 'password');
}

describe('registryOptions', () => {
  const rows: { summary: string; options: SlimOptions; domains: string[] }[] = [
    {
      summary: 'the registry that the image comes from',
      options: { image: 'docker://a.example/x' },
      domains: ['a.example'],
    },
    {
      summary: 'the registry that is pushed to, and not the source',
      options: { image: 'docker://a.example/x', push: 'b.example/x' },
      domains: ['b.example'],
    },
    {
      summary: '-o docker:// likewise',
      options: { image: 'docker://a.example/x', output: 'docker://b.example/y' },
      domains: ['b.example'],
    },
    { summary: 'Docker Hub for a bare name', options: { image: 'redis-of-nobody' }, domains: ['docker.io'] },
    { summary: 'nobody when no registry is named', options: { image: 'docker-archive:x.tar' }, domains: [] },
  ];
  it.each(rows)('shows a password given for the run to: $summary', async ({ options, domains }) => {
    expect(await whoGetsThePassword(options)).toEqual(domains);
  });

  it('refuses half a login', async () => {
    await expect(registryOptions(resolveOptions({ image: 'x', username: 'u' }))).rejects.toThrow(UsageError);
  });
});
