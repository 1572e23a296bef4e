import { printable } from './printable.ts';

/** What a registry may say in all fields of an answer together (distribution-spec v1.1, "Warnings"). */
const MAX_BYTES = 4096;

/**
 * Returns the texts of an answer's Warning fields, for the user to read and for nothing else: those with warn-code 299
 * and warn-agent `-` (distribution-spec v1.1, "Warnings"; RFC 7234, section 5.5). What is not of that form is no warning.
 */
export function parseWarnings(fields: readonly string[]): readonly string[] {
  const text = fields.join(', ').slice(0, MAX_BYTES);
  return [...text.matchAll(/(?:^|, *)299 - "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) =>
    printable(quoted.replace(/\\(.)/g, '$1')),
  );
}
