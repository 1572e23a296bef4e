/** What a made class file names: itself, classes, string literals, methods as `owner.name`, other texts. */
export interface ClassSpec {
  /** With slashes. */
  readonly name: string;
  readonly classes?: readonly string[];
  readonly strings?: readonly string[];
  readonly methods?: readonly string[];
  readonly texts?: readonly string[];
  /** Also an eight-byte constant, which takes two entries. */
  readonly long?: boolean;
}

/** Returns a class file with that constant pool and nothing else (Java Virtual Machine Specification 4.1, 4.4). */
export function buildClass(spec: ClassSpec): Uint8Array {
  const pool: Uint8Array[] = [];
  let next = 1;
  const put = (tag: number, ...bytes: number[]): number => {
    pool.push(Uint8Array.of(tag, ...bytes));
    return next++;
  };
  const short = (value: number): [number, number] => [value >> 8, value & 0xff];
  const text = (value: string): number => {
    const bytes = new TextEncoder().encode(value);
    return put(1, ...short(bytes.length), ...bytes);
  };
  const named = (tag: number, value: string): number => put(tag, ...short(text(value)));

  if (spec.long) {
    put(5, 0, 0, 0, 0, 0, 0, 0, 7);
    next++;
  }
  const own = named(7, spec.name);
  for (const name of spec.classes ?? []) named(7, name);
  for (const value of spec.strings ?? []) named(8, value);
  for (const value of spec.texts ?? []) text(value);
  for (const method of spec.methods ?? []) {
    const [owner = '', name = ''] = method.split('.');
    const nameAndType = put(12, ...short(text(name)), ...short(text('()V')));
    put(10, ...short(named(7, owner)), ...short(nameAndType));
  }
  const head = [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, ...short(next)];
  const tail = [0, 0x21, ...short(own), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...head, ...pool.flatMap((bytes) => [...bytes]), ...tail]);
}
