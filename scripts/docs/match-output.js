/**
 * Does a program say what the page says? Digits stand for any digits (sizes, times, counts, versions change with the
 * packages of the day), the digits of a digest for any digest, runs of spaces for any spaces; `…` in a line stands for
 * anything, and a line of nothing else for any lines, none too. Everything else is meant as it stands.
 *
 * @param {readonly string[]} expected lines
 * @param {string} actual
 * @returns {boolean}
 */
export function matchesOutput(expected, actual) {
  const lines = expected.map((line) => (line.trim() === '…' ? '(?:[^\\n]*\\n)*' : `${linePattern(line)}\\n`));
  return new RegExp(`^${lines.join('')}$`).test(normalised(actual));
}

/** @param {string} line */
function linePattern(line) {
  return normalised(line)
    .trimEnd()
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replace(/sha256:[0-9a-f]+/g, 'sha256:[0-9a-f]+')
    .replace(/(?<!\[)\d+(?!-9a-f)(?:\\\.\d+)?/g, '\\d+(?:\\.\\d+)?')
    .replaceAll('…', '[^\\n]*');
}

/** @param {string} text */
function normalised(text) {
  // What `docker build` calls the files of a COPY is a digest too, of their times among other things.
  const lines = text
    .split('\n')
    .map((line) => line.replace(/(?<![:\w])[0-9a-f]{32,}\b|(?<=multi:)[0-9a-f]{32,}/g, 'DIGEST'))
    .map((line) => line.replace(/[ \t]+/g, ' ').trimEnd());
  return text.includes('\n') ? `${lines.join('\n').trimEnd()}\n` : (lines[0] ?? '');
}
