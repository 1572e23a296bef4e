/** PhpSource is what one source says about the files and programs that it uses. */
export interface PhpSource {
  /** String literals that may be a path: `Symfony/Component/Console/autoload.php`, `/config.php` (behind `__DIR__ .`). */
  readonly paths: readonly string[];
  /** Programs that it starts, each as one shell text. */
  readonly commands: readonly string[];
}

const STRING = /"((?:[^"\\\n$]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;
const COMMAND =
  /\b(?:exec|system|passthru|shell_exec|popen|proc_open)\s*\(\s*(?:"([^"$\n]+)|'([^'\n]+)')|`([^`$\n]{1,200})`/g;

/** Scans a PHP source; whole-line comments say nothing. */
export function scanSource(text: string): PhpSource {
  const code = text
    .split(/\r?\n/)
    .filter((line) => !/^\s*(?:\/\/|#(?!\[)|\*|\/\*)/.test(line))
    .join('\n');
  const paths = new Set<string>();
  for (const [, double, single] of code.matchAll(STRING)) {
    const literal = double ?? single ?? '';
    if (/^[\w@./+-]+$/.test(literal) && /[./]/.test(literal) && literal.length < 256) paths.add(literal);
  }
  const commands = [...code.matchAll(COMMAND)].map((match) =>
    (match[1] ?? match[2] ?? match[3] ?? '').trim(),
  );
  return { paths: [...paths], commands: commands.filter((command) => command !== '') };
}
