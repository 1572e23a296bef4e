import { FormatError } from '../../../errors.ts';

/** ClassConstants is what a class file's constant pool names (Java Virtual Machine Specification 4.4). */
export interface ClassConstants {
  /** Its own name, with slashes. */
  readonly name: string;
  /** Classes that its code refers to, with slashes, arrays by their element. */
  readonly classes: readonly string[];
  /** String literals, in the order in which the compiler met them. */
  readonly strings: readonly string[];
  /** Methods that it calls: `java/lang/Runtime.exec`. */
  readonly methods: ReadonlySet<string>;
  /** Every text of the pool: literals, descriptors, and the values of annotations. */
  readonly texts: readonly string[];
}

const MAGIC = 0xcafebabe;
const UTF8 = 1;
const LONG = 5;
const DOUBLE = 6;
const CLASS = 7;
const STRING = 8;
const METHOD = 10;
const INTERFACE_METHOD = 11;
const NAME_AND_TYPE = 12;

/** Bytes behind the tag of each kind of entry (JVMS 4.4, table 4.4-A; 15 to 20 since Java 7 to 9). */
const LENGTHS: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  [LONG]: 8,
  [DOUBLE]: 8,
  [CLASS]: 2,
  [STRING]: 2,
  9: 4,
  [METHOD]: 4,
  [INTERFACE_METHOD]: 4,
  [NAME_AND_TYPE]: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};

/** Reads the constant pool and the name of a class file; throws FormatError. */
export function parseClass(bytes: Uint8Array): ClassConstants {
  const pool = new ConstantPool(bytes);
  const classes: string[] = [];
  const strings: string[] = [];
  const methods = new Set<string>();
  const texts: string[] = [];
  for (let index = 1; index < pool.count; index++) {
    switch (pool.tag(index)) {
      case UTF8:
        texts.push(pool.text(index));
        break;
      case CLASS:
        classes.push(elementName(pool.text(pool.reference(index))));
        break;
      case STRING:
        strings.push(pool.text(pool.reference(index)));
        break;
      case METHOD:
      case INTERFACE_METHOD:
        methods.add(`${pool.className(pool.reference(index))}.${pool.memberName(index)}`);
        break;
      default:
    }
  }
  return { name: pool.ownName(), classes, strings, methods, texts };
}

/** `[[Ljava/awt/Color;` is an array of java/awt/Color (JVMS 4.4.1). */
function elementName(name: string): string {
  return name.startsWith('[') ? name.replace(/^\[+L?/, '').replace(/;$/, '') : name;
}

class ConstantPool {
  readonly count: number;
  readonly #view: DataView;
  readonly #bytes: Buffer;
  /** Of each entry's tag; 0 where an index is not used. */
  readonly #offsets: Int32Array;
  readonly #end: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 10 || this.#view.getUint32(0) !== MAGIC) throw malformed(0, 'no class file');
    this.count = this.#view.getUint16(8);
    this.#offsets = new Int32Array(this.count);
    let at = 10;
    for (let index = 1; index < this.count; index++) {
      this.#offsets[index] = at;
      const tag = this.#byte(at);
      const length = tag === UTF8 ? 2 + this.#short(at + 1) : LENGTHS[tag];
      if (length === undefined) throw malformed(at, `a constant of kind ${tag}`);
      at += 1 + length;
      // JVMS 4.4.5: eight-byte constants take two entries of the pool.
      if (tag === LONG || tag === DOUBLE) index++;
    }
    if (at > bytes.length) throw malformed(at, 'its constants leave the file');
    this.#end = at;
  }

  tag(index: number): number {
    const offset = this.#offsets[index] ?? 0;
    return offset === 0 ? 0 : this.#byte(offset);
  }

  /** The first index that the entry holds. */
  reference(index: number): number {
    return this.#short(this.#offset(index) + 1);
  }

  text(index: number): string {
    const offset = this.#offset(index);
    if (this.tag(index) !== UTF8) throw malformed(offset, `constant ${index} is no text`);
    const length = this.#short(offset + 1);
    // Modified UTF-8 differs for NUL and beyond the basic plane only (JVMS 4.4.7), which no path has.
    return this.#bytes.toString('utf8', offset + 3, offset + 3 + length);
  }

  className(index: number): string {
    return elementName(this.text(this.reference(index)));
  }

  memberName(index: number): string {
    const nameAndType = this.#short(this.#offset(index) + 3);
    return this.text(this.reference(nameAndType));
  }

  /** `this_class` follows the access flags, which follow the pool (JVMS 4.1). */
  ownName(): string {
    return this.className(this.#short(this.#end + 2));
  }

  #offset(index: number): number {
    const offset = this.#offsets[index] ?? 0;
    if (offset === 0) throw malformed(this.#bytes.length, `constant ${index} is not in its pool`);
    return offset;
  }

  #byte(at: number): number {
    if (at >= this.#bytes.length) throw malformed(at, 'its constants leave the file');
    return this.#view.getUint8(at);
  }

  #short(at: number): number {
    if (at + 2 > this.#bytes.length) throw malformed(at, 'its constants leave the file');
    return this.#view.getUint16(at);
  }
}

function malformed(offset: number, reason: string): FormatError {
  return new FormatError('class', offset, `cannot read the class file: ${reason}`);
}
