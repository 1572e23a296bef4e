import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ElfStore } from '../../ldso/elf-store.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { temporaryDirectory } from '../../testing/temporary-directory.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { ElfFacts } from '../elf-facts.ts';
import type { Level } from '../trace.ts';
import { unowned } from './application.ts';
import { nodeDetector } from './node.ts';
import { scriptDetectors } from './scripts.ts';

const ELF = '\u007fELF';
const BASE: Readonly<Record<string, MemoryFile>> = { '/usr/local/bin/node': ELF, '/bin/sh': ELF };
const MODULES = '/app/node_modules';
/** So large that a package is not kept whole for its being small. */
const LARGE = ' '.repeat(1_100_000);

interface Case {
  readonly summary: string;
  readonly files: Readonly<Record<string, MemoryFile>>;
  /** `node /app/main.js` unless said otherwise. */
  readonly cmd?: readonly string[];
  readonly env?: readonly string[];
  readonly level?: Level;
  /** Files, the interpreter left out. */
  readonly kept: readonly string[];
}

/** A package whose entry is index.js. */
function installed(
  name: string,
  files: Readonly<Record<string, MemoryFile>>,
  manifest: object = {},
  directory = MODULES,
): Record<string, MemoryFile> {
  const entries = Object.entries({ 'package.json': JSON.stringify({ name, ...manifest }), ...files });
  return Object.fromEntries(entries.map(([path, content]) => [`${directory}/${name}/${path}`, content]));
}

function at(name: string, ...files: string[]): string[] {
  return ['package.json', ...files].map((file) => `${MODULES}/${name}/${file}`);
}

const CASES: readonly Case[] = [
  {
    summary: 'require and import reach files and packages; what nothing imports is left out',
    files: {
      '/app/main.js': "const a = require('a'); import('./lib/b.mjs'); require('./data')",
      '/app/lib/b.mjs': "import c from 'c/part.js'\nexport * from 'node:fs'",
      '/app/data.json': '{}',
      ...installed('a', { 'index.js': "require('c')" }),
      ...installed('c', { 'index.js': '', 'part.js': '' }),
      ...installed('unused', { 'index.js': '' }),
    },
    kept: [
      '/app/main.js',
      '/app/lib/b.mjs',
      '/app/data.json',
      ...at('a', 'index.js'),
      ...at('c', 'index.js', 'part.js'),
    ],
  },
  {
    summary: 'a builtin module is never a package, but for a slash at its end',
    files: {
      '/app/main.js': "require('events'); require('punycode/')",
      ...installed('events', { 'index.js': '' }),
      ...installed('punycode', { 'index.js': '' }),
    },
    kept: ['/app/main.js', ...at('punycode', 'index.js')],
  },
  {
    summary: 'exports are read by condition and pattern, with the way in that older interpreters take',
    files: {
      '/app/main.js': "require('a'); require('a/features/x'); import('a/only'); require('#own')",
      '/app/package.json': JSON.stringify({
        imports: { '#own': { browser: './no.js', default: './own.js' } },
      }),
      '/app/own.js': '',
      '/app/no.js': '',
      ...installed(
        'a',
        {
          'c.js': LARGE,
          'e.mjs': '',
          's.mjs': '',
          'f/x.js': '',
          'f/y.js': '',
          'only.mjs': '',
          'only.cjs': '',
        },
        {
          exports: {
            '.': { 'module-sync': './s.mjs', import: './e.mjs', require: './c.js' },
            './features/*': './f/*.js',
            './only': { import: './only.mjs', require: './only.cjs' },
          },
        },
      ),
    },
    kept: [
      '/app/main.js',
      '/app/package.json',
      '/app/own.js',
      ...at('a', 'c.js', 's.mjs', 'f/x.js', 'only.mjs'),
    ],
  },
  {
    summary: 'links of a store are kept, and modules looked for from the real place',
    files: {
      '/app/main.js': "require('a')",
      [`${MODULES}/a`]: { link: '.pnpm/a@1/node_modules/a' },
      ...installed('a', { 'index.js': "require('b')" }, {}, `${MODULES}/.pnpm/a@1/node_modules`),
      [`${MODULES}/.pnpm/a@1/node_modules/b`]: { link: '../../b@1/node_modules/b' },
      ...installed('b', { 'index.js': '' }, {}, `${MODULES}/.pnpm/b@1/node_modules`),
    },
    kept: [
      '/app/main.js',
      `${MODULES}/a`,
      `${MODULES}/.pnpm/a@1/node_modules/b`,
      ...['index.js', 'package.json'].flatMap((file) =>
        ['a', 'b'].map((name) => `${MODULES}/.pnpm/${name}@1/node_modules/${name}/${file}`),
      ),
    ],
  },
  {
    summary:
      'a small package is kept whole, a large one by what is reached and by its data; neither with documentation',
    files: {
      '/app/main.js': "require('small'); require('large')",
      ...installed('small', {
        'index.js': '',
        'other.js': '',
        'README.md': '',
        'test/x.js': '',
        'x.d.ts': '',
        'x.js.map': '',
      }),
      ...installed('large', { 'index.js': LARGE, 'other.js': '', 'x.wasm': '', 'docs/y.html': '' }),
    },
    kept: ['/app/main.js', ...at('small', 'index.js', 'other.js'), ...at('large', 'index.js', 'x.wasm')],
  },
  {
    summary: 'a package that loads what cannot be told is kept whole, with what it depends on',
    files: {
      '/app/main.js': "require('large')",
      ...installed(
        'large',
        { 'index.js': `${LARGE}\nmodule.exports = (name) => require(name)`, 'other.js': "require('late')" },
        {
          dependencies: { dep: '1' },
          devDependencies: { dev: '1' },
          peerDependencies: { peer: '1', absent: '1' },
        },
      ),
      ...Object.assign(
        {},
        ...['dep', 'dev', 'peer', 'late'].map((name) => installed(name, { 'index.js': '' })),
      ),
    },
    kept: [
      '/app/main.js',
      ...at('large', 'index.js', 'other.js'),
      ...at('dep', 'index.js'),
      ...at('peer', 'index.js'),
      ...at('late', 'index.js'),
    ],
  },
  {
    summary: 'a specifier of which a part is known reaches what fits',
    files: {
      '/app/main.js':
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a module
        "require('large/locale/' + x); require(`@scope/p-${process.platform}/addon.node`); require('./c/' + y)",
      '/app/c/one.js': "require('one')",
      '/app/d.js': '',
      ...installed('large', { 'index.js': LARGE, 'locale/de.js': '', 'locale/fr.js': '' }),
      ...installed('@scope/p-linux', { 'addon.node': '' }),
      ...installed('@scope/other', { 'index.js': '' }),
      ...installed('one', { 'index.js': '' }),
    },
    kept: [
      '/app/main.js',
      '/app/c/one.js',
      ...at('large', 'index.js', 'locale/de.js', 'locale/fr.js'),
      ...at('@scope/p-linux', 'addon.node'),
      ...at('one', 'index.js'),
    ],
  },
  {
    summary:
      'paths from the own directory: workers, children, data, directories; workers from the working directory',
    files: {
      '/app/main.js': `
        const path = require('path'), { fork } = require('child_process'), here = __dirname;
        new Worker(path.join(here, 'w.js')); new Worker('./jobs/x.mjs'); fork(path.resolve(here, 'child'));
        fs.readFileSync(\`\${here}/t/a.html\`); express.static(path.join(__dirname, 'public'));
        new URL('./u.wasm', import.meta.url)`,
      '/app/w.js': "require('a')",
      '/app/jobs/x.mjs': "import 'b'",
      '/app/child.js': "require('c')",
      '/app/t/a.html': '',
      '/app/t/b.html': '',
      '/app/public/s.css': '',
      '/app/u.wasm': '',
      ...Object.assign({}, ...['a', 'b', 'c'].map((name) => installed(name, { 'index.js': '' }))),
    },
    kept: [
      '/app/main.js',
      '/app/w.js',
      '/app/jobs/x.mjs',
      '/app/child.js',
      '/app/t/a.html',
      '/app/public/s.css',
      '/app/u.wasm',
      ...['a', 'b', 'c'].flatMap((name) => at(name, 'index.js')),
    ],
  },
  {
    summary:
      'a literal of the application that names an installed module: view engine, transport; not a development tool',
    files: {
      '/app/main.js':
        "app.set('view engine', 'pug'); pino({ transport: { target: '@x/pretty' } }); mode('jest')",
      '/app/package.json': '{"devDependencies":{"jest":"1"}}',
      ...installed('pug', { 'index.js': "f('unused')" }),
      ...installed('@x/pretty', { 'index.mjs': '' }, { exports: { import: './index.mjs' } }),
      ...installed('jest', { 'index.js': '' }),
      ...installed('unused', { 'index.js': '' }),
    },
    kept: ['/app/main.js', '/app/package.json', ...at('pug', 'index.js'), ...at('@x/pretty', 'index.mjs')],
  },
  {
    summary: 'native addons of this platform only',
    files: {
      '/app/main.js': "require('addon')",
      ...installed('addon', {
        'index.js': "module.exports = require('node-gyp-build')(__dirname)",
        'prebuilds/linux-x64/a.glibc.node': '',
        'prebuilds/darwin-arm64/a.node': '',
        'prebuilds/win32-x64/a.node': '',
        'build/Release/a.node': '',
        'build/Release/obj.target/a.node': '',
        'src/a.cc': '',
        'binding.gyp': '',
      }),
      ...installed('node-gyp-build', { 'index.js': 'module.exports = (x) => require(x)' }),
    },
    kept: [
      '/app/main.js',
      ...at('addon', 'index.js', 'prebuilds/linux-x64/a.glibc.node', 'build/Release/a.node'),
      ...at('node-gyp-build', 'index.js'),
    ],
  },
  {
    summary: 'modules that options and NODE_OPTIONS load, and files that they name',
    files: {
      '/app/main.js': '',
      '/app/.env': '',
      '/app/hook.mjs': '',
      ...installed('a', { 'index.js': '', 'register.js': '' }),
      ...installed('b', { 'index.js': '' }),
    },
    cmd: ['node', '-r', 'a/register', '--import', './hook.mjs', '--env-file=.env', 'main'],
    env: ['NODE_OPTIONS=--require b --max-old-space-size=100'],
    kept: [
      '/app/main.js',
      '/app/.env',
      '/app/hook.mjs',
      ...at('a', 'index.js', 'register.js'),
      ...at('b', 'index.js'),
    ],
  },
  {
    summary: 'node . runs the main of package.json',
    files: {
      '/app/package.json': '{"main":"src"}',
      '/app/src/index.js': "require('./x')",
      '/app/src/x.js': '',
    },
    cmd: ['node', '.'],
    kept: ['/app/package.json', '/app/src/index.js', '/app/src/x.js'],
  },
  {
    summary: 'code of the command line',
    files: installed('a', { 'index.js': '' }),
    cmd: ['node', '-e', "require('a')"],
    kept: at('a', 'index.js'),
  },
  {
    summary:
      'a runner loads the source that it is given, TypeScript too, and everything of the application may follow',
    files: {
      '/app/package.json': '{"dependencies":{"dep":"1"},"devDependencies":{"tsx":"1","dev":"1"}}',
      '/app/src/index.ts':
        "import type { T } from './t'; import { x } from './x.js'; const y: number = <any>x",
      '/app/src/x.ts': "export { y } from 'a'",
      ...installed(
        'tsx',
        { 'cli.mjs': "import 'esbuild'" },
        { bin: './cli.mjs', dependencies: { esbuild: '1' } },
      ),
      ...Object.assign(
        {},
        ...['a', 'dep', 'dev', 'esbuild'].map((name) => installed(name, { 'index.js': '' })),
      ),
    },
    cmd: ['node', `${MODULES}/tsx/cli.mjs`, 'src/index.ts'],
    kept: [
      '/app/package.json',
      '/app/src/index.ts',
      '/app/src/x.ts',
      ...at('tsx', 'cli.mjs'),
      ...['a', 'dep', 'esbuild'].flatMap((name) => at(name, 'index.js')),
    ],
  },
  {
    summary: "a distribution's modules are found after every node_modules",
    files: {
      '/app/main.js': "require('a'); import('b')",
      '/usr/share/nodejs/a/package.json': '{"main":"lib"}',
      '/usr/share/nodejs/a/lib.js': "require('b')",
      '/usr/share/nodejs/b.js': '',
      '/usr/share/nodejs/c/index.js': '',
    },
    kept: [
      '/app/main.js',
      '/usr/share/nodejs/a/lib.js',
      '/usr/share/nodejs/a/package.json',
      '/usr/share/nodejs/b.js',
    ],
  },
  {
    summary: "Plug'n'Play: the archives that its map names",
    files: {
      '/app/main.js': "require('a')",
      '/app/.pnp.cjs': 'const RAW = \'{ "packageLocation": "./.yarn/cache/a-npm-1.zip/node_modules/a/" }\'',
      '/app/.yarn/cache/a-npm-1.zip': 'PK',
      '/app/.yarn/cache/unused.zip': 'PK',
    },
    kept: ['/app/main.js', '/app/.pnp.cjs', '/app/.yarn/cache/a-npm-1.zip'],
  },
  {
    summary: 'minimal keeps modules one by one',
    files: {
      '/app/main.js': "require('a'); f('b')",
      ...installed('a', { 'index.js': "require('./x')", 'x.js': '', 'y.js': '', 'd.json': '' }),
      ...installed('b', { 'index.js': '' }),
    },
    level: 'minimal',
    kept: ['/app/main.js', ...at('a', 'index.js', 'x.js')],
  },
  {
    summary: 'safe keeps everything installed',
    files: { '/app/main.js': '', ...installed('a', { 'index.js': '' }) },
    level: 'safe',
    kept: ['/app/main.js', ...at('a', 'index.js')],
  },
  {
    summary: 'circles, broken manifests and sources that are no JavaScript end',
    files: {
      '/app/main.js': "require('./a'); require('broken'); var x = y + x, y = x + y; require(x)",
      '/app/a.js': "require('./main'); <div/>",
      [`${MODULES}/broken/package.json`]: '{',
      [`${MODULES}/broken/index.js`]: "require('broken/index.js",
    },
    kept: ['/app/main.js', '/app/a.js', `${MODULES}/broken/index.js`, `${MODULES}/broken/package.json`],
  },
];

function detectors(): ReturnType<typeof nodeDetector>[] {
  return [...scriptDetectors(), nodeDetector(new ElfFacts(new ElfStore()))];
}

function filesOf(paths: readonly string[], files: Readonly<Record<string, MemoryFile>>): string[] {
  return paths.filter((path) => files[path] !== undefined && BASE[path] === undefined);
}

describe('nodeDetector', () => {
  it.each(CASES)(
    '$summary',
    async ({ files, cmd = ['node', '/app/main.js'], env = [], level = 'default', kept }) => {
      const config = { Cmd: [...cmd], Env: ['PATH=/usr/local/bin', ...env], WorkingDir: '/app' };
      const { paths } = await traceOf(memoryRootfs({ ...BASE, ...files }), config, detectors(), { level });
      expect(filesOf(paths, files)).toEqual([...kept].sort());
    },
  );

  it('reads nothing of the host, though the same paths are there', async () => {
    const app = temporaryDirectory();
    const host = {
      'main.js':
        "require('./host.js'); require('dep'); require(require('resolve-from')(__dirname, './host.js'))",
      'host.js': '',
      'sharp/lib/index.js': '',
      'node_modules/dep/package.json': '{"main":"host.js"}',
      'node_modules/dep/host.js': '',
      'node_modules/dep/index.js': '',
      'node_modules/dep/addon.node': '',
    };
    for (const [name, text] of Object.entries(host)) {
      mkdirSync(dirname(join(app, name)), { recursive: true });
      writeFileSync(join(app, name), text);
    }
    const files = {
      [`${app}/main.js`]: "require('./image.js'); require('./host.js'); require('dep')",
      [`${app}/image.js`]: '',
      [`${app}/node_modules/dep/index.js`]: '',
    };
    const config = { Cmd: ['node', `${app}/main.js`], Env: ['PATH=/usr/local/bin'] };
    const { paths } = await traceOf(memoryRootfs({ ...BASE, ...files }), config, detectors());
    expect(paths.filter((path) => path.startsWith(`${app}/`) && /\.\w+$/.test(path))).toEqual(
      Object.keys(files).sort(),
    );
  });

  it.each([
    {
      summary: 'a shell for exec',
      code: "const { execSync } = require('child_process'); execSync('ls ' + x)",
      kept: ['/bin/sh'],
    },
    {
      summary: 'spawn alone',
      code: "import { spawn as s } from 'node:child_process'; s('convert', [a])",
      kept: ['/usr/bin/convert'],
    },
    {
      summary: 'execa',
      code: "import { execa } from 'execa'; await execa('convert', [])",
      kept: ['/usr/bin/convert'],
    },
    {
      summary: 'promisify',
      code: "const cp = require('child_process'), e = util.promisify(cp.exec); e('x')",
      kept: ['/bin/sh'],
    },
    {
      summary: 'a name that cannot be told',
      code: "require('child_process').spawn(tool); f('convert')",
      kept: ['/usr/bin/convert'],
    },
    { summary: 'no function of its own', code: "/x/.exec('ls'); spawn('convert')", kept: [] },
  ])('runs what the application starts: $summary', async ({ code, kept }) => {
    const rootfs = memoryRootfs({
      ...BASE,
      '/usr/bin/convert': ELF,
      '/usr/bin/other': ELF,
      '/app/main.js': code,
    });
    const config = { Cmd: ['node', '/app/main.js'], Env: ['PATH=/usr/local/bin:/usr/bin:/bin'] };
    const { paths } = await traceOf(rootfs, config, detectors());
    expect(paths.filter((path) => /^\/(?:usr\/)?bin\/./.test(path))).toEqual(kept);
  });

  it('widens to what an application depends on, and says so, where it loads what cannot be told', async () => {
    const files = {
      '/app/package.json': '{"dependencies":{"a":"1"},"devDependencies":{"b":"1"}}',
      '/app/main.js': 'require(process.argv[2])',
      '/app/other.js': "require('c')",
      ...Object.assign({}, ...['a', 'b', 'c'].map((name) => installed(name, { 'index.js': '' }))),
    };
    const config = { Cmd: ['node', '/app/main.js'], Env: ['PATH=/usr/local/bin'] };
    const { paths, warnings } = await traceOf(memoryRootfs({ ...BASE, ...files }), config, detectors());
    expect(paths).toEqual(
      expect.arrayContaining(['/app/other.js', ...at('a', 'index.js'), ...at('c', 'index.js')]),
    );
    expect(paths).not.toContain(`${MODULES}/b/index.js`);
    expect(warnings.map(({ code }) => code)).toEqual(['WIDENED']);
  });

  it.each([
    { summary: 'a program of Node.js runs: only what it loads', cmd: ['node', '/app/main.js'], kept: false },
    { summary: 'none runs: whoever serves them needs them', cmd: ['/app/server'], kept: true },
  ])('keeps modules of an application where $summary', async ({ cmd, kept }) => {
    const files = {
      '/app/main.js': '',
      '/app/server': { content: ELF, mode: 0o755 },
      ...installed('a', { 'x.css': '' }),
    };
    const config = { Cmd: cmd, Env: ['PATH=/usr/local/bin'], WorkingDir: '/app' };
    const { paths } = await traceOf(memoryRootfs({ ...BASE, ...files }), config, [...detectors(), unowned]);
    expect(paths.includes(`${MODULES}/a/x.css`)).toBe(kept);
  });
});
