import { describe, expect, it } from 'vitest';
import { rootPath } from '../../rootfs/root-path.ts';
import type { Word } from '../detector.ts';
import { interpreterCall } from './interpreter-call.ts';

/** `?` stands for a word that reading cannot tell. */
function call(line: readonly string[], program = `/usr/bin/${line[0]}`) {
  const argv: Word[] = line.map((word) => (word === '?' ? undefined : word));
  return interpreterCall({ program: rootPath(program), invokedAs: rootPath(`/usr/bin/${line[0]}`), argv });
}

const ROWS: { summary: string; argv: string[]; expected: [string, string, Word, string[]] }[] = [
  {
    summary: 'a script and its arguments',
    argv: ['sh', 'a.sh', '-x', 'b'],
    expected: ['shell', 'file', 'a.sh', ['-x', 'b']],
  },
  {
    summary: 'shell code after other options',
    argv: ['sh', '-c', '-e', 'a; b', 'name', 'x'],
    expected: ['shell', 'code', 'a; b', ['name', 'x']],
  },
  { summary: 'a cluster with -c', argv: ['bash', '-lc', 'a'], expected: ['shell', 'code', 'a', []] },
  {
    summary: '-o in a cluster takes the next word',
    argv: ['bash', '-eo', 'pipefail', '-c', 'a'],
    expected: ['shell', 'code', 'a', []],
  },
  {
    summary: 'bash with an rcfile',
    argv: ['bash', '--rcfile', '/x', 'run'],
    expected: ['shell', 'file', 'run', []],
  },
  { summary: 'a shell alone reads its input', argv: ['dash'], expected: ['shell', 'stdin', undefined, []] },
  { summary: 'sh -s has arguments', argv: ['sh', '-s', 'a'], expected: ['shell', 'stdin', undefined, ['a']] },
  {
    summary: 'an applet of busybox',
    argv: ['busybox', 'sh', '-c', 'x'],
    expected: ['shell', 'code', 'x', []],
  },
  {
    summary: 'a python module ends the options',
    argv: ['python3', '-u', '-m', 'http.server', '-b', 'x'],
    expected: ['python', 'module', 'http.server', ['-b', 'x']],
  },
  {
    summary: 'a module glued in a cluster',
    argv: ['python3.11', '-um', 'app'],
    expected: ['python', 'module', 'app', []],
  },
  {
    summary: 'python code',
    argv: ['python3', '-Wignore', '-c', 'import x', 'y'],
    expected: ['python', 'code', 'import x', ['y']],
  },
  {
    summary: 'a python script behind -X',
    argv: ['python', '-X', 'utf8', 'app.py', '-m'],
    expected: ['python', 'file', 'app.py', ['-m']],
  },
  {
    summary: 'python on standard input',
    argv: ['python3', '-', 'x'],
    expected: ['python', 'stdin', undefined, ['x']],
  },
  {
    summary: 'node with a required module',
    argv: ['node', '--require', './i.js', '--max-old-space-size=200', 'server.js', 'a'],
    expected: ['node', 'file', 'server.js', ['a']],
  },
  { summary: 'node code', argv: ['nodejs', '-e', '1', 'x'], expected: ['node', 'code', '1', ['x']] },
  { summary: 'node --eval=', argv: ['node', '--eval=2'], expected: ['node', 'code', '2', []] },
  {
    summary: 'perl with glued options',
    argv: ['perl', '-Ilib', '-MFoo=bar', '-we', 'f()', 'x'],
    expected: ['perl', 'code', 'f()', ['x']],
  },
  {
    summary: 'several -e of perl',
    argv: ['perl', '-ne', 'a', '-e', 'b'],
    expected: ['perl', 'code', 'a\nb', []],
  },
  {
    summary: 'ruby with a library',
    argv: ['ruby', '-rset', '-W0', '-I', 'lib', 'a.rb'],
    expected: ['ruby', 'file', 'a.rb', []],
  },
  {
    summary: 'the built-in web server of php',
    argv: ['php', '-S', '0:80', '-t', 'public', 'router.php'],
    expected: ['php', 'file', 'router.php', []],
  },
  {
    summary: 'php code',
    argv: ['php8.2', '-d', 'x=1', '-r', 'echo 1;'],
    expected: ['php', 'code', 'echo 1;', []],
  },
  {
    summary: 'a jar',
    argv: ['java', '-Xmx1g', '-cp', 'a:b', '-jar', 'x.jar', '-jar'],
    expected: ['java', 'jar', 'x.jar', ['-jar']],
  },
  {
    summary: 'a main class',
    argv: ['java', '-Da=b', '--class-path=x', 'org.Main', '1'],
    expected: ['java', 'class', 'org.Main', ['1']],
  },
  {
    summary: 'a module of java',
    argv: ['java', '-p', 'mods', '-m', 'a/b.C'],
    expected: ['java', 'module', 'a/b.C', []],
  },
  { summary: 'java source-file mode', argv: ['java', 'A.java'], expected: ['java', 'file', 'A.java', []] },
  {
    summary: 'awk code',
    argv: ['gawk', '-F', ':', '{print $1}', '/etc/passwd'],
    expected: ['awk', 'code', '{print $1}', ['/etc/passwd']],
  },
  {
    summary: 'awk with a file',
    argv: ['awk', '-v', 'a=1', '-f', 'x.awk', 'in'],
    expected: ['awk', 'file', 'x.awk', ['in']],
  },
  {
    summary: 'sed with a file',
    argv: ['sed', '-n', '-f', 'x.sed', 'in'],
    expected: ['sed', 'file', 'x.sed', ['in']],
  },
  {
    summary: 'sed -i does not take the next word',
    argv: ['sed', '-i', 's/a/b/', '/etc/x'],
    expected: ['sed', 'code', 's/a/b/', ['/etc/x']],
  },
  { summary: 'a makefile', argv: ['make', '-f', 'x.mk', 'all'], expected: ['make', 'file', 'x.mk', ['all']] },
  {
    summary: 'dotnet exec',
    argv: ['dotnet', 'exec', '--depsfile', 'd', 'app.dll'],
    expected: ['dotnet', 'file', 'app.dll', []],
  },
  {
    summary: 'an operand that reading cannot tell',
    argv: ['python3', '?', 'x'],
    expected: ['python', 'file', undefined, ['x']],
  },
  { summary: 'only a question', argv: ['perl', '--version'], expected: ['perl', 'none', undefined, []] },
  {
    summary: 'after -- all is operand',
    argv: ['ruby', '--', '-x.rb'],
    expected: ['ruby', 'file', '-x.rb', []],
  },
];

describe('interpreterCall', () => {
  it.each(ROWS)('$summary', ({ argv, expected }) => {
    const found = call(argv);
    expect([found?.language, found?.kind, found?.value, found?.args]).toEqual(expected);
  });

  it('knows an interpreter by the file behind an unknown name', () => {
    expect(call(['/app/py', 'x.py'], '/usr/bin/python3.11')?.language).toBe('python');
  });

  it('has every option in order', () => {
    expect(call(['ruby', '-rset', '-I', 'lib', '-w', 'a.rb'])?.options).toEqual([
      { name: '-r', value: 'set' },
      { name: '-I', value: 'lib' },
      { name: '-w', value: undefined },
    ]);
  });

  it('is not about other programs', () => {
    expect(call(['nginx', '-c', 'x'])).toBeUndefined();
    expect(call(['flush'])).toBeUndefined();
    expect(call(['pythonic'])).toBeUndefined();
  });
});
