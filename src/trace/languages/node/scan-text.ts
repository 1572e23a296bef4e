import { type JsImport, type JsSource, mayName } from './js-source.ts';

const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|(["'])((?:\\.|(?!\1)[^\\\n])*)\1|`((?:\\.|[^`\\])*)`/g;

/**
 * Returns what can be told of a source that is no plain JavaScript (TypeScript, JSX, a syntax of tomorrow): the
 * literals after `from`, `import`, `require(` and `import(` are modules, whatever stands around them.
 */
export function scanText(text: string): JsSource {
  const imports: JsImport[] = [];
  const strings = new Set<string>();
  let importsUnknown = false;
  let before = 0;
  let rest = '';
  for (const match of text.matchAll(TOKEN)) {
    const at = match.index ?? 0;
    // Only what directly precedes a literal counts, and it may be parted from it by a comment.
    rest = (rest + text.slice(before, at)).slice(-200);
    before = at + match[0].length;
    const literal = match[2] ?? match[3];
    if (literal === undefined) continue;
    const isModule =
      /\b(?:from|import|require(?:\.resolve)?\s*\(|import\s*\(|import\.meta\.resolve\s*\()\s*$/.test(rest);
    const style = /require(?:\.resolve)?\s*\(\s*$/.test(rest) ? 'require' : 'import';
    if (isModule && !literal.includes('${')) imports.push({ specifier: literal, style });
    else if (isModule) importsUnknown = true;
    if (mayName(literal)) strings.add(literal);
    rest = '';
  }
  importsUnknown ||= /\b(?:require|import)\s*\(\s*[\w$]/.test(text.replace(TOKEN, '""'));
  return { ...NOTHING, imports, importsUnknown, strings: [...strings] };
}

/** What only the syntax tree tells: paths that are built, functions that start programs, other names of require. */
const NEEDS_TREE =
  /__dirname|__filename|import\.meta|createRequire|process\.cwd|module\.require|child_process|execa|cross-spawn|nano-spawn|tinyexec/;
const CALL = /\b(?:require(?:\.resolve)?|import)\s*\(/g;
const LITERAL_CALL = /\b(require(?:\.resolve)?|import)\s*\(\s*(["'`])([^"'`$\n]*)\2\s*\)/g;
const STATEMENT = /\b(?:from|import)\s*(["'])([^"'\n]+)\1/g;

/**
 * Returns what a source says when that can be told without its syntax tree: every module that it asks for is a literal.
 * Nine of ten sources are like that, and building their trees would be most of the work. Examples in comments count
 * too: they are modules of the same package, or missing.
 */
export function scanPlain(text: string): JsSource | undefined {
  if (NEEDS_TREE.test(text)) return undefined;
  const calls = [...text.matchAll(LITERAL_CALL)];
  if (calls.length !== [...text.matchAll(CALL)].length) return undefined;
  const imports = new Map<string, JsImport>();
  for (const [, name = '', , specifier = ''] of calls)
    imports.set(`${name} ${specifier}`, { specifier, style: name === 'import' ? 'import' : 'require' });
  for (const [, , specifier = ''] of text.matchAll(STATEMENT))
    imports.set(`import ${specifier}`, { specifier, style: 'import' });
  return { ...NOTHING, imports: [...imports.values()], strings: [...new Set(literalsOf(text))] };
}

const NOTHING: JsSource = {
  imports: [],
  patterns: [],
  importsUnknown: false,
  paths: [],
  strings: [],
  commands: [],
  startsUnknown: false,
};

function literalsOf(text: string): string[] {
  const literals: string[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const literal = match[2] ?? match[3];
    if (literal !== undefined && mayName(literal)) literals.push(literal);
  }
  return literals;
}
