import type { Word } from '../../detector.ts';

/** A program that a source starts: a list of words or, with `isShell`, one text that perl hands to /bin/sh -c. */
export interface StartedCommand {
  readonly argv: readonly Word[];
  readonly isShell: boolean;
}

/** perlfunc(1): system, exec, open with a pipe mode; IPC::Open2, IPC::Open3; IPC::Run; IPC::Cmd, File::Which. */
const CALL =
  /(?<![\w$@%&>:-])(?:system|exec|open[23]|capture|capturex|systemx|can_run|which|where)\b\s*\(?\s*([^;]{1,600})/g;
const PIPE_OPEN = /(?<![\w$@%&>:-])open\b\s*\(?[^,;]{1,80},\s*([^;]{1,600})/g;
const LIST_RUN = /(?<![\w$@%&>:-])(?:run|start|harness)\b\s*\(?\s*\[([^\]]{1,400})\]/g;
const BACKTICKS =
  /`([^`\n]{1,400})`|(?<![\w$@%&>:-])qx\s*(?:\{([^}]*)\}|\(([^)]*)\)|\/([^/]*)\/|\[([^\]]*)\]|'([^']*)')/g;
/** What makes perl use a shell (perlfunc, exec). */
const SHELL_METACHARACTERS = /[$&*(){}[\]'";\\|?<>~`\n]/;

/** Finds the programs that a source starts and whose names are written there. */
export function startedCommands(code: string): StartedCommand[] {
  const found: StartedCommand[] = [];
  const addText = (text: string, interpolates: boolean): void => {
    found.push(...fromText(text, interpolates));
  };
  for (const [, rest = ''] of code.matchAll(CALL)) found.push(...fromArguments(argumentsOf(rest)));
  for (const [, rest = ''] of code.matchAll(LIST_RUN)) found.push(...fromList(argumentsOf(rest)));
  for (const [, rest = ''] of code.matchAll(PIPE_OPEN)) {
    const [mode, ...others] = argumentsOf(rest);
    if (mode?.text === undefined) continue;
    if (/^(?:\|-|-\|)/.test(mode.text)) found.push(...fromArguments(others));
    else if (/^\s*\|\s*\S/.test(mode.text)) addText(mode.text.replace(/^\s*\|/, ''), mode.interpolates);
    else if (/\S\s*\|\s*$/.test(mode.text)) addText(mode.text.replace(/\|\s*$/, ''), mode.interpolates);
  }
  for (const [, ...bodies] of code.matchAll(BACKTICKS)) {
    const body = bodies.find((text) => text !== undefined);
    if (body !== undefined) addText(body, /[$@]/.test(body));
  }
  return found;
}

/** An argument; `text` is undefined where it is no literal. */
interface Argument {
  readonly text: string | undefined;
  readonly interpolates: boolean;
}

function argumentsOf(rest: string): Argument[] {
  const found: Argument[] = [];
  const token =
    /\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|qw\s*[(/{[]([^)/}\]]*)[)/}\]]|qq?\s*\{([^}]*)\}|([\\$@%&]*[\w:>{}[\]-]+)|(\{))\s*(,|=>|\.)?/y;
  for (let at = 0; at < rest.length; ) {
    token.lastIndex = at;
    const match = token.exec(rest);
    if (match === null) break;
    const [, double, single, list, quoted, , block, separator] = match;
    const literal = double ?? single ?? quoted;
    if (list !== undefined)
      for (const text of list.split(/\s+/).filter(Boolean)) found.push({ text, interpolates: false });
    else if (block === undefined && separator !== '.')
      found.push({ text: literal, interpolates: single === undefined && /[$@]/.test(literal ?? '') });
    else if (literal !== undefined) found.push({ text: `${literal}$rest`, interpolates: true });
    at = token.lastIndex;
    if (separator === undefined && block === undefined) break;
    // What is glued on by `.` belongs to the argument before.
    if (separator === '.') break;
  }
  return found;
}

function fromArguments(args: readonly Argument[]): StartedCommand[] {
  const [only] = args;
  if (args.length === 1 && only?.text !== undefined) return fromText(only.text, only.interpolates);
  return fromList(args);
}

function fromList(args: readonly Argument[]): StartedCommand[] {
  const [first] = args;
  if (first?.text === undefined || first.interpolates || !isCommandName(first.text)) return [];
  const argv = args.map(({ text, interpolates }) => (interpolates ? undefined : text));
  return [{ argv, isShell: false }];
}

/** What perl interpolates cannot be read: then the first word of each command of the pipeline counts alone. */
function fromText(text: string, interpolates: boolean): StartedCommand[] {
  if (!interpolates && SHELL_METACHARACTERS.test(text)) return [{ argv: [text], isShell: true }];
  const commands = interpolates ? text.split(/[|;&\n]+/) : [text];
  return commands.flatMap((command) => {
    const words: Word[] = command
      .trim()
      .split(/\s+/)
      .map((word) => (/[$@]/.test(word) ? undefined : word));
    const [name] = words;
    return name !== undefined && isCommandName(name) ? [{ argv: words, isShell: false }] : [];
  });
}

function isCommandName(text: string): boolean {
  return /^[\w./+-]+$/.test(text) && /[A-Za-z]/.test(text);
}
