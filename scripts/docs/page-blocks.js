/**
 * @typedef {object} Block a fenced block of commands
 * @property {number} line where its fence stands, from 1 on
 * @property {'sh' | 'console'} kind
 * @property {{ command: string, expected: string[] }[]} steps `sh`: one script; `console`: each `$ ` line with what follows it
 * @property {string | undefined} notRun the reason why it cannot run
 * @property {string[]} needs what has to be at hand: an archive, or `docker`
 * @property {number} status the exit status of its last command
 */

const FENCE = /^```(\w*)\s*$/;
const MARK = /^<!-- docs-test: (.*) -->$/;
const COMMAND = /^\s*(?:\$ )?(?:oslim|docker|podman|npm|npx|node|git|scripts\/)\s\S/;

/**
 * Returns the blocks of commands of a Markdown page. Throws where commands stand in a block that nobody would run.
 *
 * @param {string} page
 * @returns {Block[]}
 */
export function blocksOf(page) {
  const lines = page.split('\n');
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[]} */
  let marks = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const mark = MARK.exec(line)?.[1];
    const language = FENCE.exec(line)?.[1];
    if (mark !== undefined) {
      marks.push(mark);
      continue;
    }
    if (language === undefined) {
      if (line.startsWith('    ') && COMMAND.test(line))
        throw new Error(`line ${at + 1}: an indented command: fence it`);
      if (line !== '') marks = [];
      continue;
    }
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: the fence does not end`);
    const body = lines.slice(at + 1, end);
    if (language === 'sh' || language === 'console') blocks.push(blockOf(at + 1, language, body, marks));
    else if (body.some((text) => /^\$ /.test(text) || (language === '' && COMMAND.test(text))))
      throw new Error(`line ${at + 1}: commands in a block that is neither sh nor console`);
    marks = [];
    at = end;
  }
  return blocks;
}

/** @param {number} line @param {'sh' | 'console'} kind @param {string[]} body @param {string[]} marks @returns {Block} */
function blockOf(line, kind, body, marks) {
  const block = { line, kind, notRun: undefined, needs: [], status: 0 };
  for (const mark of marks) {
    const [word = '', ...rest] = mark.split(' ');
    if (mark.startsWith('not run: ')) Object.assign(block, { notRun: mark.slice('not run: '.length) });
    else if (word === 'needs') Object.assign(block, { needs: rest });
    else if (word === 'status') Object.assign(block, { status: Number(rest[0]) });
    else throw new Error(`line ${line}: the mark "${mark}" means nothing`);
  }
  return {
    ...block,
    steps: kind === 'sh' ? [{ command: body.join('\n'), expected: [] }] : consoleSteps(line, body),
  };
}

/** @param {number} line @param {string[]} body */
function consoleSteps(line, body) {
  /** @type {{ command: string, expected: string[] }[]} */
  const steps = [];
  for (const text of body) {
    if (text.startsWith('$ ')) steps.push({ command: text.slice(2), expected: [] });
    else if (steps.length === 0) throw new Error(`line ${line}: output before any command`);
    else steps.at(-1)?.expected.push(text);
  }
  return steps;
}
