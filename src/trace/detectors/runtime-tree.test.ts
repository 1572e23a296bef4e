import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { runtimeTree } from './runtime-tree.ts';
import { scriptDetectors } from './scripts.ts';

const FILES: Readonly<Record<string, MemoryFile>> = {
  '/usr/bin/lua5.4': { content: '\x7fELF', mode: 0o755 },
  '/bin/sh': { content: '\x7fELF', mode: 0o755 },
  '/usr/bin/convert': { content: '\x7fELF', mode: 0o755 },
  '/usr/bin/other': { content: '\x7fELF', mode: 0o755 },
  '/usr/share/lua/5.4/json.lua': 'return {}',
  '/usr/share/lua/5.4/doc/json.html': '<p>',
};

async function kept(
  program: string,
  files: Readonly<Record<string, MemoryFile>>,
  level?: 'minimal',
  interpreter = 'lua5.4',
) {
  const rootfs = memoryRootfs({ ...FILES, ...files });
  const config = { Cmd: [interpreter, program], Env: ['PATH=/usr/bin'] };
  const { graph } = await traceOf(
    rootfs,
    config,
    [...scriptDetectors(), runtimeTree],
    level ? { level } : {},
  );
  return [...graph.paths()].filter((path) => rootfs.lookup(path)?.type === 'file').sort();
}

describe('runtime', () => {
  it("keeps the interpreter's library, and the commands that the program gives to the shell", async () => {
    const program = 'local j = require "json"\nos.execute("convert a.png b.gif")\nprint("other")\n';
    expect(await kept('/app/main.lua', { '/app/main.lua': program })).toEqual([
      '/app/main.lua',
      '/bin/sh',
      '/usr/bin/convert',
      '/usr/bin/lua5.4',
      '/usr/share/lua/5.4/json.lua',
    ]);
  });

  it('keeps the libraries of modules that lie with all others', async () => {
    const files = {
      '/app/main.tcl': 'package require itcl\n',
      '/usr/bin/tclsh': { content: '\x7fELF', mode: 0o755 },
      '/usr/lib/tcltk/itcl4/pkgIndex.tcl': 'load [file join $dir .. .. libitcl4.so]\n',
      '/usr/lib/libitcl4.so': '\x7fELF',
      '/usr/lib/libother.so': '\x7fELF',
      '/var/lib/dpkg/status':
        'Package: tcl-itcl4\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n',
      '/var/lib/dpkg/info/tcl-itcl4.list': '/usr/lib/tcltk/itcl4/pkgIndex.tcl\n/usr/lib/libitcl4.so\n',
    } as const;
    const found = await kept('/app/main.tcl', files, undefined, 'tclsh');
    expect(found).toContain('/usr/lib/libitcl4.so');
    expect(found).not.toContain('/usr/lib/libother.so');
  });

  it('keeps the shell for lines that are made at run time', async () => {
    const files = { '/app/main.lua': 'os.execute(arg[1])' };
    expect(await kept('/app/main.lua', files)).toContain('/bin/sh');
  });

  it('keeps neither at level minimal', async () => {
    const files = { '/app/main.lua': 'os.execute("convert")' };
    expect(await kept('/app/main.lua', files, 'minimal')).toEqual(['/app/main.lua', '/usr/bin/lua5.4']);
  });
});
