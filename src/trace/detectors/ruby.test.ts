import { describe, expect, it } from 'vitest';
import { Linker } from '../../ldso/linker.ts';
import { dpkgDatabase } from '../../testing/dpkg-files.ts';
import { buildElf } from '../../testing/elf-builder.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { ElfFacts } from '../elf-facts.ts';
import type { Level } from '../trace.ts';
import { rubyDetector } from './ruby.ts';

const LIB = '/usr/local/lib/ruby/3.2.0';
const ARCH = `${LIB}/x86_64-linux`;
const GEMS = '/usr/local/bundle';

/** An interpreter whose constants name its load path, and some of its library. */
const BASE: Readonly<Record<string, MemoryFile>> = {
  '/usr/local/bin/ruby': buildElf({ rodata: `\0/usr/local/lib/ruby/site_ruby/3.2.0\0${LIB}\0` }),
  [`${LIB}/rubygems.rb`]: "require 'monitor'\nautoload :Runner, 'rubygems/gem_runner'",
  [`${LIB}/rubygems/gem_runner.rb`]: '',
  [`${LIB}/monitor.rb`]: '',
  [`${ARCH}/rbconfig.rb`]: '',
  [`${ARCH}/enc/encdb.so`]: 'so',
  [`${ARCH}/enc/trans/big5.so`]: 'so',
  [`${LIB}/json.rb`]: "require_relative 'json/ext'\nrequire 'irb' if debug",
  [`${LIB}/json/ext.rb`]: "=begin\nrequire 'never'\n=end\n# require 'never'\nrequire 'json/ext/parser'",
  [`${ARCH}/json/ext/parser.so`]: buildElf({
    rodata: '\0json/errors\0never mind\0',
    imports: [{ name: 'rb_require' }],
  }),
  [`${LIB}/json/errors.rb`]: '',
  [`${LIB}/irb.rb`]: '',
  [`${LIB}/never.rb`]: '',
};

/** What is kept whatever the program is. */
const ALWAYS = [
  '/usr/local/bin/ruby',
  `${LIB}/rubygems.rb`,
  `${LIB}/monitor.rb`,
  `${ARCH}/rbconfig.rb`,
  `${ARCH}/enc/encdb.so`,
];
const JSON_LIBRARY = [
  `${LIB}/json.rb`,
  `${LIB}/json/ext.rb`,
  `${LIB}/json/errors.rb`,
  `${ARCH}/json/ext/parser.so`,
];

function gem(
  name: string,
  files: Readonly<Record<string, string>>,
  requires = '',
): Record<string, MemoryFile> {
  const entries = Object.entries(files).map(([path, text]) => [`${GEMS}/gems/${name}-1.0/${path}`, text]);
  const specification = `s.require_paths = ["lib".freeze]\ns.add_runtime_dependency(%q<${requires}>.freeze)`;
  return { ...Object.fromEntries(entries), [`${GEMS}/specifications/${name}-1.0.gemspec`]: specification };
}

interface Case {
  readonly summary: string;
  readonly files?: Readonly<Record<string, MemoryFile>>;
  readonly cmd: readonly string[];
  readonly env?: readonly string[];
  readonly level?: Level;
  /** Beyond what is always kept, and without directories. */
  readonly kept: readonly string[];
  readonly libraries?: readonly string[];
}

const SINATRA = {
  ...gem(
    'sinatra',
    { 'lib/sinatra.rb': "require 'rack'", 'lib/views/x.erb': '', 'test/a.rb': '', 'README.md': '' },
    'rack',
  ),
  ...gem('rack', { 'lib/rack.rb': 'def pick(x) = require("rack/handler/#{x}")', 'ext/rack.c': '' }),
  ...gem('puma', { 'lib/rack/handler/puma.rb': "require 'puma'", 'lib/puma.rb': '' }),
  ...gem('unused', { 'lib/unused.rb': '' }),
};
const SINATRA_KEPT = [
  `${GEMS}/gems/puma-1.0/lib/puma.rb`,
  `${GEMS}/gems/puma-1.0/lib/rack/handler/puma.rb`,
  `${GEMS}/gems/rack-1.0/lib/rack.rb`,
  `${GEMS}/gems/sinatra-1.0/lib/sinatra.rb`,
  `${GEMS}/gems/sinatra-1.0/lib/views/x.erb`,
  ...['puma', 'rack', 'sinatra'].map((name) => `${GEMS}/specifications/${name}-1.0.gemspec`),
];

const CASES: readonly Case[] = [
  {
    summary: 'a program keeps what it requires, what extensions require from C, and no tools of development',
    files: { '/app/main.rb': "require 'json'" },
    cmd: ['ruby', '/app/main.rb'],
    kept: ['/app/main.rb', ...JSON_LIBRARY],
  },
  {
    summary: 'a program may require a tool of development itself',
    cmd: ['ruby', '-rirb', '-e', '1'],
    kept: [`${LIB}/irb.rb`],
  },
  {
    summary:
      'a gem comes whole but for tests and documentation, with what it depends on and loads by a computed name',
    files: { ...SINATRA, '/app/main.rb': "require 'sinatra'" },
    cmd: ['ruby', '/app/main.rb'],
    kept: ['/app/main.rb', ...SINATRA_KEPT],
  },
  {
    summary:
      "a bundled gem of the interpreter's package comes with its specification, which puts it on the load path",
    files: {
      ...gem('matrix', { 'lib/matrix.rb': '' }),
      ...dpkgDatabase({
        'libruby3.1': {
          fields: 'Source: ruby3.1\n',
          files: [`${GEMS}/gems/matrix-1.0/lib/matrix.rb`, `${GEMS}/specifications/matrix-1.0.gemspec`],
        },
      }),
      '/app/main.rb': "require 'matrix'",
    },
    cmd: ['ruby', '/app/main.rb'],
    kept: [
      '/app/main.rb',
      `${GEMS}/gems/matrix-1.0/lib/matrix.rb`,
      `${GEMS}/specifications/matrix-1.0.gemspec`,
    ],
  },
  {
    summary: 'libraries that FFI loads by name are kept',
    files: {
      '/app/main.rb':
        "ffi_lib \"/usr/lib/#{arch}/libsass.#{ext}\"\nffi_lib ['vips', 'libvips.so.42']\nffi_lib 'none'",
      '/usr/lib/x86_64-linux-gnu/libsass.so.1': 'so',
      '/usr/lib/libvips.so.42': 'so',
      '/usr/lib/libother.so.1': 'so',
    },
    cmd: ['ruby', '/app/main.rb'],
    kept: ['/app/main.rb'],
    libraries: ['/usr/lib/libvips.so.42', '/usr/lib/x86_64-linux-gnu/libsass.so.1'],
  },
  {
    summary: 'Bundler keeps the gems of the lock',
    files: {
      ...gem('unused', { 'lib/unused.rb': '' }),
      [`${LIB}/bundler/setup.rb`]: '',
      '/app/main.rb': "require 'bundler/setup'\nBundler.require",
      '/app/Gemfile': "gem 'unused'",
      '/app/Gemfile.lock': 'GEM\n  specs:\n    unused (1.0)\n    gone (2.0)\n',
    },
    cmd: ['ruby', '/app/main.rb'],
    env: ['BUNDLE_GEMFILE=/app/Gemfile'],
    kept: [
      '/app/Gemfile',
      '/app/Gemfile.lock',
      '/app/main.rb',
      `${LIB}/bundler/setup.rb`,
      `${GEMS}/gems/unused-1.0/lib/unused.rb`,
      `${GEMS}/specifications/unused-1.0.gemspec`,
    ],
  },
  {
    summary: 'the sources of an application are followed whole, and a gem that one names is kept',
    files: {
      ...gem('puma', { 'lib/puma.rb': '' }),
      '/srv/shop/config.ru': "require_relative 'app'\nset :server, :puma",
      '/srv/shop/app.rb': '',
      '/srv/shop/app/models/order.rb': "require 'json'",
      '/srv/shop/spec/order_spec.rb': "require 'never'",
    },
    cmd: ['ruby', '/srv/shop/config.ru'],
    kept: [
      '/srv/shop/app.rb',
      '/srv/shop/app/models/order.rb',
      '/srv/shop/config.ru',
      ...JSON_LIBRARY,
      `${GEMS}/gems/puma-1.0/lib/puma.rb`,
      `${GEMS}/specifications/puma-1.0.gemspec`,
    ],
  },
  {
    summary: 'an encoding of East Asia that the program names is kept',
    files: { '/app/main.rb': "x.encode('Big5')" },
    cmd: ['ruby', '/app/main.rb'],
    kept: ['/app/main.rb', `${ARCH}/enc/trans/big5.so`],
  },
];

async function trace(row: Pick<Case, 'files' | 'cmd' | 'env' | 'level'>) {
  const rootfs = memoryRootfs({ ...BASE, ...row.files });
  const linker = new Linker({ rootfs });
  const config = { Cmd: row.cmd, Env: row.env ?? [] };
  return traceOf(rootfs, config, [rubyDetector(new ElfFacts(linker.lookup.elves))], {
    linker,
    level: row.level ?? 'default',
  });
}

describe('rubyDetector', () => {
  it.each(CASES)('$summary', async (row) => {
    const { paths, warnings } = await trace(row);
    const files = paths.filter((path) => /\.[a-z]\w*$/.test(path) || /\/(?:bin\/\w+|Gemfile)$/.test(path));
    expect(files).toEqual([...ALWAYS, ...row.kept].sort());
    expect(paths.filter((path) => path.startsWith('/usr/lib/lib') || path.includes('-gnu/lib'))).toEqual(
      row.libraries ?? [],
    );
    expect(warnings).toEqual([]);
  });

  it('keeps the whole library where the program is not to be read, and says what that costs', async () => {
    const { paths, warnings } = await trace({ cmd: ['ruby', '-'], files: SINATRA });
    expect(paths).toContain(`${LIB}/never.rb`);
    expect(paths).toContain(`${GEMS}/gems/unused-1.0/lib/unused.rb`);
    expect(paths).not.toContain(`${LIB}/irb.rb`);
    expect(warnings.map(({ code }) => code)).toEqual(['WIDENED']);
  });
});
