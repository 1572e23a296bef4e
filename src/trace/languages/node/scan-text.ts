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
  return {
    imports,
    patterns: [],
    importsUnknown,
    paths: [],
    strings: [...strings],
    commands: [],
    startsUnknown: false,
  };
}
