import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { buildClass, type ClassSpec } from '../../testing/class-builder.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Level } from '../trace.ts';
import { claimsJava, javaDetector } from './java.ts';

const HOME = '/opt/java';

/** A runtime of the present layout; each file stands for its kind. */
const RUNTIME: Readonly<Record<string, MemoryFile>> = {
  '/usr/bin/java': { link: '/opt/java/bin/java' },
  [`${HOME}/bin/java`]: 'ELF',
  [`${HOME}/bin/javac`]: 'ELF',
  [`${HOME}/bin/keytool`]: 'ELF',
  [`${HOME}/conf/net.properties`]: '',
  [`${HOME}/legal/java.base/LICENSE`]: '',
  [`${HOME}/jmods/java.base.jmod`]: '',
  [`${HOME}/lib/modules`]: 'jimage',
  [`${HOME}/lib/jvm.cfg`]: { link: '/etc/java/jvm.cfg' },
  [`${HOME}/lib/security`]: { link: '/etc/java/security' },
  '/etc/java/jvm.cfg': '-server KNOWN',
  '/etc/java/security/cacerts': 'certificates',
  [`${HOME}/lib/libjava.so`]: 'so',
  [`${HOME}/lib/libawt.so`]: 'so',
  [`${HOME}/lib/libawt_xawt.so`]: 'so',
  [`${HOME}/lib/libjsound.so`]: 'so',
  [`${HOME}/lib/libjdwp.so`]: 'so',
  [`${HOME}/lib/ct.sym`]: '',
  [`${HOME}/lib/src.zip`]: '',
  [`${HOME}/lib/server/libjvm.so`]: 'so',
  [`${HOME}/lib/server/classes.jsa`]: '',
  [`${HOME}/lib/server/classes_nocoops.jsa`]: '',
  '/usr/share/fonts/a.ttf': 'font',
};

/** Kept of it whatever the program is. */
const ALWAYS = [
  `${HOME}/bin/java`,
  `${HOME}/conf/net.properties`,
  `${HOME}/lib/modules`,
  `${HOME}/lib/jvm.cfg`,
  `${HOME}/lib/security`,
  '/etc/java/jvm.cfg',
  '/etc/java/security/cacerts',
  `${HOME}/lib/libjava.so`,
  `${HOME}/lib/server/libjvm.so`,
  `${HOME}/lib/server/classes.jsa`,
  '/usr/bin/java',
];

interface JarSpec {
  readonly manifest?: string;
  readonly classes?: readonly ClassSpec[];
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
}

function jar({ manifest = '', classes = [], files = {} }: JarSpec = {}): Uint8Array {
  const members: Record<string, Uint8Array> = {
    'META-INF/MANIFEST.MF': new TextEncoder().encode(`Manifest-Version: 1.0\n${manifest}\n`),
  };
  for (const spec of classes) members[`${spec.name}.class`] = buildClass(spec);
  for (const [name, file] of Object.entries(files))
    members[name] = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  return zipSync(members, { level: 0 });
}

/** An archive whose main class, of a package of its own, is this. */
function program(spec: Omit<ClassSpec, 'name'>, more: JarSpec = {}): Uint8Array {
  return jar({
    ...more,
    manifest: 'Main-Class: org.example.Main',
    classes: [{ ...spec, name: 'org/example/Main' }],
  });
}

interface Case {
  readonly summary: string;
  readonly files: Readonly<Record<string, MemoryFile>>;
  readonly cmd: readonly string[];
  readonly env?: readonly string[];
  readonly cwd?: string;
  readonly level?: Level;
  /** Files beyond ALWAYS. */
  readonly kept: readonly string[];
}

const CLASS_PATHS: readonly Case[] = [
  {
    summary: 'an archive, with what its manifest names from where the archive really is',
    files: {
      '/app/app.jar': { link: 'v1/app.jar' },
      '/app/v1/app.jar': jar({ manifest: 'Class-Path: ../lib/a.jar ../lib/none.jar\nMain-Class: Main' }),
      '/app/lib/a.jar': jar({ manifest: 'Class-Path: b.jar' }),
      '/app/lib/b.jar': jar(),
      '/app/lib/c.jar': jar(),
    },
    cmd: ['java', '-jar', '/app/app.jar'],
    kept: ['/app/app.jar', '/app/lib/a.jar', '/app/lib/b.jar', '/app/v1/app.jar'],
  },
  {
    summary: 'archives, a wildcard and a directory of classes, which is kept without sources',
    files: {
      '/app/a.jar': jar(),
      '/app/lib/b.jar': jar(),
      '/app/lib/note.txt': '',
      '/app/classes/org/Main.class': buildClass({ name: 'org/Main' }),
      '/app/classes/org/Main.java': 'class Main {}',
      '/app/classes/app.properties': '',
    },
    cmd: ['java', '-Xmx64m', '-cp', '/app/a.jar:/app/lib/*:classes', 'org.Main'],
    cwd: '/app',
    kept: ['/app/a.jar', '/app/classes/app.properties', '/app/classes/org/Main.class', '/app/lib/b.jar'],
  },
  {
    summary: 'the working directory without any class path, of the root its classes alone',
    files: { '/Main.class': buildClass({ name: 'Main' }), '/note.txt': '' },
    cmd: ['java', 'Main'],
    kept: ['/Main.class'],
  },
  {
    summary: 'CLASSPATH, JDK_JAVA_OPTIONS and an argument file',
    files: {
      '/app/options': '-Dx=y # heap\n"-Xmx1g"\n@/app/none\n',
      '/app/a.jar': jar(),
      '/app/agent.jar': jar({ manifest: 'Boot-Class-Path: boot.jar' }),
      '/app/boot.jar': jar(),
    },
    cmd: ['java', '@/app/options', 'org.Main'],
    env: ['CLASSPATH=/app/a.jar', 'JDK_JAVA_OPTIONS=-javaagent:/app/agent.jar=port=1'],
    kept: ['/app/a.jar', '/app/agent.jar', '/app/boot.jar'],
  },
  {
    summary: 'the modules of a module path',
    files: { '/app/mods/a.jar': jar(), '/app/mods/b/module-info.class': buildClass({ name: 'module-info' }) },
    cmd: ['java', '-p', '/app/mods', '-m', 'a/org.Main'],
    kept: ['/app/mods/a.jar', '/app/mods/b/module-info.class'],
  },
  {
    summary:
      "the home of a server that a property names, links of directories followed, and a property's file",
    files: {
      '/srv/tc/bin/boot.jar': jar(),
      '/srv/tc/conf': { link: '/etc/tc' },
      '/srv/tc/lib/x.jar': { link: '../../java/x.jar' },
      '/srv/java/x.jar': jar(),
      '/etc/tc/server.xml': '<Server/>',
      '/etc/log.properties': '',
      '/tmp/leftover': '',
    },
    cmd: [
      'java',
      '-Dcatalina.home=/srv/tc',
      '-Dlog.config=file:/etc/log.properties',
      '-Djava.io.tmpdir=/tmp',
      '-cp',
      '/srv/tc/bin/boot.jar',
      'org.Boot',
    ],
    kept: [
      '/etc/log.properties',
      '/etc/tc/server.xml',
      '/srv/java/x.jar',
      '/srv/tc/bin/boot.jar',
      '/srv/tc/conf',
      '/srv/tc/lib/x.jar',
    ],
  },
];

const USES: readonly Case[] = [
  {
    summary: 'a class of the desktop in a library inside of the archive brings its library and fonts',
    files: {
      '/app/app.jar': jar({
        files: { 'BOOT-INF/lib/x.jar': jar({ classes: [{ name: 'x/X', classes: ['java/awt/Font'] }] }) },
      }),
    },
    cmd: ['java', '-jar', '/app/app.jar'],
    kept: ['/app/app.jar', `${HOME}/lib/libawt.so`, '/usr/share/fonts/a.ttf'],
  },
  {
    summary: 'a window needs a display, unless the program is told that there is none',
    files: { '/app/app.jar': program({ classes: ['javax/swing/JFrame'] }) },
    cmd: ['java', '-jar', '/app/app.jar'],
    kept: ['/app/app.jar', `${HOME}/lib/libawt.so`, `${HOME}/lib/libawt_xawt.so`, '/usr/share/fonts/a.ttf'],
  },
  {
    summary: 'a headless program has no windows',
    files: { '/app/app.jar': program({ classes: ['javax/swing/JFrame'] }) },
    cmd: ['java', '-Djava.awt.headless=true', '-jar', '/app/app.jar'],
    kept: ['/app/app.jar', `${HOME}/lib/libawt.so`, '/usr/share/fonts/a.ttf'],
  },
  {
    summary: 'options in the environment bring the debugger and the other archive of shared classes',
    files: { '/app/app.jar': program({}) },
    cmd: ['java', '-jar', '/app/app.jar'],
    env: ['JAVA_TOOL_OPTIONS=-agentlib:jdwp=transport=dt_socket,server=y -XX:+UseZGC'],
    kept: ['/app/app.jar', `${HOME}/lib/libjdwp.so`, `${HOME}/lib/server/classes_nocoops.jsa`],
  },
  {
    summary: 'a tool of the runtime is a Java program: the compiler reads its symbols',
    files: {},
    cmd: [`${HOME}/bin/javac`, '-version'],
    kept: [`${HOME}/bin/javac`, `${HOME}/lib/ct.sym`],
  },
  {
    summary: 'level safe keeps the libraries of all uses',
    files: { '/app/app.jar': program({}) },
    cmd: ['java', '-jar', '/app/app.jar'],
    level: 'safe',
    kept: [
      '/app/app.jar',
      `${HOME}/lib/libawt.so`,
      `${HOME}/lib/libawt_xawt.so`,
      `${HOME}/lib/libjsound.so`,
      `${HOME}/lib/server/classes_nocoops.jsa`,
    ],
  },
];

const TOOLS = {
  '/usr/bin/convert': 'ELF',
  '/usr/bin/sh': 'ELF',
  '/usr/bin/date': 'ELF',
  '/bin': { link: 'usr/bin' },
};

const CODE: readonly Case[] = [
  {
    summary: 'paths that classes and their resources spell, files and directories of no package',
    files: {
      '/app/app.jar': program(
        { strings: ['/srv/data/words.txt', '/srv/none', '/srv'], texts: ['file:/srv/note.txt'] },
        { files: { 'application.yml': 'store: /srv/keys/key.p12\n', 'META-INF/maven/pom.xml': '/srv/pom' } },
      ),
      '/srv/data/words.txt': '',
      '/srv/note.txt': '',
      '/srv/keys/key.p12': '',
      '/srv/pom': '',
      '/srv/other': '',
    },
    cmd: ['java', '-jar', '/app/app.jar'],
    kept: ['/app/app.jar', '/srv/data/words.txt', '/srv/keys/key.p12', '/srv/note.txt'],
  },
  {
    summary: 'commands of a class that starts programs, and none of a class that does not',
    files: {
      ...TOOLS,
      '/app/app.jar': program({ strings: ['date'], classes: ['org/example/Run'] }),
      '/app/lib/run.jar': jar({
        classes: [
          {
            name: 'org/example/Run',
            strings: ['convert', '-size'],
            methods: ['java/lang/ProcessBuilder.<init>'],
          },
        ],
      }),
    },
    cmd: ['java', '-cp', '/app/app.jar:/app/lib/*', 'org.example.Main'],
    kept: ['/app/app.jar', '/app/lib/run.jar', '/usr/bin/convert'],
  },
  {
    summary: 'a command line that Runtime.exec splits',
    files: { ...TOOLS, '/app/a.jar': program({ strings: ['date -u'], methods: ['java/lang/Runtime.exec'] }) },
    cmd: ['java', '-jar', '/app/a.jar'],
    kept: ['/app/a.jar', '/usr/bin/date'],
  },
  {
    summary: 'of the commands that a library spells, tools by their path and no shell',
    files: {
      ...TOOLS,
      '/app/app.jar': program({}),
      '/app/lib/l.jar': jar({
        classes: [
          {
            name: 'net/lib/Run',
            strings: ['date', '/bin/sh', '/usr/bin/convert'],
            methods: ['java/lang/ProcessBuilder.<init>'],
          },
        ],
      }),
    },
    cmd: ['java', '-cp', '/app/app.jar:/app/lib/l.jar', 'org.example.Main'],
    kept: ['/app/app.jar', '/app/lib/l.jar', '/usr/bin/convert'],
  },
  {
    summary: 'a library of System.loadLibrary, from the directory of the property first',
    files: {
      '/app/app.jar': program({ strings: ['hello'], methods: ['java/lang/System.loadLibrary'] }),
      '/app/native/libhello.so': 'so',
      '/usr/lib/jni/libhello.so': 'so',
      '/usr/lib/jni/libother.so': 'so',
    },
    cmd: ['java', '-Djava.library.path=/app/native', '-jar', '/app/app.jar'],
    kept: ['/app/app.jar', '/app/native/libhello.so'],
  },
  {
    summary: 'a program that is compiled when it runs',
    files: {
      ...TOOLS,
      '/app/X.java': 'new ProcessBuilder("date"); var f = "/srv/note"; javax.sound.midi.X x;',
      '/srv/note': '',
    },
    cmd: ['java', '/app/X.java'],
    kept: [`${HOME}/lib/libjsound.so`, '/app/X.java', '/srv/note', '/usr/bin/date'],
  },
  {
    summary: 'an executable archive, behind its start script',
    files: { '/app/app.jar': Uint8Array.from([...new TextEncoder().encode('#!/bin/sh\n'), ...program({})]) },
    cmd: ['/app/app.jar'],
    kept: ['/app/app.jar'],
  },
];

async function keptBy({ files, cmd, env = [], cwd = '/', level = 'default' }: Case): Promise<string[]> {
  const rootfs = memoryRootfs({ ...RUNTIME, ...files });
  const config = { Cmd: [...cmd], Env: ['PATH=/usr/bin', ...env], WorkingDir: cwd };
  const { paths } = await traceOf(rootfs, config, [javaDetector()], { level });
  return paths.filter((path) => rootfs.lookup(path as never)?.type !== 'directory');
}

describe.each([
  { title: 'the class path of a Java program', cases: CLASS_PATHS },
  { title: 'a Java runtime', cases: USES },
  { title: 'the code of a Java program', cases: CODE },
])('$title', ({ cases }) => {
  it.each(cases)('$summary', async (row) => {
    const started = row.cmd[0] === 'java' || row.cmd[0] === '/app/app.jar';
    const always = ALWAYS.filter((path) => started || !/\/bin\/java$/.test(path));
    expect(await keptBy(row)).toEqual([...always, ...row.kept].sort());
  });
});

describe('what cannot be told of a Java program', () => {
  it('is said of a class of its own that starts what it does not spell', async () => {
    const files = { '/app/a.jar': program({ methods: ['java/lang/ProcessBuilder.<init>'] }) };
    const rootfs = memoryRootfs({ ...RUNTIME, ...files });
    const { warnings } = await traceOf(rootfs, { Cmd: ['java', '-jar', '/app/a.jar'] }, [javaDetector()]);
    expect(warnings).toEqual([
      { code: 'UNFOLLOWED', message: 'cannot tell what class org.example.Main starts', path: '/app/a.jar' },
    ]);
  });
});

describe('claimsJava', () => {
  it.each([
    { source: 'openjdk-17', claimed: true },
    { source: 'openjdk21', claimed: true },
    { source: 'java-17-openjdk', claimed: true },
    { source: 'temurin-21-jre', claimed: true },
    { source: 'tomcat10', claimed: false },
    { source: 'java-common', claimed: false },
  ])('$source: $claimed', ({ source, claimed }) => {
    expect(claimsJava({ source })).toBe(claimed);
  });
});
