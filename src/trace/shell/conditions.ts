import type { TestExpression, Word as WordNode } from 'unbash';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import type { Word } from '../detector.ts';
import { patternRegExp } from './pattern.ts';
import type { ShellState } from './shell-state.ts';

/** Whether a command succeeds: undefined where only a run can tell. */
export type Status = boolean | undefined;

/** A test's answer and the paths that it asks about. */
export interface TestResult {
  readonly status: Status;
  readonly paths: readonly string[];
}

interface TestContext {
  readonly rootfs: Rootfs;
  readonly state: ShellState;
}

const UNTOLD: TestResult = { status: undefined, paths: [] };
const FILE_TEST = /^-[abcdefghkprsuwxGLNOS]$/;

/** Answers `test` or `[` (without the bracket at the end), POSIX XCU test; a file may also come to be at run time. */
export function evaluateTest(words: readonly Word[], context: TestContext): TestResult {
  const args = words;
  for (const operator of ['-o', '-a']) {
    const at = args.findIndex((word, index) => word === operator && index > 0 && index < args.length - 1);
    if (at < 0 || args.length === 3) continue;
    const left = evaluateTest(args.slice(0, at), context);
    const right = evaluateTest(args.slice(at + 1), context);
    return both(left, right, operator === '-o');
  }
  if (args[0] === '!' && args.length > 1) return negated(evaluateTest(args.slice(1), context));
  if (args[0] === '(' && args.at(-1) === ')') return evaluateTest(args.slice(1, -1), context);
  if (args.length === 0) return { status: false, paths: [] };
  if (args.length === 1) return { status: args[0] === undefined ? undefined : args[0] !== '', paths: [] };
  if (args.length === 2) return unary(args[0], args[1], context);
  if (args.length === 3) return binary(args[0], args[1], args[2]);
  return UNTOLD;
}

/** Answers `[[ … ]]`; `words` and `patterns` expand an operand. */
export function evaluateExpression(
  node: TestExpression,
  context: TestContext & {
    readonly value: (word: WordNode) => readonly Word[];
    readonly pattern: (word: WordNode) => readonly Word[];
  },
): TestResult {
  switch (node.type) {
    case 'TestUnary':
      return anyOf(context.value(node.operand).map((word) => unary(node.operator, word, context)));
    case 'TestBinary': {
      const isMatch = /^[!=]?==?$/.test(node.operator) && !node.operator.startsWith('-');
      const right = isMatch ? context.pattern(node.right) : context.value(node.right);
      const compare = isMatch ? matches : binary;
      return anyOf(
        context.value(node.left).flatMap((left) => right.map((word) => compare(left, node.operator, word))),
      );
    }
    case 'TestLogical':
      return node.operands
        .map((operand) => evaluateExpression(operand, context))
        .reduce((left, right) => both(left, right, node.operator === '||'));
    case 'TestNot': {
      const inner = evaluateExpression(node.operand, context);
      return node.negations.length % 2 === 1 ? negated(inner) : inner;
    }
    case 'TestGroup':
      return evaluateExpression(node.expression, context);
  }
}

/** The alternatives of one question: an answer only where all agree. */
export function anyOf(results: readonly TestResult[]): TestResult {
  const [first] = results;
  const agrees = results.every(({ status }) => status === first?.status);
  return { status: agrees ? first?.status : undefined, paths: results.flatMap(({ paths }) => paths) };
}

function both(left: TestResult, right: TestResult, isOr: boolean): TestResult {
  const paths = [...left.paths, ...right.paths];
  if (left.status === isOr || right.status === isOr) return { status: isOr, paths };
  return { status: left.status === undefined || right.status === undefined ? undefined : !isOr, paths };
}

function negated({ status, paths }: TestResult): TestResult {
  return { status: status === undefined ? undefined : !status, paths };
}

function unary(operator: Word, operand: Word, { rootfs, state }: TestContext): TestResult {
  if (operator === undefined || operand === undefined) return UNTOLD;
  if (operator === '-n') return { status: operand !== '', paths: [] };
  if (operator === '-z') return { status: operand === '', paths: [] };
  if (operator === '-v') return { status: state.lookup(operand) === undefined ? undefined : true, paths: [] };
  if (operator === '-h') operator = '-L';
  if (!FILE_TEST.test(operator)) return UNTOLD;
  const followLast = operator !== '-L';
  const found = rootfs.resolve(operand, { cwd: state.cwd, followLast });
  // Links are not made at run time before a script looks for them: whether one is there is told exactly.
  if (operator === '-L') return { status: found?.inode.type === 'symlink', paths: [operand] };
  return {
    status:
      found === undefined || /-[wNGOkgup]/.test(operator)
        ? undefined
        : fits(operator, found.inode.type, found.inode.mode),
    paths: [operand],
  };
}

function fits(operator: string, type: string, mode: number): Status {
  if (operator === '-d') return type === 'directory';
  if (operator === '-f') return type === 'file';
  if (operator === '-x') return (mode & 0o111) !== 0;
  if (operator === '-e' || operator === '-a' || operator === '-r') return true;
  return undefined;
}

function binary(left: Word, operator: Word, right: Word): TestResult {
  if (left === undefined || right === undefined || operator === undefined) return UNTOLD;
  if (operator === '=' || operator === '==') return { status: left === right, paths: [] };
  if (operator === '!=') return { status: left !== right, paths: [] };
  if (/^-(?:nt|ot|ef)$/.test(operator)) return { status: undefined, paths: [left, right] };
  const [a, b] = [left, right].map((word) => (/^\s*-?\d+\s*$/.test(word) ? Number(word) : undefined));
  if (a === undefined || b === undefined) return UNTOLD;
  return { status: compareNumbers(a, operator, b), paths: [] };
}

function compareNumbers(a: number, operator: string, b: number): Status {
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    case '-ge':
      return a >= b;
    default:
      return undefined;
  }
}

/** `[[ word == pattern ]]`. */
function matches(left: Word, operator: Word, pattern: Word): TestResult {
  if (left === undefined || pattern === undefined) return UNTOLD;
  const status = patternRegExp(pattern).test(left);
  return { status: operator === '!=' ? !status : status, paths: [] };
}
