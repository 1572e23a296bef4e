import { checkLimit } from '../io/limits.ts';
import { PT_NOTE } from './constants.ts';
import type { ElfFile } from './elf-file.ts';
import { latin1 } from './elf-reader.ts';

const NT_GNU_BUILD_ID = 3;
const NT_GNU_PROPERTY_TYPE_0 = 5;
const NT_FDO_PACKAGING_METADATA = 0xcafe1a7e;
const NT_FDO_DLOPEN_METADATA = 0x407c0c0a;
const GNU_PROPERTY_X86_ISA_1_NEEDED = 0xc0008002;

/** One note (gABI 5, "Note Section"). */
export interface ElfNote {
  readonly owner: string;
  readonly type: number;
  readonly desc: Uint8Array;
}

/** One entry of a dlopen note (https://systemd.io/ELF_DLOPEN_METADATA/): names of which one is to be loaded. */
export interface DlopenNote {
  readonly soname: readonly string[];
  readonly priority: 'required' | 'recommended' | 'suggested';
  readonly feature?: string;
  readonly description?: string;
}

/** Returns every note of the file's PT_NOTE segments; throws FormatError where one leaves the file. */
export function notesOf(elf: ElfFile): readonly ElfNote[] {
  const notes: ElfNote[] = [];
  let size = 0;
  for (const phdr of elf.phdrs) {
    if (phdr.type !== PT_NOTE) continue;
    // Of all segments together: they may overlap.
    size += phdr.filesz;
    checkLimit(elf.reader.limits, 'elfNoteBytes', size, 'ELF notes');
    const align = phdr.align === 8 ? 8 : 4;
    const view = elf.reader.view(phdr.offset, phdr.filesz, 'notes');
    for (let at = 0; at + 12 <= phdr.filesz; ) {
      const [nameSize, descSize] = [view.u32(at), view.u32(at + 4)];
      const descAt = alignUp(at + 12 + nameSize, align);
      if (descAt + descSize > phdr.filesz) break;
      notes.push({
        owner: latin1(view.bytes.subarray(at + 12, at + 12 + nameSize)).replace(/\0.*$/s, ''),
        type: view.u32(at + 8),
        desc: view.bytes.subarray(descAt, descAt + descSize),
      });
      at = alignUp(descAt + descSize, align);
    }
  }
  return notes;
}

/** Returns the build ID in hexadecimal. */
export function buildIdOf(elf: ElfFile): string | undefined {
  const note = notesOf(elf).find(({ owner, type }) => owner === 'GNU' && type === NT_GNU_BUILD_ID);
  return note === undefined ? undefined : Buffer.from(note.desc).toString('hex');
}

/** Returns the package metadata (https://systemd.io/ELF_PACKAGE_METADATA/): which package the file was built in. */
export function packageNoteOf(elf: ElfFile): Readonly<Record<string, string>> | undefined {
  const note = notesOf(elf).find(({ owner, type }) => owner === 'FDO' && type === NT_FDO_PACKAGING_METADATA);
  const value = note === undefined ? undefined : parseJson(note.desc);
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Returns the libraries that the file says it opens with dlopen. */
export function dlopenNotesOf(elf: ElfFile): readonly DlopenNote[] {
  const notes = notesOf(elf).filter(({ owner, type }) => owner === 'FDO' && type === NT_FDO_DLOPEN_METADATA);
  return notes.flatMap(({ desc }) => {
    const value = parseJson(desc);
    return Array.isArray(value) ? value.flatMap(dlopenNote) : [];
  });
}

/** Returns the x86-64 levels that the file needs of its processor, as bits: 1 baseline, 2 v2, 4 v3, 8 v4; 0 when it does not say. */
export function x86IsaNeeded(elf: ElfFile): number {
  for (const { owner, type, desc } of notesOf(elf)) {
    if (owner !== 'GNU' || type !== NT_GNU_PROPERTY_TYPE_0) continue;
    const view = new DataView(desc.buffer, desc.byteOffset, desc.byteLength);
    for (let at = 0; at + 8 <= desc.length; ) {
      const size = view.getUint32(at + 4, true);
      if (view.getUint32(at, true) === GNU_PROPERTY_X86_ISA_1_NEEDED && size >= 4 && at + 12 <= desc.length) {
        return view.getUint32(at + 8, true);
      }
      at = alignUp(at + 8 + size, elf.reader.wordSize);
    }
  }
  return 0;
}

function dlopenNote(value: unknown): DlopenNote[] {
  if (!isRecord(value) || !Array.isArray(value.soname)) return [];
  const soname = value.soname.filter((name): name is string => typeof name === 'string' && name !== '');
  const priority = value.priority;
  return [
    {
      soname,
      // The specification's default.
      priority: priority === 'required' || priority === 'suggested' ? priority : 'recommended',
      ...(typeof value.feature === 'string' ? { feature: value.feature } : {}),
      ...(typeof value.description === 'string' ? { description: value.description } : {}),
    },
  ];
}

/** The JSON of a note is some lines; V8's parser takes forty times the memory of what is nothing but brackets. */
const MAX_JSON_BYTES = 1 << 20;

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_JSON_BYTES) return undefined;
  const end = bytes.indexOf(0);
  try {
    return JSON.parse(new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)));
  } catch {
    // Metadata that nothing but tools reads: a note that is no JSON says nothing, and the file runs all the same.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function alignUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
