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
