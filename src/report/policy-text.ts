import { formatPlatform } from '../oci/platform.ts';
import type { LockDifference } from '../result/lock.ts';
import type { PolicyFinding } from '../result/policy.ts';
import type { SlimOutcome, SlimResult } from '../result/slim-result.ts';
import { formatBytes, printable } from './plain-text.ts';

/** How many findings of one policy, or differences of a lock, are said before they are only counted. */
const SHOWN = 6;

/** Returns what was found against the policies that the user set, a line each; none when all of them hold. */
export function policyText(outcome: SlimOutcome): readonly string[] {
  switch (outcome.kind) {
    case 'image':
      return imageLines(outcome.result);
    case 'unchanged': {
      const { overSize, violations } = outcome.result;
      return [
        ...sizeLines(overSize),
        ...violations.map((policy) => `${policy}: the image that is there holds it`),
      ];
    }
    case 'index': {
      const { platforms, lockDifferences } = outcome.result;
      const ofImages = platforms.flatMap((image) =>
        imageLines(image).map((line) => `${formatPlatform(image.source.platform)} ${line}`),
      );
      return [...ofImages, ...lockLines(lockDifferences ?? [])];
    }
  }
}

function imageLines({ overSize, violations, lockDifferences }: SlimResult): readonly string[] {
  return [...sizeLines(overSize), ...violationLines(violations), ...lockLines(lockDifferences ?? [])];
}

function sizeLines(overSize: number | undefined): readonly string[] {
  return overSize === undefined ? [] : [`over the size limit by ${formatBytes(overSize)}`];
}

function violationLines(violations: readonly PolicyFinding[]): readonly string[] {
  const policies = [...new Set(violations.map(({ policy }) => policy))];
  return policies.flatMap((policy) =>
    shortened(
      violations.filter((finding) => finding.policy === policy).map(({ message }) => printable(message)),
    ).map((line) => `${policy}: ${line}`),
  );
}

function lockLines(differences: readonly LockDifference[]): readonly string[] {
  const signs = { added: '+', removed: '-', changed: '~' } as const;
  return shortened(
    differences.map(({ path, change, before, after }) => {
      const facts = change === 'changed' ? `${before} is now ${after}` : (before ?? after ?? '');
      return printable(`${signs[change]} ${path} ${facts}`);
    }),
  ).map((line) => `lock: ${line}`);
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= SHOWN) return lines;
  return [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more (--json lists all)`];
}
