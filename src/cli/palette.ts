import type { Palette } from '../index.ts';

/** May `stream` get colours? NO_COLOR (no-color.org), FORCE_COLOR and TERM=dumb decide before the terminal does. */
export function wantsColor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Returns the palette for a stream (ECMA-48 SGR), or one that changes nothing. */
export function paletteFor(color: boolean): Palette {
  const sgr = (open: number, close: number) => (text: string) =>
    color ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: sgr(1, 22), dim: sgr(2, 22), green: sgr(32, 39), yellow: sgr(33, 39) };
}
