import { FormatError } from '../errors.ts';

/** Paragraph is one stanza of a deb822(5) file: its text and the fields by lower-case name. */
export interface Paragraph {
  /** As written, without the newline at its end. */
  readonly text: string;
  /** Values with continuation lines joined by newlines, each without its leading blanks. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Splits a control file into the text of its paragraphs: they are separated by lines of blanks (deb822(5)).
 */
export function splitParagraphs(text: string): string[] {
  return text.split(/\n(?:[ \t]*\n)+/).filter((part) => part.trim() !== '');
}

/**
 * Parses one paragraph; FormatError with the offset in the paragraph when a line is neither field nor
 * continuation.
 */
export function parseParagraph(raw: string): Paragraph {
  const text = raw.replace(/^\n+|\n+$/g, '');
  const fields = new Map<string, string>();
  let name = '';
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (name === '') throw malformed(text, offset, 'a continuation line without a field');
      fields.set(name, `${fields.get(name) ?? ''}\n${line.trim()}`);
    } else if (!line.startsWith('#')) {
      const colon = line.indexOf(':');
      if (colon < 1) throw malformed(text, offset, 'a line without a field name');
      name = line.slice(0, colon).toLowerCase();
      fields.set(name, line.slice(colon + 1).trim());
    }
    offset += line.length + 1;
  }
  return { text, fields };
}

function malformed(text: string, offset: number, reason: string): FormatError {
  const bytes = Buffer.byteLength(text.slice(0, offset));
  return new FormatError('deb822', bytes, `cannot read a package paragraph at byte ${bytes}: ${reason}`);
}

/**
 * Returns the paragraph's text with the lines of `field` cut to those that `keep` accepts; the field goes
 * with its last line.
 */
export function cutField(text: string, field: string, keep: (line: string) => boolean): string {
  const result: string[] = [];
  let header: string | undefined;
  for (const line of text.split('\n')) {
    const continues = line.startsWith(' ') || line.startsWith('\t');
    if (!continues) header = line.toLowerCase().startsWith(`${field.toLowerCase()}:`) ? line : undefined;
    if (header === undefined) result.push(line);
    else if (continues && keep(line.trim())) {
      if (!result.includes(header)) result.push(header);
      result.push(line);
    }
  }
  return result.join('\n');
}
