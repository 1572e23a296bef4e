import { type Alternatives, alternatives } from './alternatives.ts';
import type { Status } from './conditions.ts';

/** What is known of a command once it was walked: whether it succeeds, and what it prints, as lines. */
export interface Outcome {
  readonly status: Status;
  readonly output?: (() => Alternatives) | undefined;
}

/** Nothing is known. */
export const SILENT: Outcome = { status: undefined };

/** The outcome of `a && b` (isAnd) or `a || b`: of `||` both may have printed, of `&&` the last that prints did. */
export function joinOutcomes(first: Outcome, second: Outcome, isAnd: boolean): Outcome {
  const status = joinStatus(first.status, second.status, isAnd);
  if (second.output === undefined) return { status, output: first.output };
  if (isAnd || first.output === undefined) return { status, output: second.output };
  return {
    status,
    output: () => {
      // `$(command -v a || command -v b)`: what is not found prints nothing.
      const printed = (first.output?.() ?? []).filter((lines) => lines.some((line) => line !== ''));
      return printed.length > 0 && !printed.flat().includes(undefined) ? printed : (second.output?.() ?? []);
    },
  };
}

function joinStatus(first: Status, second: Status, isAnd: boolean): Status {
  if (first === !isAnd) return first;
  if (first === isAnd) return second;
  return second === !isAnd ? second : undefined;
}

/** The outcome of a command that may be any of several. */
export function mergeOutcomes(outcomes: readonly Outcome[], isSilent: boolean): Outcome {
  const [first] = outcomes;
  const agrees = outcomes.every(({ status }) => status === first?.status);
  const printing = outcomes.flatMap(({ output }) => output ?? []);
  const output = () => (isSilent ? [['']] : alternatives(printing.flatMap((print) => print())));
  return {
    status: agrees ? first?.status : undefined,
    output: isSilent || printing.length > 0 ? output : undefined,
  };
}
