/** Returns a 64-bit little-endian ELF file with these sections and nothing else (gABI 4, "Sections"). */
export function elfWithSections(sections: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const names = ['', ...Object.keys(sections), '.shstrtab'];
  const strings = Buffer.from(`${names.join('\0')}\0`, 'latin1');
  const bodies = [Buffer.alloc(0), ...Object.values(sections), strings];
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(62, 18);
  header.writeUInt32LE(1, 20);
  const tableAt = 64 + bodies.reduce((sum, { length }) => sum + length, 0);
  header.writeBigUInt64LE(BigInt(tableAt), 40);
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(bodies.length, 60);
  header.writeUInt16LE(bodies.length - 1, 62);
  let offset = 64;
  let nameAt = 0;
  const table = bodies.map((body, at) => {
    const entry = Buffer.alloc(64);
    entry.writeUInt32LE(nameAt, 0);
    entry.writeUInt32LE(at === 0 ? 0 : 1, 4);
    entry.writeBigUInt64LE(BigInt(offset), 24);
    entry.writeBigUInt64LE(BigInt(body.length), 32);
    offset += body.length;
    nameAt += (names[at]?.length ?? 0) + 1;
    return entry;
  });
  return Buffer.concat([header, ...bodies, ...table]);
}
