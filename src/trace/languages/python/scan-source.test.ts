import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanSource } from './scan-source.ts';

const IMPORTS: readonly { summary: string; source: string; expected: readonly string[] }[] = [
  { summary: 'plain, dotted and renamed', source: 'import a.b as c, d', expected: ['a.b', 'd'] },
  { summary: 'names of a from-import', source: 'from a.b import c as x, d', expected: ['a.b {c,d}'] },
  {
    summary: 'over several lines in brackets, with comments',
    source: 'from a import (  # why\n  b,\n  c as d,  # not e\n)',
    expected: ['a {b,c}'],
  },
  { summary: 'a backslash joins lines', source: 'from a \\\n  import b', expected: ['a {b}'] },
  {
    summary: 'relative, with the dots beside or apart',
    source: 'from . import x\nfrom ..y import z\nfrom .m import*',
    expected: ['. {x}', '..y {z}', '.m'],
  },
  {
    summary: 'in functions and classes, and below try',
    source:
      'def f():\n    import a\nclass C:\n    import b\ntry:\n    import c\nexcept ImportError:\n    import d',
    expected: ['a (function)', 'b', 'c', 'd'],
  },
  {
    summary: 'the main body and what is for type checkers are told apart',
    source:
      'if TYPE_CHECKING:\n  import a\nelse:\n  import b\nif __name__ == "__main__":\n  import c\n  def f():\n    import d\nimport e',
    expected: ['a (typing)', 'b', 'c (main)', 'd (main)', 'e'],
  },
  { summary: 'several statements in a line', source: 'x = 1; import a; import b', expected: ['a', 'b'] },
  {
    summary: 'after a colon on the same line',
    source: 'if x: import a\ntry: from b import c',
    expected: ['a', 'b {c}'],
  },
  {
    summary: 'not in strings, docstrings or comments',
    source: '"""\nimport a\n"""\nx = "import b" # import c\ny = \'\'\'it\'s\nimport d\'\'\'\nimport e',
    expected: ['e'],
  },
  {
    summary: 'an unclosed quote ends with its line',
    source: 'x = "open\nimport a',
    expected: ['a'],
  },
  {
    summary: 'calls with a literal',
    source: 'importlib.import_module("a.b")\n__import__(\'c\')\nimport_module(".d", __package__)',
    expected: ['a.b', 'c', '.d'],
  },
  {
    summary: 'a formatted name means every submodule of its fixed part',
    source: 'import_module(f"pkg.sub.{name}")',
    expected: ['pkg.sub.*'],
  },
];

describe('scanSource', () => {
  it.each(IMPORTS)('reads imports: $summary', ({ source, expected }) => {
    const shown = scanSource(source).imports.map(({ module, names, level, place, isWhole }) => {
      const list = names.length > 0 ? ` {${names.join(',')}}` : '';
      const where = place === 'module' ? '' : ` (${place})`;
      return `${'.'.repeat(level)}${module}${isWhole ? '.*' : ''}${list}${where}`;
    });
    expect(shown).toEqual(expected);
  });

  it('says that a name cannot be read', () => {
    expect(scanSource('import_module(name)').importsUnknown).toBe(true);
    expect(scanSource('for m in pkgutil.iter_modules(p): pass').importsUnknown).toBe(true);
    expect(scanSource('import_module("a")').importsUnknown).toBe(false);
  });

  it('lists literals without white space, joined where they stand side by side, docstrings left out', () => {
    const source = '"""doc"""\nA = ["x.y", r"\\d", \'a b\', "p" "q", b"z1", f"{x}"]';
    expect(scanSource(source).strings).toEqual(['x.y', '\\d', 'pq', 'z1']);
  });

  it('ends on any text, and on a source cut anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'import from.a(){}[]"\'\\\n#:;f ') }), (text) => {
        scanSource(text);
      }),
      { seed: 1, numRuns: 300 },
    );
    const whole = 'from a import (b,\n c)\nx = """t\n""" + f"{y}"\n';
    for (let length = 0; length <= whole.length; length++) {
      const { imports } = scanSource(whole.slice(0, length));
      expect(imports.every(({ module }) => module === 'a')).toBe(true);
    }
  });
});

const COMMANDS: readonly { summary: string; source: string; expected: readonly string[] }[] = [
  {
    summary: 'lists, with what is not known left open',
    source: 'import subprocess\nsubprocess.run(["git", x, "log"], check=True)',
    expected: ['git ? log'],
  },
  {
    summary: 'names imported from subprocess',
    source: 'from subprocess import Popen\nPopen(("a", "-v"))',
    expected: ['a -v'],
  },
  {
    summary: 'a shell text, filled in',
    source: 'import os\nos.system(f"convert {a} b.png")\nos.popen("ls %s" % d)',
    expected: ['sh: convert "$_" b.png', 'sh: ls "$_"'],
  },
  {
    summary: 'shell=True',
    source: 'import subprocess as sp\nsp.call("a | b", shell=True)',
    expected: ['sh: a | b'],
  },
  {
    summary: 'exec with a path and words, asyncio, which',
    source:
      'import os, asyncio, shutil\nos.execvp("nginx", ["nginx", "-g", x])\nawait asyncio.create_subprocess_exec("ping", h)\nshutil.which("tar")',
    expected: ['nginx -g ?', 'ping ?', 'tar'],
  },
  {
    summary: 'the interpreter itself',
    source: 'import subprocess, sys\nsubprocess.Popen([sys.executable, "-m", "worker"])',
    expected: ['self: -m worker'],
  },
  {
    summary: 'lists for a function that is called like one that starts programs, as a guess',
    source:
      'import tornado.process\np = tornado.process.Subprocess(["sort", "-r"], stdin=s)\nself.run_cmd( ["jq", q])\nparse(["a"])',
    expected: ['guess: sort -r', 'guess: jq ?'],
  },
  { summary: 'not the run of something else', source: 'import os\napp.run("0.0.0.0")', expected: [] },
];

describe('scanSource, commands', () => {
  it.each(COMMANDS)('reads $summary', ({ source, expected }) => {
    const shown = scanSource(source).commands.map(({ argv, isShell, isSelf, isGuessed }) => {
      const words = argv.map((word) => word ?? '?').join(' ');
      if (isGuessed) return `guess: ${words}`;
      if (isSelf) return `self: ${words}`;
      return isShell ? `sh: ${words}` : words;
    });
    expect(shown).toEqual(expected);
  });

  it('says that a command cannot be read', () => {
    expect(scanSource('import subprocess\nsubprocess.run(cmd)').startsUnknown).toBe(true);
  });

  it.each([
    ['t = gettext.translation(name, directory,\n    languages=[language])', true],
    ['t = gettext.translation(name, directory, fallback=True)', false],
    ['t = translation(name)\nlanguages = ["de"]', false],
  ])('says of %j whether it chooses a language: %s', (source, expected) => {
    expect(scanSource(source).choosesLanguage).toBe(expected);
  });

  it('reads the names of loaded libraries', () => {
    const source = 'ctypes.CDLL("libm.so.6")\nctypes.CDLL(find_library("magic"))\n';
    expect(scanSource(source).library).toEqual({
      names: ['libm.so.6', 'magic'],
      isUnknown: true,
      usesFindLibrary: true,
    });
  });
});
