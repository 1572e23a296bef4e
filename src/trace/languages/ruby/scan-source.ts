/** RubySource is what one source says about the files that it loads. */
export interface RubySource {
  /** Features that `require`, `autoload` and `load` name. */
  readonly features: readonly string[];
  /** Names relative to the source's own directory (`require_relative`, `File.expand_path(…, __dir__)`). */
  readonly relatives: readonly string[];
  /** Beginnings of features to which the program adds the rest (`adapters/` of `"adapters/#{name}"`). */
  readonly prefixes: readonly string[];
  /** Gems that `gem`, Gem.activate_bin_path and Gem.bin_path name. */
  readonly gems: readonly string[];
  /** String literals without interpolation, and symbols. */
  readonly strings: readonly string[];
  /** Directories put on the load path, relative to the source. */
  readonly libraries: readonly string[];
  /** Shared libraries that FFI and Fiddle load (`libsass`, `sqlite3`), without what comes after `.so`. */
  readonly sharedLibraries: readonly string[];
  readonly usesBundler: boolean;
  /** Programs that it starts, each as one shell text. */
  readonly commands: readonly string[];
}

const REQUIRE =
  /(?<![\w.:@$])(?:Kernel\.)?(require|load|autoload|require_dependency|try_require|lazy_require)\b\s*\(?\s*(?::?\w+\s*,\s*)?(["'])((?:(?!\2)[^\n])+)\2/g;
const RELATIVE = /(?<![\w.:@$])(?:require_relative|eval_gemfile)\b\s*\(?\s*(["'])((?:(?!\1)[^\n])+)\1/g;
const EXPANDED =
  /(?:expand_path|join)\s*\(?\s*(?:(["'])([^"'\n#]+)\1\s*,\s*(?:__FILE__|__dir__|File\.dirname)|(?:__dir__|File\.dirname\(__FILE__\))\s*,\s*(["'])([^"'\n#]+)\3)/g;
const JOINED = /(?<![\w.:@$])require\b\s*\(?\s*File\.join\s*\(?\s*(["'])([^"'\n#]+)\1\s*,\s*[a-z@]/g;
const GEM =
  /(?<![\w.:@$])(?:gem|Gem\.(?:activate_bin_path|bin_path|loaded_specs)\s*[([]|activate_bin_path)\s*\(?\s*(["'])([\w.-]+)\1/g;
const STRING =
  /"((?:[^"\\\n#]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|(?<![\w:]):([a-z_]\w+)\b|%[wWiI][([{<|]([^)\]}>|]*)[)\]}>|]/g;
const COMMAND =
  /(?<![\w$@])(?:system|exec|spawn|popen[23]?e?|capture[23]e?|pipeline\w*)\b\s*\(?\s*(?:\{[^}]*\}\s*,\s*|\w+\s*,\s*)?((?:(["'])(?:(?!\2)[^\n])*\2\s*,?\s*)+)|`([^`\n]+)`|%x[({[]([^)}\]]*)[)}\]]/g;

const LOADED = /\b(?:ffi_lib|dlopen|dlload)\b\s*\(?([^\n;]{0,300})/g;

/** Scans a Ruby source; comments, `=begin` blocks and what follows `__END__` say nothing. */
export function scanSource(text: string): RubySource {
  const code = codeOf(text);
  const features = new Set<string>();
  const prefixes = new Set<string>();
  for (const [, , , name = ''] of code.matchAll(REQUIRE)) {
    const hash = name.indexOf('#{');
    if (hash < 0) features.add(name);
    else if (/^[\w./-]+\/$/.test(name.slice(0, name.lastIndexOf('/', hash) + 1)))
      prefixes.add(name.slice(0, name.lastIndexOf('/', hash) + 1));
  }
  for (const [, , directory = ''] of code.matchAll(JOINED)) prefixes.add(`${directory}/`);
  const expanded = [...code.matchAll(EXPANDED)].map((match) => match[2] ?? match[4] ?? '');
  const strings = stringsOf(code);
  return {
    features: [...features],
    relatives: [...new Set([...code.matchAll(RELATIVE)].map((match) => match[2] ?? '').concat(expanded))],
    prefixes: [...prefixes],
    gems: [...new Set([...code.matchAll(GEM)].map((match) => match[2] ?? ''))],
    strings,
    libraries: /\$(?:LOAD_PATH|:)|-I\b/.test(code)
      ? expanded.concat(strings.filter((one) => /^(?:\.\/)?lib$/.test(one)))
      : [],
    sharedLibraries: [...code.matchAll(LOADED)].flatMap(([, rest = '']) => librariesIn(rest)),
    usesBundler: /\bBundler\.|(?:["'])bundler(?:\/\w+)?["']/.test(code),
    commands: [...code.matchAll(COMMAND)].flatMap(commandOf),
  };
}

function codeOf(text: string): string {
  const kept: string[] = [];
  let isComment = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^=begin\b/.test(line)) isComment = true;
    else if (/^=end\b/.test(line)) isComment = false;
    else if (/^__END__$/.test(line)) break;
    else if (!isComment && !/^\s*#/.test(line)) kept.push(line);
  }
  return kept.join('\n');
}

function stringsOf(code: string): string[] {
  const found = new Set<string>();
  for (const [, double, single, symbol, list] of code.matchAll(STRING)) {
    const text = double ?? single ?? symbol;
    if (text) found.add(text);
    for (const word of list?.split(/\s+/) ?? []) if (word !== '') found.add(word);
  }
  return [...found];
}

/** A list of literals is a command with arguments; what is interpolated cannot be read. */
function commandOf([, list, , backticks, percent]: RegExpMatchArray): string[] {
  const shell = backticks ?? percent;
  if (shell !== undefined) return [literalPart(shell)].filter((text) => text !== '');
  const words = [...(list ?? '').matchAll(/(["'])((?:(?!\1)[^\n])*)\1/g)].map((match) => match[2] ?? '');
  const [first] = words;
  if (first === undefined) return [];
  if (words.length === 1) return [literalPart(first)].filter((text) => text !== '');
  return words.every((word) => /^[\w./=+:@-]+$/.test(word)) ? [words.join(' ')] : [literalPart(first)];
}

function literalPart(text: string): string {
  return (text.split('#{')[0] ?? '').replace(/\s\S*$/, (rest) => (text.includes('#{') ? '' : rest)).trim();
}

/** The names in `"/usr/lib/#{arch}/libsass.#{ext}"`, `['libvips.so.42', 'vips']`. */
function librariesIn(text: string): string[] {
  const quoted = text.match(/(["'])(?:(?!\1).)*\1/g) ?? [];
  return quoted.flatMap((word) => {
    const name = /([\w+-]+)(?:\.(?:so\b[\d.]*|#\{[^}]*\})?)?["']$/.exec(word)?.[1];
    return name === undefined ? [] : [name];
  });
}
