import { FormatError, ImageError, IntegrityError, type OslimError, UnsafePathError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import { validateDocuments } from '../image/validate-image.ts';
import type { Digest } from '../oci/digest.ts';
import {
  type ConnectionOptions,
  type ProcessOverrides,
  type ResolvedOptions,
  resolveOptions,
} from '../options.ts';
import {
  mergeImage,
  type OpenedSource,
  openSource,
  openSourceMedium,
  type SourceMedium,
  sourceDigest,
  sourceLocation,
} from '../source/source.ts';
import { traceSource } from '../source/trace-source.ts';
import { checkClosures } from '../trace/checks/closure-check.ts';
import type { Finding } from '../trace/checks/finding.ts';
import { checkProcess } from '../trace/checks/process-check.ts';
import { accountOf } from '../trace/users.ts';
import { Warnings } from '../warnings.ts';
import { compareWithOriginal } from './verify-against.ts';

/** VerifyOptions is what `oslim verify` takes. */
export interface VerifyOptions extends ConnectionOptions, ProcessOverrides {
  readonly image: string;
  readonly platform?: string | undefined;
  /** The image that it was made of: everything that it resolves has to resolve to the same bytes. */
  readonly against?: string | undefined;
  /** Undefined symbols too. */
  readonly symbols?: boolean;
  /** Notes count as findings. */
  readonly strict?: boolean;
  readonly allowMissing?: readonly string[];
  readonly signal?: AbortSignal;
}

/** VerifyReport is the document that `oslim verify --json` prints. */
export interface VerifyReport {
  readonly schema: '1.0';
  readonly source: { readonly name: string; readonly digest?: Digest };
  readonly against?: { readonly name: string; readonly digest: Digest };
  readonly findings: readonly Finding[];
  /** What may be damage, of files that nothing is known to use. */
  readonly notes: readonly Finding[];
  /** What was looked at. */
  readonly checked: {
    readonly layers: number;
    readonly programs: number;
    readonly libraries: number;
    /** Files compared with the original. */
    readonly files?: number;
  };
}

/**
 * Checks an image without running it: its digests, what its config names, and that the loader finds everything that the
 * process starts. What is wrong with the image is a finding; throws OslimError where it cannot be had.
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const { symbols = false, strict = false, against, ...rest } = options;
  const resolved = resolveOptions(rest);
  const report = await withChecked(resolved, async (source, layers) => {
    const checked = await checkOpened(source, resolved, symbols);
    const base = { schema: '1.0' as const, source: { name: source.name, digest: source.identity.digest } };
    if (against === undefined) return { ...base, ...checked, checked: { ...checked.checked, layers } };
    const original = await openSource({ ...resolved, image: against });
    try {
      const { findings, files } = await compareWithOriginal(original, source);
      return {
        ...base,
        against: { name: original.name, digest: original.identity.digest },
        findings: [...checked.findings, ...findings],
        notes: checked.notes,
        checked: { ...checked.checked, layers, files },
      };
    } finally {
      await original.close();
    }
  });
  return strict ? { ...report, findings: [...report.findings, ...report.notes], notes: [] } : report;
}

/** Opens the image, verifying every blob, and hands it to `check`; damage that keeps it from being read is the report. */
async function withChecked(
  options: ResolvedOptions,
  check: (source: OpenedSource, layers: number) => Promise<VerifyReport>,
): Promise<VerifyReport> {
  const location = sourceLocation(options);
  if (location.kind === 'rootfs') {
    const source = await openSource(options);
    try {
      return await check(source, 0);
    } finally {
      await source.close();
    }
  }
  const medium = await openSourceMedium(location, options);
  try {
    return await checkMedium(medium, options, check);
  } finally {
    await medium.close();
  }
}

async function checkMedium(
  medium: SourceMedium,
  options: ResolvedOptions,
  check: (source: OpenedSource, layers: number) => Promise<VerifyReport>,
): Promise<VerifyReport> {
  let image: Image | undefined;
  let source: OpenedSource;
  try {
    image = await medium.medium.open(medium.query);
    validateDocuments(image);
    source = await mergeImage(image, medium, options);
  } catch (error) {
    const isDamage = error instanceof IntegrityError || (image !== undefined && isDamageOfLayers(error));
    if (!isDamage) throw error;
    return damagedReport(medium.reference ?? options.image, image, error);
  }
  try {
    return await check(source, image.layers.length);
  } finally {
    await source.close();
  }
}

function isDamageOfLayers(error: unknown): error is OslimError {
  return error instanceof FormatError || error instanceof ImageError || error instanceof UnsafePathError;
}

function damagedReport(name: string, image: Image | undefined, error: OslimError): VerifyReport {
  return {
    schema: '1.0',
    source: { name, ...(image === undefined ? {} : { digest: sourceDigest(image) }) },
    findings: [
      {
        code: error instanceof IntegrityError ? 'DIGEST' : 'DAMAGED',
        message: error.message,
        advice: 'get the image again from where it was made; nothing else of it was checked',
      },
    ],
    notes: [],
    checked: { layers: image?.layers.length ?? 0, programs: 0, libraries: 0 },
  };
}

/** Is it about a file as such, and not about one of several things that it needs? */
function isOfOneFile({ code }: Finding): boolean {
  return code === 'DAMAGED' || code === 'NOT_EXECUTABLE' || code === 'INTERPRETER' || code === 'ARCHITECTURE';
}

/** Checks a merged image: process first, then every closure. */
export async function checkOpened(
  source: OpenedSource,
  options: ResolvedOptions,
  symbols: boolean,
): Promise<
  Pick<VerifyReport, 'findings' | 'notes'> & { readonly checked: { programs: number; libraries: number } }
> {
  const { rootfs, image } = source;
  // What cannot start is told below, of every program and not of the first alone.
  const traced = await traceSource(source, options, new Warnings(), () => {});
  const { process, linker, graph } = traced;
  const context = {
    rootfs,
    process,
    linker,
    user: accountOf(rootfs, process.user),
    architecture: image.config.architecture,
  };
  const closures = checkClosures(context, graph, { symbols, allowMissing: options.allowMissing });
  // The first that says what is wrong with a file says it for the closures that meet it again.
  const findings = new Map<string, Finding>();
  for (const finding of [...checkProcess(context), ...closures.findings]) {
    const subject = isOfOneFile(finding) ? `${finding.code} ${finding.path}` : finding.message;
    if (!findings.has(subject)) findings.set(subject, finding);
  }
  return {
    findings: [...findings.values()],
    notes: closures.notes,
    checked: { programs: closures.programs, libraries: closures.libraries },
  };
}
