import { InternalError } from '../errors.ts';
import type { Linker } from '../ldso/linker.ts';
import type { ExecutionConfig } from '../oci/config.ts';
import { openPackages } from '../packages/package-index.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Detector } from '../trace/detector.ts';
import type { KeepGraph } from '../trace/keep-graph.ts';
import type { LayerOrigin } from '../trace/layer-origin.ts';
import { processSpecOf } from '../trace/process-spec.ts';
import type { TraceOptions } from '../trace/trace.ts';
import { traceImage } from '../trace/tracer.ts';
import { type Warning, Warnings } from '../warnings.ts';

/** What a trace of a test kept. */
interface TraceResult {
  readonly graph: KeepGraph;
  /** Sorted; the root is left out. */
  readonly paths: readonly string[];
  /** `PATH: DETECTOR: DETAIL` for each reason of each path, sorted by path. */
  readonly reasons: readonly string[];
  readonly warnings: readonly Warning[];
}

interface TraceOfOptions extends Partial<TraceOptions> {
  /** Needed by detectors of libraries only: without it, asking the linker is an InternalError. */
  readonly linker?: Linker;
  /** One base layer when absent. */
  readonly layers?: readonly LayerOrigin[];
}

const OPTIONS: TraceOptions = {
  level: 'default',
  certificates: false,
  zoneinfo: false,
  inferred: true,
  include: [],
  exclude: [],
  includeCommands: [],
  includePackages: [],
  keepPaths: [],
  allowMissing: [],
};

/** A detector that runs the config's Entrypoint and Cmd and its health check, and nothing else. */
const START: Detector = {
  name: 'root',
  start(trace) {
    trace.run(trace.process.argv, { detector: 'root', detail: 'Entrypoint', certainty: 'exact' });
    const { healthcheck } = trace.process;
    if (healthcheck) trace.run(healthcheck, { detector: 'root', detail: 'Healthcheck', certainty: 'exact' });
  },
};

/** Traces the process of `config` in `rootfs` with these detectors only. */
export async function traceOf(
  rootfs: Rootfs,
  config: ExecutionConfig,
  detectors: readonly Detector[],
  { linker = noLinker(), layers = [{ kind: 'base', createdBy: '' }], ...options }: TraceOfOptions = {},
): Promise<TraceResult> {
  const warnings = new Warnings();
  const graph = await traceImage(
    {
      rootfs,
      process: processSpecOf(config),
      options: { ...OPTIONS, ...options },
      packages: await openPackages(rootfs, warnings),
      linker,
      warnings,
      layers,
    },
    [START, ...detectors],
  );
  const paths = [...graph.paths()].filter((path) => path !== '/').sort();
  return {
    graph,
    paths,
    reasons: paths.flatMap((path) =>
      graph.reasons(path).map(({ detector, detail }) => `${path}: ${detector}: ${detail}`),
    ),
    warnings: warnings.list(),
  };
}

function noLinker(): Linker {
  return new Proxy({} as Linker, {
    get(_, name) {
      throw new InternalError(`this trace has no linker to ask for ${String(name)}`);
    },
  });
}
