import { baseName } from '../../rootfs/root-path.ts';

/** Linux reads this many bytes of the first line (BINPRM_BUF_SIZE in include/uapi/linux/binfmts.h, less the NUL). */
const MAX_LINE = 255;

/** The interpreter that a script's first line names, and the one argument that Linux passes before the script's path. */
export interface Shebang {
  readonly interpreter: string;
  readonly argument: string | undefined;
}

/** Reads `#! interpreter [argument]` as Linux does (fs/binfmt_script.c): the argument is the rest, blanks and all. */
export function parseShebang(bytes: Uint8Array): Shebang | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const line = new TextDecoder().decode(bytes.subarray(2, MAX_LINE + 1)).split(/[\n\0]/)[0] ?? '';
  const [, interpreter, argument] = /^[ \t]*([^ \t\r]+)[ \t]*(.*?)[ \t\r]*$/.exec(line) ?? [];
  if (interpreter === undefined) return undefined;
  return { interpreter, argument: argument === '' ? undefined : argument };
}

/** Returns what reads the script: the command that env looks for, else the interpreter's path. */
export function readerOf(shebang: Shebang): string {
  return commandOfEnv(shebang) ?? shebang.interpreter;
}

/** `#!/usr/bin/env python3` and `#!/usr/bin/env -S NAME=value python3 -u`; undefined without env and where another option stands before it. */
export function commandOfEnv({ interpreter, argument }: Shebang): string | undefined {
  if (baseName(interpreter) !== 'env') return undefined;
  const words = (argument ?? '').split(/[ \t]+/).filter((word) => word !== '');
  if (words[0] === '-S') words.shift();
  const command = words.find((word) => !/^\w+=/.test(word));
  return command?.startsWith('-') ? undefined : command;
}
