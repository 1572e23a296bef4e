export {
  type CacheListing,
  listCache,
  type PruneCacheOptions,
  type PruneResult,
  pruneCache,
} from './cache.ts';
export { type DiffOptions, type DiffReport, diff } from './diff.ts';
export {
  FormatError,
  ImageError,
  IntegrityError,
  InternalError,
  LimitError,
  OslimError,
  RegistryError,
  reasonOf,
  TransportError,
  UnsafePathError,
  UnsupportedError,
  UsageError,
} from './errors.ts';
export { type InspectOptions, type InspectReport, inspect } from './inspect.ts';
export { type LddOptions, listLibraries } from './list-libraries.ts';
export type { LockDifference } from './lock.ts';
export type {
  Compression,
  ConnectionOptions,
  ImageFormat,
  ProcessOverrides,
  ProgressEvent,
  SlimOptions,
} from './options.ts';
export type { Policy, PolicyFinding } from './policy.ts';
export { cacheListJson, cacheListText, pruneJson, pruneText } from './report/cache-report.ts';
export { diffText } from './report/diff-text.ts';
export { inspectText } from './report/inspect-text.ts';
export { slimOutcomeJson, slimResultJson } from './report/json.ts';
export { lddText, lddTree } from './report/ldd-text.ts';
export { formatBytes, printable } from './report/plain-text.ts';
export { policyText } from './report/policy-text.ts';
export { outcomeText, type Palette, summaryText } from './report/summary-text.ts';
export { verifyText } from './report/verify-text.ts';
export { whyText } from './report/why-text.ts';
export { type LddFile, type LddLibrary, type LddReport, resolveLibraries } from './resolve-libraries.ts';
export type { SbomFormat, SbomRequest } from './sbom.ts';
export { slim } from './slim.ts';
export { type SlimJobOptions, slimJob } from './slim-job.ts';
export type {
  Contents,
  CostRow,
  KeptPath,
  SlimIndexResult,
  SlimOutcome,
  SlimResult,
  UnchangedResult,
} from './slim-result.ts';
export type { Finding, FindingCode } from './trace/checks/finding.ts';
export { parseKeepList } from './trace/keep-list.ts';
export type { Level } from './trace/trace.ts';
export { type VerifyOptions, type VerifyReport, verify } from './verify.ts';
export { packageVersion } from './version.ts';
export type { Warning, WarningCode } from './warnings.ts';
export { type WhyOptions, type WhyReport, type WhyStep, why } from './why.ts';
export type { Remedy } from './why-remedies.ts';
