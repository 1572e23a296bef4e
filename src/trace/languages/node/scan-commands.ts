import type { AnyNode, CallExpression } from 'acorn';
import type { Word } from '../../detector.ts';
import { STARTER_MODULES, STARTERS } from '../../knowledge/node.ts';
import type { JsCommand } from './js-source.ts';
import { propertyName, type StaticValues, UNKNOWN } from './static-value.ts';

type Meaning = JsCommand['kind'];

/** CommandScanner knows under which names a source has the functions that start programs. */
export class CommandScanner {
  /** Local name → what calling it means; `module` objects have their functions by property. */
  readonly #functions = new Map<string, Meaning>();
  readonly #modules = new Set<string>();
  readonly #values: StaticValues;
  readonly commands: JsCommand[] = [];
  startsUnknown = false;

  constructor(values: StaticValues) {
    this.#values = values;
  }

  get isEmpty(): boolean {
    return this.#functions.size === 0 && this.#modules.size === 0;
  }

  /** `import { spawn as s } from 'child_process'`, `import cp from …`. */
  readImport(node: AnyNode): void {
    if (node.type !== 'ImportDeclaration' || !isStarterModule(node.source.value)) return;
    for (const specifier of node.specifiers) {
      const { name } = specifier.local;
      if (specifier.type !== 'ImportSpecifier') this.#addModule(name);
      else if (specifier.imported.type === 'Identifier') this.#addFunction(specifier.imported.name, name);
    }
  }

  /** `const cp = require('child_process')`, `const { exec: e } = require(…)`, `const run = promisify(exec)`. */
  readDeclarator(node: AnyNode): void {
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    const { id } = node;
    const call = unwrapped(node.init);
    if (call?.type === 'CallExpression' && isRequire(call)) {
      if (id.type === 'Identifier') this.#addModule(id.name);
      if (id.type !== 'ObjectPattern') return;
      for (const property of id.properties) {
        if (property.type !== 'Property' || property.key.type !== 'Identifier') continue;
        if (property.value.type === 'Identifier') this.#addFunction(property.key.name, property.value.name);
      }
    } else if (id.type === 'Identifier') {
      const meaning = this.#meaningOf(node.init);
      if (meaning !== undefined) this.#functions.set(id.name, meaning);
    }
  }

  readCall(node: CallExpression): void {
    const meaning = this.#callMeaning(node.callee);
    const [first, second] = node.arguments;
    if (meaning === undefined || first === undefined) return;
    const [name = UNKNOWN] = this.#values.of(first);
    if (name.startsWith(UNKNOWN)) {
      this.startsUnknown = true;
      return;
    }
    if (meaning === 'shell') {
      // What is filled in at run time becomes a variable that nothing sets.
      this.commands.push({ argv: [name.replaceAll(UNKNOWN, '"$_"')], kind: 'shell' });
      return;
    }
    const words = second?.type === 'ArrayExpression' ? second.elements : [];
    const args = words.map((element) => this.#word(element));
    if (/\s/.test(name) && meaning === 'program' && args.length === 0)
      this.commands.push({ argv: name.split(/\s+/), kind: meaning });
    else this.commands.push({ argv: [name, ...args], kind: meaning });
  }

  #word(element: AnyNode | null): Word {
    const values = element === null ? [UNKNOWN] : this.#values.of(element);
    const [value = UNKNOWN] = values;
    return values.length !== 1 || value.includes(UNKNOWN) ? undefined : value;
  }

  #addModule(name: string): void {
    this.#modules.add(name);
    // execa and cross-spawn are functions themselves.
    this.#functions.set(name, 'program');
  }

  #addFunction(imported: string, local: string): void {
    const meaning = STARTERS[imported];
    if (meaning !== undefined) this.#functions.set(local, meaning);
  }

  #callMeaning(callee: AnyNode): Meaning | undefined {
    if (callee.type === 'Identifier') return this.#functions.get(callee.name);
    // tsc writes (0, child_process_1.exec)(…).
    if (callee.type === 'SequenceExpression') return this.#meaningOf(callee.expressions.at(-1));
    if (callee.type === 'ParenthesizedExpression') return this.#callMeaning(callee.expression);
    return this.#meaningOf(callee);
  }

  /** The meaning of an expression that is a function: `cp.exec`, `promisify(cp.exec)`, `require('child_process').exec`. */
  #meaningOf(node: AnyNode | undefined): Meaning | undefined {
    if (node?.type === 'Identifier') return this.#functions.get(node.name);
    if (node?.type === 'CallExpression') {
      const name = node.callee.type === 'Identifier' ? node.callee.name : propertyName(node.callee);
      return name === 'promisify' ? this.#meaningOf(node.arguments[0]) : undefined;
    }
    if (node?.type !== 'MemberExpression') return undefined;
    const name = propertyName(node);
    const { object } = node;
    const isModule =
      (object.type === 'Identifier' && this.#modules.has(object.name)) ||
      (object.type === 'CallExpression' && isRequire(object));
    return isModule && name !== undefined ? STARTERS[name] : undefined;
  }
}

function isStarterModule(value: unknown): boolean {
  return typeof value === 'string' && STARTER_MODULES.has(value.replace(/^node:/, ''));
}

function isRequire(node: CallExpression): boolean {
  const [first] = node.arguments;
  return (
    node.callee.type === 'Identifier' &&
    node.callee.name === 'require' &&
    first?.type === 'Literal' &&
    isStarterModule(first.value)
  );
}

/** `__importStar(require('child_process'))`, `await import('execa')`. */
function unwrapped(node: AnyNode): AnyNode | undefined {
  if (node.type === 'AwaitExpression') return unwrapped(node.argument);
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return node;
  const [first] = node.arguments;
  return /^__import|^_interopRequire/.test(node.callee.name) && first !== undefined ? first : node;
}
