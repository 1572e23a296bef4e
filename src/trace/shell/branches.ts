import type { Statement } from 'unbash';
import type { Status } from './conditions.ts';
import type { Walkable } from './script-walker.ts';

/** Branches knows whether what is being walked is run at all, as far as the conditions around it can be told. */
export class Branches {
  #uncertain = 0;

  /** Is it in a branch that is not taken, or perhaps not? */
  get isUncertain(): boolean {
    return this.#uncertain > 0;
  }

  /** Walks a branch that is taken (true), is not (false), or perhaps is (undefined). */
  walk<Result>(isTaken: Status, walk: () => Result): Result {
    if (isTaken === true) return walk();
    this.#uncertain++;
    try {
      return walk();
    } finally {
      this.#uncertain--;
    }
  }
}

/** Commands that only ask (POSIX XCU test, command; which(1), grep(1), dpkg-query(1)). */
const QUESTION =
  /^(?:\[|test|command|type|hash|which|grep|egrep|fgrep|dpkg|dpkg-query|rpm|cmp|diff|pgrep|false)$/;

/** Does a command only ask, so that it fails as often as it succeeds? */
export function isQuestion(node: Walkable | Statement['command']): boolean {
  switch (node.type) {
    case 'TestCommand':
    case 'ArithmeticCommand':
      return true;
    case 'Command':
      return QUESTION.test(node.name?.text ?? '');
    case 'Pipeline':
      return (
        node.commands.length > 1 ||
        node.prefixes.some(({ type }) => type === 'Negation') ||
        node.commands.some(isQuestion)
      );
    case 'AndOr':
      return node.commands.some(isQuestion);
    case 'Redirected':
      return isQuestion(node.command);
    default:
      return false;
  }
}
