import { deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openPackages } from '../packages/package-index.ts';
import type { Inode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import { elfWithSections } from '../testing/elf-sections.ts';
import { type MemoryFile, memoryRootfs } from '../testing/memory-rootfs.ts';
import { Warnings } from '../warnings.ts';
import { findComponents } from './find-components.ts';

const text = (value: string) => new TextEncoder().encode(value);

/** Finds what the paths that `isKept` takes come to, as `purl files`. */
async function found(
  files: Readonly<Record<string, MemoryFile>>,
  isKept: (path: string) => boolean = () => true,
) {
  const rootfs = memoryRootfs(files);
  const packages = await openPackages(rootfs, new Warnings());
  const kept = new Map<RootPath, Inode>();
  for (const [path, inode] of rootfs.walk())
    if (inode.type !== 'directory' && isKept(path)) kept.set(path, inode);
  return findComponents({ rootfs, packages, kept }).components.map(
    ({ purl, files: own }) => `${purl} ${own.join(' ')}`,
  );
}

const DEBIAN = {
  '/etc/os-release': 'PRETTY_NAME="Debian \\"12\\""\nID=debian\nVERSION_ID="12"\n',
  '/var/lib/dpkg/status': [
    ['libstdc++6', 'amd64', '12.2.0-14+deb12u1', 'Source: gcc-12\n'],
    ['tool', 'all', '1:2~rc1', 'Source: tool-src (2)\n'],
    ['gone', 'amd64', '1', ''],
  ]
    .map(
      ([name, arch, version, more]) =>
        `Package: ${name}\nStatus: install ok installed\nArchitecture: ${arch}\n${more}Version: ${version}\n`,
    )
    .join('\n'),
  '/var/lib/dpkg/info/libstdc++6:amd64.list':
    '/usr/lib/libstdc++.so.6\n/usr/share/doc/libstdc++6/copyright\n',
  '/var/lib/dpkg/info/tool.list': '/usr/bin/tool\n/usr/lib/node_modules/debian-module/package.json\n',
  '/var/lib/dpkg/info/gone.list': '/usr/bin/gone\n/usr/share/doc/gone/copyright\n',
  '/usr/lib/libstdc++.so.6': 'x',
  '/usr/share/doc/libstdc++6/copyright': 'x',
  '/usr/share/doc/gone/copyright': 'x',
  '/usr/bin/tool': 'x',
  '/usr/bin/gone': 'x',
};

describe('packages of a distribution', () => {
  it('are there with their version as soon as one library is kept, and not for documentation', async () => {
    expect(
      await found(DEBIAN, (path) => !path.startsWith('/usr/bin/gone') && !path.startsWith('/var')),
    ).toEqual([
      'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12&upstream=gcc-12 /usr/lib/libstdc++.so.6 /usr/share/doc/libstdc++6/copyright',
      'pkg:deb/debian/tool@1:2~rc1?arch=all&distro=debian-12&upstream=tool-src%402 /usr/bin/tool',
    ]);
  });

  it('of Alpine are apk', async () => {
    const files = {
      '/etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
      '/lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nA:x86_64\no:musl\nF:lib\nR:ld-musl-x86_64.so.1\n\n',
      '/lib/ld-musl-x86_64.so.1': 'x',
    };
    expect(await found(files)).toEqual([
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1 /lib/ld-musl-x86_64.so.1',
    ]);
  });
});

describe('packages of languages', () => {
  const rows: readonly {
    readonly summary: string;
    readonly files: Readonly<Record<string, MemoryFile>>;
    readonly isKept?: (path: string) => boolean;
    readonly expected: readonly string[];
  }[] = [
    {
      summary: 'npm: by package.json, scoped and nested, also where that is removed',
      files: {
        '/app/node_modules/express/package.json': '{"name":"express","version":"4.18.2"}',
        '/app/node_modules/express/lib/index.js': 'x',
        '/app/node_modules/express/node_modules/@Scope/In/package.json':
          '{"name":"@Scope/In","version":"1.0.0-rc.1+b"}',
        '/app/node_modules/express/node_modules/@Scope/In/a.js': 'x',
        '/app/node_modules/unused/package.json': '{"name":"unused","version":"1.0.0"}',
        '/app/node_modules/broken/package.json': '{',
        '/app/node_modules/broken/a.js': 'x',
        '/app/node_modules/.bin/tool': 'x',
      },
      isKept: (path) => !path.endsWith('package.json'),
      expected: [
        'pkg:npm/%40scope/in@1.0.0-rc.1%2Bb /app/node_modules/express/node_modules/@Scope/In/a.js',
        'pkg:npm/express@4.18.2 /app/node_modules/express/lib/index.js',
      ],
    },
    {
      summary: 'npm: not what a package of the distribution brings',
      files: {
        ...DEBIAN,
        '/usr/lib/node_modules/debian-module/package.json': '{"name":"debian-module","version":"1.0.0"}',
      },
      isKept: (path) => path.includes('node_modules'),
      expected: [
        'pkg:deb/debian/tool@1:2~rc1?arch=all&distro=debian-12&upstream=tool-src%402 /usr/lib/node_modules/debian-module/package.json',
      ],
    },
    {
      summary: 'Python: by dist-info and its RECORD, by egg-info and its top level',
      files: {
        '/usr/local/lib/python3.11/site-packages/Foo_Bar-1.2.dist-info/METADATA':
          'Metadata-Version: 2.1\nName: Foo_Bar\nVersion: 1.2\n\nName: other\n',
        '/usr/local/lib/python3.11/site-packages/Foo_Bar-1.2.dist-info/RECORD':
          'foo/a.py,sha256=x,1\n"foo/b,c.py",,\n../../../bin/foo,,\nfoo/gone.py,,\n',
        '/usr/local/lib/python3.11/site-packages/foo/a.py': 'x',
        '/usr/local/lib/python3.11/site-packages/foo/b,c.py': 'x',
        '/usr/local/bin/foo': 'x',
        '/usr/local/lib/python3.11/site-packages/old-0.1.egg-info': 'Name: old\nVersion: 0.1\n',
        '/usr/local/lib/python3.11/site-packages/old.cpython-311-x86_64-linux-gnu.so': 'x',
        '/usr/local/lib/python3.11/site-packages/unused-3.dist-info/METADATA': 'Name: unused\nVersion: 3\n',
        '/usr/local/lib/python3.11/site-packages/unused-3.dist-info/RECORD': 'unused.py,,\n',
      },
      isKept: (path) => !path.includes('info'),
      expected: [
        'pkg:pypi/foo-bar@1.2 /usr/local/bin/foo /usr/local/lib/python3.11/site-packages/foo/a.py /usr/local/lib/python3.11/site-packages/foo/b,c.py',
        'pkg:pypi/old@0.1 /usr/local/lib/python3.11/site-packages/old.cpython-311-x86_64-linux-gnu.so',
      ],
    },
    {
      summary: 'Ruby: by the specification beside gems/',
      files: {
        '/usr/local/bundle/specifications/nokogiri-1.15.4-x86_64-linux.gemspec':
          'Gem::Specification.new do |s|\n  s.name = "nokogiri".freeze\n  s.version = "1.15.4"\n  s.platform = "x86_64-linux".freeze\nend\n',
        '/usr/local/bundle/gems/nokogiri-1.15.4-x86_64-linux/lib/nokogiri.rb': 'x',
        '/usr/local/bundle/gems/unspecified-1/lib/x.rb': 'x',
      },
      expected: [
        'pkg:gem/nokogiri@1.15.4?platform=x86_64-linux /usr/local/bundle/gems/nokogiri-1.15.4-x86_64-linux/lib/nokogiri.rb',
      ],
    },
    {
      summary: 'Java: by pom.properties, the manifest or the name, in jars of jars too',
      files: {
        '/app/app.jar': zipSync({
          'META-INF/maven/org.example/app/pom.properties': text(
            '#x\ngroupId=org.example\nartifactId=app\nversion=1.0\n',
          ),
          'BOOT-INF/lib/guava-31.1-jre.jar': zipSync({
            'META-INF/MANIFEST.MF': text('Manifest-Version: 1.0\r\nBundle-Version: 31.1.0.jre\r\n'),
          }),
          'BOOT-INF/lib/plain-2.3.jar': zipSync({ 'a.class': text('x') }),
        }),
        '/app/broken-1.jar': 'not a zip',
      },
      expected: [
        'pkg:maven/guava@31.1.0.jre /app/app.jar',
        'pkg:maven/org.example/app@1.0 /app/app.jar',
        'pkg:maven/plain@2.3 /app/app.jar',
      ],
    },
    {
      summary: 'PHP: by installed.json of Composer 2',
      files: {
        '/app/vendor/composer/installed.json': JSON.stringify({
          packages: [
            { name: 'monolog/monolog', version: '3.4.0', 'install-path': '../monolog/monolog' },
            { name: 'psr/log', version: '3.0.0', 'install-path': '../psr/log' },
          ],
        }),
        '/app/vendor/monolog/monolog/src/Logger.php': 'x',
      },
      expected: ['pkg:composer/monolog/monolog@3.4.0 /app/vendor/monolog/monolog/src/Logger.php'],
    },
    {
      summary: 'Go: by the build information of the program, replacements for what they replace',
      files: {
        '/app/go': elfWithSections({
          '.go.buildinfo': goBuildInfo(
            'go1.22.3',
            'path\tx\nmod\texample.com/Me\t(devel)\t\ndep\tgithub.com/Foo/bar\tv1.2.3\th1:x\ndep\told.example/y\tv1\th1:x\n=>\tnew.example/y\tv2\th1:z\n',
          ),
        }),
      },
      expected: [
        'pkg:golang/github.com/foo/bar@v1.2.3 /app/go',
        'pkg:golang/new.example/y@v2 /app/go',
        'pkg:golang/stdlib@1.22.3 /app/go',
      ],
    },
    {
      summary: 'Rust: by what cargo-auditable wrote, build dependencies apart',
      files: {
        '/app/rust': elfWithSections({
          '.dep-v0': deflateSync(
            Buffer.from(
              '{"packages":[{"name":"serde","version":"1.0.1","source":"crates.io"},{"name":"cc","version":"1","kind":"build"}]}',
            ),
          ),
        }),
        '/app/liar': elfWithSections({ '.dep-v0': text('no zlib') }),
      },
      expected: ['pkg:cargo/serde@1.0.1 /app/rust'],
    },
  ];
  it.each(rows)('$summary', async ({ files, isKept, expected }) => {
    expect(await found(files, isKept)).toEqual(expected);
  });
});

/** As cmd/link writes it since Go 1.18. */
function goBuildInfo(version: string, modules: string): Uint8Array {
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header[14] = 8;
  header[15] = 2;
  const string = (value: string) => {
    const bytes = Buffer.from(value, 'latin1');
    const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
    return Buffer.concat([Buffer.from(length), bytes]);
  };
  return Buffer.concat([header, string(version), string(`${'0'.repeat(16)}${modules}${'1'.repeat(16)}`)]);
}
