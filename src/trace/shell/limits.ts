/** Bytes of a script that is read; a larger one carries a payload (a self-extracting archive). */
export const MAX_SCRIPT_BYTES = 1 << 20;
/** Command substitutions inside each other: the parser looks for the end of each by itself, so that time grows with their square. */
export const MAX_SUBSTITUTION_DEPTH = 100;
