export type { BatchOptions, BatchTotals, BatchWorker } from './batch/batch.ts';
export { destinationsOf } from './batch/destinations.ts';
export { type BatchLine, parseLine } from './batch/line.ts';
export type { SbomFormat, SbomRequest } from './destination/sbom.ts';
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
export type {
  Blob,
  Image,
  ImageQuery,
  ImageSink,
  ImageSource,
  Layer,
  OutputImage,
} from './image/image.ts';
export { imageFromBlobs, type OpenBlob } from './image/image-from-blobs.ts';
export type { RandomAccess } from './io/random-access.ts';
export type { CacheListing, PruneCacheOptions, PruneResult } from './jobs/cache.ts';
export type { DiffOptions, DiffReport } from './jobs/diff.ts';
export type { InspectOptions, InspectReport } from './jobs/inspect.ts';
export {
  batch,
  diff,
  inspect,
  listCache,
  listLibraries,
  openImage,
  parseImageList,
  pruneCache,
  resolveLibraries,
  slim,
  slimJob,
  verify,
  why,
} from './jobs/lazy.ts';
export type { LddOptions } from './jobs/list-libraries.ts';
export type { LddFile, LddLibrary, LddReport, LibraryQuery } from './jobs/resolve-libraries.ts';
export type { SlimJobOptions } from './jobs/slim-job.ts';
export type { VerifyOptions, VerifyReport } from './jobs/verify.ts';
export type { WhyOptions, WhyReport, WhyStep } from './jobs/why.ts';
export type { Remedy } from './jobs/why-remedies.ts';
export type { ImageConfig } from './oci/config.ts';
export type { Descriptor } from './oci/descriptor.ts';
export { type Digest, digestOf } from './oci/digest.ts';
export type { ImageManifest } from './oci/manifest.ts';
export type { Platform } from './oci/platform.ts';
export type {
  Compression,
  ConnectionOptions,
  ImageFormat,
  ProcessOverrides,
  ProgressEvent,
  SlimOptions,
} from './options.ts';
export { cacheListJson, cacheListText, pruneJson, pruneText } from './report/cache-report.ts';
export { diffText } from './report/diff-text.ts';
export { inspectText } from './report/inspect-text.ts';
export { slimOutcomeJson, slimResultJson } from './report/json.ts';
export { lddText, lddTree } from './report/ldd-text.ts';
export { formatBytes, jsonText, printable } from './report/plain-text.ts';
export { policyText } from './report/policy-text.ts';
export { outcomeText, type Palette, summaryText } from './report/summary-text.ts';
export { verifyText } from './report/verify-text.ts';
export { whyText } from './report/why-text.ts';
export type { LockDifference } from './result/lock.ts';
export type { Policy, PolicyFinding } from './result/policy.ts';
export type {
  Contents,
  CostRow,
  KeptPath,
  SlimIndexResult,
  SlimOutcome,
  SlimResult,
  UnchangedResult,
} from './result/slim-result.ts';
export type { Inode } from './rootfs/inode.ts';
export type { ResolvedPath } from './rootfs/resolve.ts';
export { type RootPath, rootPath } from './rootfs/root-path.ts';
export type { Rootfs } from './rootfs/rootfs.ts';
export type { OpenedImage, OpenImageOptions } from './source/open-image.ts';
export type { Finding, FindingCode } from './trace/checks/finding.ts';
export type { Detector, Invocation, KeptFile, Role, Word } from './trace/detector.ts';
export type { KeepGraph, KeepReason } from './trace/keep-graph.ts';
export { parseKeepList } from './trace/keep-list.ts';
export type { KeepOptions, Level, RunOptions, Trace, TreeOptions } from './trace/trace.ts';
export { packageVersion } from './version.ts';
export type { Warning, WarningCode } from './warnings.ts';
