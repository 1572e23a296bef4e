import { describe, expect, it } from 'vitest';
import { ImageError } from '../../errors.ts';
import type { ExecutionConfig } from '../../oci/config.ts';
import { memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { TraceOptions } from '../trace.ts';
import { roots } from './roots.ts';

const FILES = { '/bin/sh': 'ELF', '/bin/busybox': 'ELF', '/bin/app': 'ELF', '/run.sh': '#!/bin/sh' };

function trace(config: ExecutionConfig, options: Partial<TraceOptions> = {}) {
  return traceOf(memoryRootfs(FILES), config, [roots], options);
}

describe('roots', () => {
  const refused: { summary: string; config: ExecutionConfig; says: RegExp }[] = [
    { summary: 'no process', config: {}, says: /it has no Entrypoint and no Cmd/ },
    {
      summary: 'a program that is not there',
      config: { Cmd: ['none'] },
      says: /cannot find the entrypoint "none"/,
    },
    { summary: 'a shell alone', config: { Cmd: ['/bin/sh'] }, says: /its process is the shell/ },
    { summary: 'a login shell', config: { Cmd: ['sh', '-l'] }, says: /its process is the shell/ },
    {
      summary: 'a shell of busybox',
      config: { Cmd: ['/bin/busybox', 'sh'] },
      says: /its process is the shell/,
    },
  ];
  it.each(refused)('refuses $summary, with advice', async ({ config, says }) => {
    const error = await trace(config).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ImageError);
    expect(error).toMatchObject({
      message: expect.stringMatching(says),
      advice: expect.stringMatching(/--/),
    });
  });

  const accepted: { summary: string; config: ExecutionConfig; options?: Partial<TraceOptions> }[] = [
    { summary: 'a shell with a script', config: { Cmd: ['/bin/sh', '/run.sh'] } },
    { summary: 'a shell with a command line', config: { Cmd: ['/bin/sh', '-c', 'app'] } },
    {
      summary: 'a shell alone that the user asks for',
      config: { Cmd: ['/bin/sh'] },
      options: { cmd: ['/bin/sh'] },
    },
    {
      summary: 'a shell with commands to include',
      config: { Cmd: ['sh'] },
      options: { includeCommands: ['app'] },
    },
  ];
  it.each(accepted)('takes $summary', async ({ config, options }) => {
    expect((await trace(config, options)).paths.length).toBeGreaterThan(0);
  });
});
