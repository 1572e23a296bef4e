/** Bytes of a script that is read; a larger one carries a payload (a self-extracting archive). */
export const MAX_SCRIPT_BYTES = 1 << 20;
