import { describe, expect, it } from 'vitest';
import { rootPath } from '../rootfs/root-path.ts';
import { processSpecOf, searchPath } from './process-spec.ts';

describe('processSpecOf', () => {
  it('joins Entrypoint and Cmd, reads Env, WorkingDir and Volumes', () => {
    const spec = processSpecOf({
      Entrypoint: ['/e'],
      Cmd: ['a', 'b'],
      Env: ['A=1', 'B=x=y', 'broken'],
      WorkingDir: 'srv/./app/',
      Volumes: { '/data': {} },
      User: 'app',
    });
    expect(spec.argv).toEqual(['/e', 'a', 'b']);
    expect(spec.env.get('B')).toBe('x=y');
    expect(spec.env.has('broken')).toBe(false);
    expect(spec.cwd).toBe('/srv/app');
    expect(spec.volumes).toEqual(['/data']);
    expect(spec.user).toBe('app');
  });

  const checks = [
    { summary: 'CMD is run as it is', test: ['CMD', 'curl', '-f', 'x'], expected: ['curl', '-f', 'x'] },
    {
      summary: 'CMD-SHELL is run by the shell',
      test: ['CMD-SHELL', 'curl x || exit 1'],
      expected: ['/bin/sh', '-c', 'curl x || exit 1'],
    },
    {
      summary: "CMD-SHELL is run by the config's own shell",
      test: ['CMD-SHELL', 'x'],
      shell: ['/bin/bash', '-ec'],
      expected: ['/bin/bash', '-ec', 'x'],
    },
    { summary: 'NONE turns it off', test: ['NONE'], expected: undefined },
    { summary: 'an empty one is none', test: [], expected: undefined },
  ];
  it.each(checks)('health check: $summary', ({ test, shell, expected }) => {
    const spec = processSpecOf({ Healthcheck: { Test: test }, ...(shell ? { Shell: shell } : {}) });
    expect(spec.healthcheck).toEqual(expected);
  });

  it('takes an empty element of PATH for the working directory', () => {
    expect(searchPath(new Map([['PATH', '/a::b']]), rootPath('/w'))).toEqual(['/a', '/w', '/w/b']);
  });
});
