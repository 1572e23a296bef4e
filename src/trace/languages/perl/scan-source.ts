import { type StartedCommand, startedCommands } from './scan-commands.ts';
import { codeOf, quotedStrings } from './source-text.ts';

/** PerlSource is what one source says about the files that it loads and uses. */
export interface PerlSource {
  /** Modules that `use`, `no`, `require` and their like name (`File::Temp`). */
  readonly modules: readonly string[];
  /** Files that `require` and `do` name, from @INC or the working directory (`unicore/Name.pl`). */
  readonly files: readonly string[];
  /** Directories of @INC of which `require` and `do` read a file whose name is made at run time (`unicore` of `do "unicore/$table"`). */
  readonly trees: readonly string[];
  /** String literals that may be a module's name. */
  readonly names: readonly string[];
  /** Words of the code that may be a module's name (`Foo::Bar->new`). */
  readonly words: readonly string[];
  /** Beginnings of names to which the program adds the rest (`DBD::` of `"DBD::$driver"`), ending in `::`. */
  readonly namespaces: readonly string[];
  /** String literals without interpolation. */
  readonly strings: readonly string[];
  readonly commands: readonly StartedCommand[];
  /** What is put before @INC: absolute, or relative to the source's own directory. */
  readonly libraries: readonly LibraryDirectory[];
  /** Does it change @INC in a way that cannot be read? */
  readonly changesPath: boolean;
  /** Does it load modules whose names are values? */
  readonly loadsUnknown: boolean;
  /** Layers of PerlIO and encodings that it asks for by name (`:encoding(UTF-8)`, `:gzip`). */
  readonly layers: readonly string[];
  /** Does it convert from or to an encoding that is a value? */
  readonly encodesUnknown: boolean;
}

export interface LibraryDirectory {
  readonly path: string;
  readonly relativeTo: 'source' | 'cwd';
}

const MODULE = "[A-Za-z_]\\w*(?:(?:::|')\\w+)*";
const STATEMENT = new RegExp(
  `(?<![\\w$@%&>:\\-])(use|no|require)\\s+(${MODULE})(?![\\w:'(]|\\s*=>)([^;]{0,2000})`,
  'g',
);
/** Pragmas and functions whose arguments are modules: base(3perl), parent, aliased, autouse, if, Moose, Module::Runtime. */
const TAKES_MODULES =
  /^(?:base|parent|aliased|autouse|if|fields|ok|superclass|Mojo::Base|mixin|Class::Autouse|namespace)$/;
const WORD = /(?<![\w$@%&:'])[A-Za-z_]\w*(?:::\w+)+(?!\w|::)/g;
const PREFIX = /(?<![\w$@%&:])([A-Za-z_]\w*(?:::\w+)*::)(?=["'$@]|\$?\{)/g;
/** Functions that load a module whose name is a value (Module::Runtime, Class::Load, Module::Load, Mojo::Loader, UNIVERSAL::require). */
const LOADERS =
  /\b(?:require\s*\(?\s*\$|eval\s*\(?\s*["{]\s*(?:require|use(?:\s+(?:base|parent))?)\s+\$|eval\s*\(?\s*qq?\W\s*(?:require|use)\s+\$|use_module|require_module|use_package_optimistically|load_class|try_load_class|load_first_existing_class|load_optional_class|Module::Load|autoload\s|Module::Pluggable|Module::Find|findsubmod|usesub|useall|find_modules|->require\b|ensure_class_loaded|Plugin::Loader|Mojo::Loader|find_packages|Class::Inspector)/;

/** Scans a Perl source, which nothing but perl can parse: what looks like a load counts as one, wherever it stands. */
export function scanSource(text: string): PerlSource {
  const code = codeOf(text);
  const quoted = quotedStrings(code);
  const modules = new Set<string>();
  const names = new Set<string>();
  const namespaces = new Set<string>();
  const files = new Set<string>();
  for (const [, , name = '', rest = ''] of code.matchAll(STATEMENT)) {
    const module = name.replaceAll("'", '::');
    modules.add(module);
    if (TAKES_MODULES.test(module)) for (const part of rest.match(ARGUMENT) ?? []) modules.add(part);
  }
  if (/\\N\{[^U}]/.test(code)) modules.add('_charnames');
  for (const { text: literal, isRaw, after } of quoted) {
    const name = literal.replace(/^::/, '').replace(/\.pm$/, '');
    if (/^[A-Za-z_]\w*(?:::\w+)*$/.test(name)) names.add(name);
    else if (/^[A-Za-z_]\w*(?:\/\w+)+$/.test(name) && literal.endsWith('.pm'))
      modules.add(name.replaceAll('/', '::'));
    if (isRaw && literal.endsWith('::') && /^\s*\./.test(after)) namespaces.add(literal.replace(/^::/, ''));
    const path = /^((?:[A-Za-z_]\w*\/)+)(?:[$@]|$)/.exec(literal)?.[1];
    if (path !== undefined && (literal !== path || /^\s*\./.test(after)))
      namespaces.add(path.replaceAll('/', '::'));
  }
  for (const [, prefix = ''] of code.matchAll(PREFIX)) if (isPrefix(prefix)) namespaces.add(prefix);
  for (const [, , file = ''] of code.matchAll(/\b(?:require|do)\s*\(?\s*(["'])([^"'\n$@]+)\1/g))
    files.add(file);
  const strings = quoted
    .filter(({ text: literal, isRaw }) => isRaw || !/[$@]/.test(literal))
    .map((one) => one.text);
  return {
    modules: [...modules],
    files: [...files],
    trees: [...new Set([...code.matchAll(MADE_FILE)].map(([, tree = '']) => tree))],
    names: [...names],
    words: [...new Set(code.match(WORD) ?? [])],
    namespaces: [...namespaces],
    strings: [...new Set(strings)],
    commands: startedCommands(code),
    libraries: librariesOf(code),
    changesPath: /@INC\b|\buse\s+lib\b|\blocal::lib\b/.test(code),
    loadsUnknown: LOADERS.test(code),
    layers: layersOf(code),
    encodesUnknown:
      /(?<![\w>:$])(?:Encode::)?(?:en|de)code\s*\(?\s*\$\w+\s*,|\bfind_encoding\s*\(?\s*\$|:encoding\(\$/.test(
        code,
      ),
  };
}

const MADE_FILE = /\b(?:require|do)\s*\(?\s*"((?:[A-Za-z_]\w*\/)*[A-Za-z_]\w*)\/[$@]/g;
const ARGUMENT = /(?<![\w$@%&:-])[A-Za-z_]\w*(?:::\w+)*(?![\w:]|\s*=>\s*\d)/g;

/** `main::` and the like are symbol tables, not modules. */
function isPrefix(prefix: string): boolean {
  return !/^(?:main|CORE|SUPER|CORE::GLOBAL|UNIVERSAL|__PACKAGE__)::$/.test(prefix);
}

function layersOf(code: string): string[] {
  const found: string[] = [];
  for (const [, name = '', argument] of code.matchAll(/[:"'\s]:([a-z]\w+)(?:\(([\w:.+-]+)\))?/g)) {
    found.push(argument === undefined ? name : `${name}(${argument})`);
  }
  return [...new Set(found)];
}

/** `use lib '/app/lib'`, `use lib "$FindBin::Bin/../lib"`, `unshift @INC, "$Bin/lib"`, `BEGIN { push @INC, … }`. */
function librariesOf(code: string): LibraryDirectory[] {
  const found: LibraryDirectory[] = [];
  for (const [, rest = ''] of code.matchAll(/(?:\buse\s+lib\b|@INC\b\s*(?:,|=))([^;]{0,400})/g)) {
    for (const { text } of quotedStrings(rest)) {
      const bin = /^(?:\$\{?(?:FindBin::)?(?:Real)?Bin\}?|\$RealBin)\/?(.*)$/.exec(text);
      if (bin !== null) found.push({ path: bin[1] || '.', relativeTo: 'source' });
      else if (
        /\b(?:Real)?Bin\b|dirname|__FILE__|curfile/.test(rest) &&
        !text.startsWith('/') &&
        !/[$@]/.test(text)
      )
        found.push({ path: text, relativeTo: 'source' });
      else if (!/[$@]/.test(text)) found.push({ path: text, relativeTo: 'cwd' });
    }
    if (/\b(?:Real)?Bin\b/.test(rest)) found.push({ path: '.', relativeTo: 'source' });
  }
  return found;
}
