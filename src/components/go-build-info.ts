/** What a Go program says of its build. */
export interface GoBuildInfo {
  /** `go1.22.3` */
  readonly goVersion: string;
  /** The main module, where it has a version, and those it depends on, replacements in the place of what they replace. */
  readonly modules: readonly { readonly name: string; readonly version: string }[];
}

/** Go's debug/buildinfo: the magic bytes, at a multiple of 16. */
const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const HEADER_SIZE = 32;
/** Bit of the flags: the strings follow the header, each behind its length (Go 1.18 and later). */
const INLINE_STRINGS = 2;
/** Sentinels of 16 bytes stand before and behind the module text (runtime/debug, modinfo). */
const SENTINEL = 16;

/** Parses a `.go.buildinfo` section; undefined when it holds none, or the pointers of a Go before 1.18. */
export function parseGoBuildInfo(section: Uint8Array): GoBuildInfo | undefined {
  const bytes = Buffer.from(section.buffer, section.byteOffset, section.byteLength);
  const start = bytes.indexOf(MAGIC);
  if (start < 0 || ((bytes[start + 15] ?? 0) & INLINE_STRINGS) === 0) return undefined;
  const version = inlineString(bytes, start + HEADER_SIZE);
  const modules = version === undefined ? undefined : inlineString(bytes, version.end);
  if (version === undefined || version.value === '') return undefined;
  const text = modules?.value ?? '';
  return { goVersion: version.value, modules: parseModules(text.slice(SENTINEL, -SENTINEL)) };
}

/** A length as an unsigned varint (encoding/binary), then so many bytes. */
function inlineString(
  bytes: Buffer,
  at: number,
): { readonly value: string; readonly end: number } | undefined {
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 28) return undefined;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return at + length > bytes.length
    ? undefined
    : { value: bytes.toString('latin1', at, at + length), end: at + length };
}

/** Lines of `mod`, `dep` and `=>` with tabs between name, version and sum (runtime/debug, BuildInfo.String). */
function parseModules(text: string): GoBuildInfo['modules'] {
  const modules: { name: string; version: string }[] = [];
  for (const line of text.split('\n')) {
    const [key, name = '', version = ''] = line.split('\t');
    if (key === '=>') modules.pop();
    else if (key !== 'mod' && key !== 'dep') continue;
    modules.push({ name, version });
  }
  return modules.filter(({ name, version }) => name !== '' && version !== '' && version !== '(devel)');
}
