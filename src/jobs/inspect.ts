import { ImageError, UsageError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import { type ResolvedOptions, resolveOptions, type SlimOptions } from '../options.ts';
import { openPackages } from '../packages/package-index.ts';
import { findTools } from '../packages/shells-and-managers.ts';
import { contentsOf, costsOf } from '../result/contents.ts';
import type { Contents, CostRow } from '../result/slim-result.ts';
import { type DiveFigures, type HiddenFile, LayerAccount, type LayerUse } from '../rootfs/layer-account.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import { mergeImage, type OpenedSource, openSourceMedium, sourceLocation } from '../source/source.ts';
import { traceSource, whatIsKept } from '../source/trace-source.ts';
import { Warnings } from '../warnings.ts';
import { type Breakdown, breakDown } from './image-breakdown.ts';

/** InspectOptions is what `oslim inspect` takes: an image, and how it would be slimmed. */
export interface InspectOptions extends SlimOptions {
  /** False leaves out what slimming would leave. */
  readonly trace?: boolean;
}

/** A line of the image's history, and the layer that it made. */
export interface InspectedStep extends LayerUse {
  /** As the config's history has it; empty where the history does not tell of this layer. */
  readonly command: string;
  readonly created?: string;
  /** Absent for a step that made no layer. */
  readonly diffId?: Digest;
}

/** InspectReport is the document that `oslim inspect --json` prints; sizes are bytes. */
export interface InspectReport extends Breakdown {
  readonly schema: '1.0';
  readonly source: { readonly name: string; readonly digest: Digest; readonly platform: string };
  readonly contents: Contents;
  /** Lowest first. */
  readonly steps: readonly InspectedStep[];
  /** Files that layers have and the image does not show, largest first. */
  readonly hidden: { readonly bytes: number; readonly files: readonly HiddenFile[] };
  readonly dive: DiveFigures;
  readonly shells: readonly RootPath[];
  readonly packageManagers: readonly RootPath[];
  /** What slimming would leave, or why the image cannot be slimmed; absent when nobody asked. */
  readonly slim?: SlimForecast | { readonly error: string };
}

/** SlimForecast is what slimming would leave. */
export interface SlimForecast {
  readonly after: Contents;
  readonly costs: readonly CostRow[];
  readonly warnings: number;
}

/** Says what an image is made of. Throws OslimError. */
export async function inspect(options: InspectOptions): Promise<InspectReport> {
  const { trace = true, ...rest } = options;
  const resolved = resolveOptions(rest);
  const location = sourceLocation(resolved);
  if (location.kind === 'rootfs')
    throw new UsageError(`cannot inspect "${resolved.image}": a directory is no image, it has no layers`);
  const medium = await openSourceMedium(location, resolved);
  try {
    const image = await medium.medium.open(medium.query);
    const account = new LayerAccount();
    const source = await mergeImage(image, medium, resolved, (_, changes, below) =>
      account.observe(changes, below),
    );
    try {
      return await inspectOpened(source, image, account, resolved, trace);
    } finally {
      await source.close();
    }
  } finally {
    await medium.close();
  }
}

async function inspectOpened(
  source: OpenedSource,
  image: Image,
  account: LayerAccount,
  options: ResolvedOptions,
  trace: boolean,
): Promise<InspectReport> {
  const { rootfs } = source;
  const packages = await openPackages(rootfs, new Warnings());
  const { os, architecture, variant } = image.config;
  const hidden = account.hidden(rootfs);
  const paths = [...rootfs.walk()].flatMap(([path, inode]) => (inode.type === 'directory' ? [] : [path]));
  // What /etc/cron.daily and /usr/share/bug call `dpkg` is a script about it.
  const tools = findTools(
    rootfs,
    paths.filter((path) => !/^\/(?:etc|usr\/share)\//.test(path)),
  );
  const pathsOf = (kind: 'shell' | 'package-manager') =>
    tools.filter((tool) => tool.kind === kind).map(({ path }) => path);
  return {
    schema: '1.0',
    source: {
      name: source.name,
      digest: source.identity.digest,
      platform: formatPlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) }),
    },
    contents: contentsOf(rootfs, packages),
    steps: stepsOf(image, account.layers(rootfs)),
    hidden: { bytes: hidden.reduce((total, { bytes }) => total + bytes, 0), files: hidden },
    dive: account.dive(),
    ...breakDown(rootfs, packages),
    shells: pathsOf('shell'),
    packageManagers: pathsOf('package-manager'),
    ...(trace ? { slim: await forecastOf(source, options) } : {}),
  };
}

/** Pairs history and layers, where the history has an entry for each layer that is not empty (config.md, "history"). */
function stepsOf({ config, layers }: Image, uses: readonly LayerUse[]): readonly InspectedStep[] {
  const nothing: LayerUse = { bytes: 0, files: 0, hiddenBytes: 0 };
  const filled = config.history.filter(({ empty_layer }) => empty_layer !== true).length;
  if (filled !== layers.length)
    return layers.map(({ diffId }, at) => ({ command: '', diffId, ...(uses[at] ?? nothing) }));
  let at = 0;
  return config.history.map(({ created_by, created, empty_layer }) => {
    const common = { command: created_by ?? '', ...(created === undefined ? {} : { created }) };
    if (empty_layer === true) return { ...common, ...nothing };
    const layer = layers[at];
    const use = uses[at++] ?? nothing;
    return { ...common, ...(layer === undefined ? {} : { diffId: layer.diffId }), ...use };
  });
}

/** An image that cannot be slimmed (nothing to run, a library missing) can be looked at all the same. */
async function forecastOf(
  source: OpenedSource,
  options: ResolvedOptions,
): Promise<SlimForecast | { error: string }> {
  const warnings = new Warnings();
  try {
    const traced = await traceSource(source, options, warnings);
    const { slimRootfs, overrides } = await whatIsKept(traced, source, options);
    return {
      after: contentsOf(slimRootfs, traced.packages, overrides),
      costs: costsOf(source.rootfs, traced.graph),
      warnings: warnings.list().length,
    };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { error: error.message };
  }
}
