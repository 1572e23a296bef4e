/** SourceText is what the text of a program in a language of the JVM names, in the terms of a class file. */
export interface SourceText {
  /** With slashes: `java/awt/Color`; packages that are imported whole end in a slash. */
  readonly classes: readonly string[];
  readonly strings: readonly string[];
  /** Does it start programs? */
  readonly isStarting: boolean;
}

/** `java.awt.Color`, `import java.awt.*`; Clojure's `(:import [java.awt Color])` has the package alone. */
const QUALIFIED = /(?<![\w.])(?:javax?|sun|com|org|jdk)(?:\.[a-z]\w*)+(?:\.[A-Z]\w*|\.[*_])?/g;
const LITERAL = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;
/** Java, Groovy's `"ls".execute()`, Clojure's clojure.java.shell, Scala's sys.process, Kotlin. */
const STARTS = /\bProcessBuilder\b|\.exec\s*\(|\.execute\s*\(\s*\)|clojure\.java\.shell|sys\.process/;

/** Reads Java, Groovy, Kotlin, Scala, Clojure or JSP text, as far as names and literals tell (no parser of each). */
export function readSource(text: string): SourceText {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*(?:\/\/|#|;).*$/gm, '');
  const classes = [...code.matchAll(QUALIFIED)].map(([name]) => {
    const path = name.replaceAll('.', '/').replace(/[*_]$/, '');
    return /\/(?:[A-Z]\w*)?$/.test(path) ? path : `${path}/`;
  });
  const strings = [...code.matchAll(LITERAL)].map(([, double, single]) => double ?? single ?? '');
  return { classes, strings, isStarting: STARTS.test(code) };
}
