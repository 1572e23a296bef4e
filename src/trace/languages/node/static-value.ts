import type { AnyNode } from 'acorn';

/** A part of a value that reading cannot tell. */
export const UNKNOWN = '\u0000';
/** The directory of the source file, the working directory, the file's own name, the interpreter: known where it is used. */
export const HERE = '\u0001';
export const CWD = '\u0002';
export const SELF = '\u0003';
export const EXECUTABLE = '\u0004';

const MAX_VALUES = 24;
const MAX_DEPTH = 24;
/** Expressions that are looked at for one answer: names may stand for each other in circles. */
const MAX_STEPS = 400;

/** A name's values: the expressions that are assigned to it; `undefined` for one that cannot be told (a parameter). */
export type Bindings = ReadonlyMap<string, readonly (AnyNode | undefined)[]>;

/** StaticValues tells which strings an expression may be, as far as its own source file says. */
export class StaticValues {
  readonly #bindings: Bindings;
  readonly #pending = new Set<string>();
  readonly #known = new Map<AnyNode, readonly string[]>();
  #steps = 0;

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /** Returns every value that the expression may have; what is not known of one is UNKNOWN in it. Never empty. */
  of(node: AnyNode, depth = 0): readonly string[] {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    if (depth === 0) this.#steps = 0;
    const isOver = depth > MAX_DEPTH || ++this.#steps > MAX_STEPS;
    const found = isOver ? [] : this.#read(node, depth + 1);
    const values = found.length === 0 || found.length > MAX_VALUES ? [UNKNOWN] : [...new Set(found)];
    // What was cut short in a circle of names may be known elsewhere.
    if (this.#pending.size === 0 && depth < MAX_DEPTH / 2) this.#known.set(node, values);
    return values;
  }

  #read(node: AnyNode, depth: number): readonly string[] {
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'string' || typeof node.value === 'number' ? [String(node.value)] : [];
      case 'TemplateLiteral':
        return this.#template(node, depth);
      case 'BinaryExpression':
        return node.operator === '+' ? cross(this.of(node.left, depth), this.of(node.right, depth)) : [];
      case 'LogicalExpression': {
        const values = [...this.of(node.left, depth), ...this.of(node.right, depth)];
        const told = values.filter((value) => value !== UNKNOWN);
        return told.length > 0 ? told : values;
      }
      case 'ConditionalExpression':
        return [...this.of(node.consequent, depth), ...this.of(node.alternate, depth)];
      case 'Identifier':
        return this.#name(node.name, depth);
      case 'MemberExpression':
        return this.#member(node, depth);
      case 'CallExpression':
        return this.#call(node, depth);
      case 'NewExpression':
        return this.#url(node, depth);
      case 'AwaitExpression':
      case 'SpreadElement':
        return this.of(node.argument, depth);
      case 'ParenthesizedExpression':
      case 'ChainExpression':
        return this.of(node.expression, depth);
      case 'AssignmentExpression':
        return this.of(node.right, depth);
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        return last === undefined ? [] : this.of(last, depth);
      }
      default:
        return [];
    }
  }

  #template(node: AnyNode & { type: 'TemplateLiteral' }, depth: number): readonly string[] {
    let values: readonly string[] = [''];
    for (const [index, quasi] of node.quasis.entries()) {
      const expression = node.expressions[index];
      values = cross(values, [quasi.value.cooked ?? UNKNOWN]);
      if (expression !== undefined) values = cross(values, this.of(expression, depth));
    }
    return values;
  }

  #name(name: string, depth: number): readonly string[] {
    if (name === '__dirname') return [HERE];
    if (name === '__filename') return [`${HERE}/${SELF}`];
    const expressions = this.#bindings.get(name);
    if (expressions === undefined || this.#pending.has(name)) return [];
    this.#pending.add(name);
    const values = expressions.flatMap((node) => (node === undefined ? [UNKNOWN] : this.of(node, depth)));
    this.#pending.delete(name);
    return values;
  }

  #member(node: AnyNode & { type: 'MemberExpression' }, depth: number): readonly string[] {
    const name = propertyName(node);
    const { object } = node;
    if (object.type === 'MetaProperty') {
      if (name === 'dirname') return [HERE];
      return name === 'url' || name === 'filename' ? [`${HERE}/${SELF}`] : [];
    }
    if (object.type === 'Identifier' && object.name === 'process' && name === 'execPath') return [EXECUTABLE];
    return name === 'href' || name === 'pathname' ? this.of(object, depth) : [];
  }

  #call(node: AnyNode & { type: 'CallExpression' }, depth: number): readonly string[] {
    const { callee } = node;
    const name = callee.type === 'Identifier' ? callee.name : propertyName(callee);
    const [first] = node.arguments;
    const owner = callee.type === 'MemberExpression' ? callee.object : undefined;
    if (name === 'cwd' && owner?.type === 'Identifier' && owner.name === 'process') return [CWD];
    if (name === 'join' && owner?.type === 'ArrayExpression') {
      const separators = first === undefined ? [','] : this.of(first, depth);
      return joined(
        owner.elements.map((element) => (element === null ? [UNKNOWN] : this.of(element, depth))),
        separators[0] ?? ',',
      );
    }
    const values = (): (readonly string[])[] => node.arguments.map((argument) => this.of(argument, depth));
    if (name === 'join') return joined(values(), '/');
    if (name === 'resolve') return resolved(values());
    if (first === undefined) return name === 'toString' && owner !== undefined ? this.of(owner, depth) : [];
    if (name === 'dirname') return this.of(first, depth).map(directoryOf);
    if (/^(?:fileURLToPath|pathToFileURL|normalize|realpathSync|String|toNamespacedPath)$/.test(name ?? ''))
      return this.of(first, depth);
    return [];
  }

  /** `new URL('./x', import.meta.url)`. */
  #url(node: AnyNode & { type: 'NewExpression' }, depth: number): readonly string[] {
    const [path, base] = node.arguments;
    if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL' || path === undefined) return [];
    if (base === undefined) return this.of(path, depth);
    return cross(
      this.of(base, depth).map((value) => `${directoryOf(value)}/`),
      this.of(path, depth),
    );
  }
}

/** Returns the name of the property that a member expression asks for, when it is written there. */
export function propertyName(node: AnyNode): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const { property, computed } = node;
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

function cross(left: readonly string[], right: readonly string[]): readonly string[] {
  if (left.length * right.length > MAX_VALUES) return [UNKNOWN];
  return left.flatMap((start) => right.map((end) => start + end));
}

function joined(parts: readonly (readonly string[])[], separator: string): readonly string[] {
  const [first = [], ...others] = parts;
  return others.reduce<readonly string[]>((values, part) => cross(cross(values, [separator]), part), first);
}

/** path.resolve: the last absolute part, and what comes after it; from the working directory when there is none. */
function resolved(parts: readonly (readonly string[])[]): readonly string[] {
  const last = parts.findLastIndex((values) => values.some((value) => /^[/\u0001\u0002]/.test(value)));
  return last >= 0 ? joined(parts.slice(last), '/') : joined([[CWD], ...parts], '/');
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash > 0) return path.slice(0, slash);
  return path === HERE || path === CWD ? `${path}/..` : UNKNOWN;
}
