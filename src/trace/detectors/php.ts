import type { Package } from '../../packages/package.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector, Invocation } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { PHP_SERVERS } from '../knowledge/php.ts';
import { literalTexts } from '../languages/interpreter-literals.ts';
import { findInstallation } from '../languages/php/installation.ts';
import { isInterpreterPackage, PhpProgram } from '../languages/php/php-program.ts';
import { megabytes } from '../megabytes.ts';
import type { Trace } from '../trace.ts';

const NAME = 'php';

/** Is it a package of the interpreter and its extensions, whose files this detector keeps one by one? */
export function claimsPhp(pkg: Package): boolean {
  return isInterpreterPackage(pkg);
}

/** Keeps what PHP loads: its configuration and the extensions that it names, applications whole, and packages that they include. */
export function phpDetector(facts: ElfFacts): Detector {
  const servers = new Map<RootPath, PhpProgram | undefined>();
  const scripts = new Set<RootPath>();

  function open(
    trace: Trace,
    executable: RootPath,
    { cwd, env }: Pick<Invocation, 'cwd' | 'env'>,
  ): PhpProgram | undefined {
    const inode = trace.rootfs.file(executable)?.inode;
    if (inode === undefined || facts.of(inode) === undefined) return undefined;
    const installation = findInstallation(trace.rootfs, literalTexts(facts, inode));
    return new PhpProgram({ trace, installation, executable, cwd, env });
  }

  return {
    name: NAME,
    invoke(invocation, trace) {
      const call = interpreterCall(invocation);
      if (call?.language !== 'php') return;
      const program = open(trace, invocation.program, invocation);
      if (program === undefined) return;
      program.start(call.options);
      const { cwd } = invocation;
      if (call.kind === 'code' && call.value !== undefined) program.runCode(call.value);
      const file =
        call.kind === 'file' && call.value !== undefined ? trace.rootfs.file(call.value, cwd) : undefined;
      if (file !== undefined) program.runFile(file.path);
      // The built-in server (php -S): its files are those of -t, or of the working directory.
      if (call.options.some(({ name }) => name === '-S' || name === '--server')) program.followTree(cwd);
      for (const { name, value } of call.options) {
        const root =
          /^(?:-t|--docroot)$/.test(name) && value ? trace.rootfs.resolve(value, { cwd }) : undefined;
        if (root !== undefined) program.followTree(root.path);
      }
      if (call.kind !== 'none' && call.kind !== 'code' && file === undefined)
        widen(trace, program, invocation.program);
    },
    detect({ path, inode }, trace) {
      if (inode.type !== 'file') return;
      if (/\.php$/.test(path)) scripts.add(path);
      if (!PHP_SERVERS.test(baseName(path)) || servers.has(path)) return;
      const program = open(trace, path, trace.process);
      servers.set(path, program);
      program?.start([]);
      program?.followDocumentRoots();
    },
    /** A server runs whatever its configuration brought near: an aliased directory, a front controller in a package. */
    settle() {
      if (servers.size === 0) return;
      for (const program of servers.values()) for (const script of scripts) program?.follow(script);
      scripts.clear();
    },
  };
}

function widen(trace: Trace, program: PhpProgram, executable: RootPath): void {
  if (trace.options.level === 'minimal') return;
  const bytes = program.keepAll();
  if (bytes === 0) return;
  trace.warnings.add(
    'WIDENED',
    `cannot tell what "${executable}" runs: all that is installed for it is kept (${megabytes(bytes)})`,
    executable,
  );
}
