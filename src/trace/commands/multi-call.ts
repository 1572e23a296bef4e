import { baseName } from '../../rootfs/root-path.ts';
import type { Invocation, Word } from '../detector.ts';

/** Programs that are many: the first operand names the one meant (busybox "Usage", toybox help). */
const MULTI_CALL: ReadonlySet<string> = new Set(['busybox', 'toybox', 'busybox.static']);

/** A command line seen as the applet's own: `busybox sh -c x` is `sh -c x`. */
interface Applet {
  readonly name: string;
  readonly argv: readonly Word[];
}

/** Returns the program's name (a base name) and arguments, those of the applet when a multi-call program names it. */
export function appletOf(invocation: Pick<Invocation, 'invokedAs' | 'argv'>): Applet {
  const name = baseName(invocation.invokedAs);
  const [, applet] = invocation.argv;
  if (!MULTI_CALL.has(name) || applet === undefined || applet.startsWith('-'))
    return { name, argv: invocation.argv };
  return { name: baseName(applet), argv: invocation.argv.slice(1) };
}
