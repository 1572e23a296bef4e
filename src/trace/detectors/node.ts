import type { Package } from '../../packages/package.ts';
import { baseName, isWithin, parentPath, type RootPath } from '../../rootfs/root-path.ts';
import { type InterpreterCall, interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector, Invocation, KeptFile } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { globalDirectories } from '../languages/node/installation.ts';
import { Manifests } from '../languages/node/manifest.ts';
import { isInNodeModules } from '../languages/node/node-packages.ts';
import { type Platform, platformOf } from '../languages/node/platform.ts';
import type { SourceStore } from '../languages/node/source-store.ts';
import { unreadPart } from '../languages/widen-unread.ts';
import { megabytes } from '../megabytes.ts';
import type { Trace } from '../trace.ts';

const NAME = 'node';

/** Is it a distribution's package of modules or of a program in JavaScript, whose files this detector keeps one by one? */
export function claimsNode(pkg: Package): boolean {
  // Debian: section javascript; Fedora and Alpine put no single modules into packages.
  if (pkg.name.startsWith('node-')) return true;
  return (
    pkg.section === 'javascript' &&
    pkg.depends.some((names) => names.some((name) => name === 'nodejs' || name.startsWith('node-')))
  );
}

/** Keeps what programs of Node.js load: modules as the interpreter finds them, their packages' data, and what their code names. */
export function nodeDetector(facts: ElfFacts): Detector {
  const roots = new Set<RootPath>();
  let sources: SourceStore | undefined;
  let manifests: Manifests | undefined;

  return {
    name: NAME,
    async invoke(invocation, trace) {
      const call = interpreterCall(invocation);
      if (call?.language !== 'node') return;
      const { invokedAs, program, env, cwd } = invocation;
      if (cwd !== '/') roots.add(cwd);
      const entry =
        call.kind === 'file' && call.value !== undefined
          ? trace.rootfs.resolve(call.value, { cwd })
          : undefined;
      if (entry !== undefined && parentPath(entry.path) !== '/') roots.add(parentPath(entry.path));
      // The parser is loaded only where there is something to parse.
      const [{ NodeProgram }, { SourceStore }] = await Promise.all([
        import('../languages/node/node-program.ts'),
        import('../languages/node/source-store.ts'),
      ]);
      sources ??= new SourceStore(trace.rootfs);
      manifests ??= new Manifests(trace.rootfs);
      const globals = globalDirectories(trace.rootfs, program, env, cwd);
      const platform = platformAt(trace, facts, program);
      const started = new NodeProgram(
        { trace, sources, manifests, executable: invokedAs, platform, globals, env, cwd },
        call,
      );
      if (trace.options.level === 'safe') started.keepAll('--level safe');
      if (!started.run()) widen(trace, call, invocation, () => started.keepAll('the program cannot be read'));
    },
    detect(file, trace) {
      keepExternalBuiltins(file, trace, facts);
    },
    settle(trace) {
      keepUnclaimed(trace, roots);
    },
  };
}

function platformAt(trace: Trace, facts: ElfFacts, program: RootPath): Platform {
  const inode = trace.rootfs.lookup(program);
  const elf = inode?.type === 'file' ? facts.of(inode) : undefined;
  return platformOf(elf?.machine, elf?.interp);
}

/**
 * Distributions build the interpreter with its JavaScript dependencies outside of it (configure
 * --shared-builtin-…-path): it spells their paths and does not start without them.
 */
function keepExternalBuiltins({ path, inode }: KeptFile, trace: Trace, facts: ElfFacts): void {
  if (inode.type !== 'file' || !/^(?:libnode\.so|node(?:js)?(?:-?\d|$))/.test(baseName(path))) return;
  for (const { text } of facts.strings(inode)) {
    if (/^\/[\w./@-]+\.js$/.test(text))
      trace.keep(text, { detector: NAME, from: path, detail: `built with ${text}`, certainty: 'exact' });
  }
}

/** A program that cannot be read may load anything that is installed for it. */
function widen(trace: Trace, call: InterpreterCall, { program }: Invocation, keepAll: () => number): void {
  if (trace.options.level === 'minimal') return;
  const bytes = keepAll();
  if (bytes > 0)
    trace.warnings.add(
      'WIDENED',
      `cannot tell what "${program}" loads for ${unreadPart(call)}: everything that is installed beside it is kept (${megabytes(bytes)})`,
      program,
    );
}

/**
 * Keeps node_modules directories of kept applications that no program of Node.js runs from: what else may serve or
 * read them is not known.
 */
function keepUnclaimed(trace: Trace, roots: ReadonlySet<RootPath>): void {
  if (trace.options.level === 'minimal') return;
  for (const path of [...trace.graph.paths()]) {
    if (isInNodeModules(path) || trace.rootfs.lookup(path)?.type !== 'directory') continue;
    if (!trace.rootfs.list(path).includes('node_modules')) continue;
    const isApplication = trace.graph
      .reasons(path)
      .some(({ detector }) => detector === 'unowned' || detector === 'copied');
    if (!isApplication || [...roots].some((root) => isWithin(root, path) || isWithin(path, root))) continue;
    const reason = {
      detector: NAME,
      from: path,
      detail: 'modules of an application that no program of Node.js was seen to run',
      certainty: 'inferred',
    } as const;
    trace.keepTree(`${path}/node_modules` as RootPath, reason);
  }
}
