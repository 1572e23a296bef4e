import { grammarOf, type Language } from './interpreters.ts';

/** Languages of tools that are called with a short program, and that bring nothing else with them. */
const TOOLS: ReadonlySet<Language> = new Set(['awk', 'sed', 'make']);
/** Those of them that have no language of their own in the table: jq(1), dc(1), gnuplot(1). */
const OTHER_TOOLS = /^(?:jq|gojq|jaq|dc|gnuplot)$/;

/** Is a command of this name a shell or the interpreter of a language, which only a call may bring? */
export function isInterpreterName(name: string): boolean {
  const language = grammarOf(name)?.language;
  return language !== undefined && !TOOLS.has(language) && !OTHER_TOOLS.test(name);
}

/** Is a command of this name a shell? */
export function isShellName(name: string): boolean {
  return grammarOf(name)?.language === 'shell';
}
