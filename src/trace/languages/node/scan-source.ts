import { type AnyNode, type CallExpression, type Node, parse } from 'acorn';
import { type ImportStyle, type JsImport, type JsSource, mayName } from './js-source.ts';
import { CommandScanner } from './scan-commands.ts';
import { scanPlain, scanText } from './scan-text.ts';
import { CWD, HERE, propertyName, StaticValues, UNKNOWN } from './static-value.ts';

/** Returns what a source needs; one that is no JavaScript is read as text. */
export function scanSource(text: string): JsSource {
  const source = text.replace(/^\uFEFF/, '').replace(/^#![^\n]*/, '');
  const plain = scanPlain(source);
  if (plain !== undefined) return plain;
  const program = parseSource(source);
  if (program === undefined) return scanText(source);
  try {
    return new SourceScanner(program).scan();
  } catch (error) {
    // A tree deeper than the stack: a table that a compiler wrote.
    if (error instanceof RangeError) return scanText(source);
    throw error;
  }
}

function parseSource(source: string): AnyNode | undefined {
  const options = {
    ecmaVersion: 'latest',
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowImportExportEverywhere: true,
    allowSuperOutsideMethod: true,
  } as const;
  for (const sourceType of ['script', 'module'] as const) {
    try {
      return parse(source, { ...options, sourceType });
    } catch (error) {
      // The other kind of source, or no JavaScript at all: JSX, TypeScript, Flow.
      if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

/** What is looked at once all names are known. */
const READ_NODES: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ImportExpression',
  'CallExpression',
  'NewExpression',
  'BinaryExpression',
  'TemplateLiteral',
  'Literal',
]);

interface Visit {
  readonly node: AnyNode;
  /** Is `require` the parameter of a function around it (bundles, AMD)? */
  readonly isShadowed: boolean;
}

/** Walks one source's syntax tree. */
class SourceScanner {
  readonly #program: AnyNode;
  readonly #bindings = new Map<string, (AnyNode | undefined)[]>();
  readonly #values = new StaticValues(this.#bindings);
  readonly #commands = new CommandScanner(this.#values);
  readonly #requires = new Set(['require']);
  readonly #imports = new Map<string, JsImport>();
  readonly #patterns = new Map<string, JsImport>();
  readonly #paths = new Set<string>();
  readonly #strings = new Set<string>();
  #importsUnknown = false;

  constructor(program: AnyNode) {
    this.#program = program;
  }

  scan(): JsSource {
    const visits: Visit[] = [];
    walk(this.#program, (visit) => {
      this.#bind(visit.node);
      if (READ_NODES.has(visit.node.type)) visits.push(visit);
    });
    for (const visit of visits) this.#visit(visit);
    return {
      imports: [...this.#imports.values()],
      patterns: [...this.#patterns.values()],
      importsUnknown: this.#importsUnknown,
      paths: [...this.#paths],
      strings: [...this.#strings],
      commands: this.#commands.commands,
      startsUnknown: this.#commands.startsUnknown,
    };
  }

  /** Notes what names stand for. */
  #bind(node: AnyNode): void {
    this.#commands.readImport(node);
    this.#commands.readDeclarator(node);
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
      if (node.init && isCreateRequire(node.init)) this.#requires.add(node.id.name);
      if (node.init) this.#assign(node.id.name, node.init);
    } else if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') {
      this.#assign(node.left.name, node.operator === '=' ? node.right : undefined);
    } else if (node.type === 'ForOfStatement' && node.left.type === 'VariableDeclaration') {
      const [declaration] = node.left.declarations;
      if (declaration?.id.type !== 'Identifier') return;
      const items = node.right.type === 'ArrayExpression' ? node.right.elements : [undefined];
      for (const item of items) this.#assign(declaration.id.name, item ?? undefined);
    } else if (isFunction(node)) {
      for (const parameter of node.params) {
        if (parameter.type === 'Identifier') this.#assign(parameter.name, undefined);
      }
    }
  }

  #assign(name: string, value: AnyNode | undefined): void {
    const values = this.#bindings.get(name) ?? [];
    this.#bindings.set(name, values);
    if (values.length < 12) values.push(value);
    else values[0] = undefined;
  }

  #visit({ node, isShadowed }: Visit): void {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
        if (typeof node.source?.value === 'string') note(this.#imports, node.source.value, 'import');
        return;
      case 'ImportExpression':
        this.#import(node.source, 'import', false);
        return;
      case 'CallExpression':
        this.#call(node, isShadowed);
        return;
      case 'NewExpression':
      case 'BinaryExpression':
        this.#path(node);
        return;
      case 'TemplateLiteral':
        this.#path(node);
        if (node.expressions.length === 0) this.#string(node.quasis[0]?.value.cooked ?? '');
        return;
      case 'Literal':
        if (typeof node.value === 'string') this.#string(node.value);
        return;
      default:
        return;
    }
  }

  #string(text: string): void {
    if (mayName(text)) this.#strings.add(text);
  }

  #call(node: CallExpression, isShadowed: boolean): void {
    this.#commands.readCall(node);
    const style = this.#styleOf(node.callee);
    const [first] = node.arguments;
    if (style !== undefined && first !== undefined) this.#import(first, style, isShadowed);
    else this.#path(node);
  }

  /** `require(x)`, `require.resolve(x)`, `module.require(x)`, `import.meta.resolve(x)`, and names from createRequire. */
  #styleOf(callee: AnyNode): ImportStyle | undefined {
    if (callee.type === 'Identifier') return this.#requires.has(callee.name) ? 'require' : undefined;
    if (isCreateRequire(callee)) return 'require';
    if (callee.type !== 'MemberExpression') return undefined;
    const name = propertyName(callee);
    const { object } = callee;
    if (object.type === 'MetaProperty') return name === 'resolve' ? 'import' : undefined;
    if (object.type !== 'Identifier') return undefined;
    const isResolve = name === 'resolve' && this.#requires.has(object.name);
    return isResolve || (name === 'require' && object.name === 'module') ? 'require' : undefined;
  }

  #import(argument: AnyNode, style: ImportStyle, isShadowed: boolean): void {
    for (const value of this.#values.of(argument)) {
      if (value.startsWith(HERE) || value.startsWith(CWD)) this.#paths.add(value);
      else if (!value.includes(UNKNOWN)) note(this.#imports, value, style);
      else if (/^(?:\.{1,2}\/|@?\w)/.test(value)) note(this.#patterns, value, style);
      else this.#importsUnknown ||= !isShadowed;
    }
  }

  #path(node: AnyNode): void {
    for (const value of this.#values.of(node)) {
      if ((value.startsWith(HERE) || value.startsWith(CWD)) && value.length > 1) this.#paths.add(value);
    }
  }
}

/** A module may be asked for in both ways, which may mean two files. */
function note(found: Map<string, JsImport>, specifier: string, style: ImportStyle): void {
  found.set(`${style} ${specifier}`, { specifier, style });
}

type FunctionNode = AnyNode & {
  type: 'FunctionExpression' | 'FunctionDeclaration' | 'ArrowFunctionExpression';
};

function isFunction(node: AnyNode): node is FunctionNode {
  const { type } = node;
  return (
    type === 'FunctionExpression' || type === 'FunctionDeclaration' || type === 'ArrowFunctionExpression'
  );
}

/** `createRequire(import.meta.url)`, `module.createRequire(…)`. */
function isCreateRequire(node: AnyNode): boolean {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  return (callee.type === 'Identifier' ? callee.name : propertyName(callee)) === 'createRequire';
}

/** Calls `see` for every node, in the order of the source: a bundle has millions. */
function walk(program: AnyNode, see: (visit: Visit) => void): void {
  const stack: Visit[] = [{ node: program, isShadowed: false }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    see(visit);
    const { node } = visit;
    const takesRequire =
      isFunction(node) && node.params.some((name) => name.type === 'Identifier' && name.name === 'require');
    const isShadowed = visit.isShadowed || takesRequire;
    const first = stack.length;
    const fields = node as unknown as Readonly<Record<string, unknown>>;
    for (const field in fields) {
      const value = fields[field];
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) stack.push({ node: item, isShadowed });
      } else if (isNode(value)) stack.push({ node: value, isShadowed });
    }
    // They are taken from the end.
    reverseFrom(stack, first);
  }
}

function reverseFrom<T>(list: T[], first: number): void {
  for (let low = first, high = list.length - 1; low < high; low++, high--) {
    const [a, b] = [list[low], list[high]];
    if (a === undefined || b === undefined) return;
    list[low] = b;
    list[high] = a;
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}
