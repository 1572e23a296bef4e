import { baseName, joinPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import type { Detector, Word } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { accountShells } from '../services/account-shells.ts';
import { expandGlobs } from '../services/expand-globs.ts';
import {
  LOGIN_PROGRAMS,
  PAM_DATA,
  PAM_SERVICES,
  SECURITY_DIRECTORIES,
  SWITCH_PROGRAMS,
} from '../services/pam-knowledge.ts';
import { parsePamService } from '../services/pam-service.ts';
import type { Trace } from '../trace.ts';

const NAME = 'pam';
const LIBRARY = /^libpam\.so(?:\.\d+)*$/;

/**
 * Keeps what logging in needs: where a program that links libpam was kept, the service files of the started programs
 * with the modules that they name; where a login program was started, the shells of the accounts that may log in.
 */
export function pamDetector(): Detector {
  /** For each trace the base names of started programs, each with the program. */
  const started = new WeakMap<Trace, Map<string, RootPath>>();
  return {
    name: NAME,
    invoke({ program, invokedAs, argv }, trace) {
      const names = started.get(trace) ?? new Map<string, RootPath>();
      started.set(trace, names);
      names.set(baseName(invokedAs), program);
      names.set(baseName(program), program);
      const name = baseName(invokedAs);
      if (LOGIN_PROGRAMS.programs.test(name)) keepShells(program, undefined, trace);
      if (SWITCH_PROGRAMS.programs.test(name)) keepShells(program, switchedTo(argv), trace);
    },
    settle(trace) {
      const library = [...trace.graph.paths()].find((path) => LIBRARY.test(baseName(path)));
      if (library === undefined) return;
      keepData(library, trace);
      for (const [name, program] of started.get(trace) ?? []) keepServices(name, program, trace);
    },
  };
}

function why(from: RootPath, detail: string): KeepReason {
  return { detector: NAME, from, detail, certainty: 'exact' };
}

/** su(1): the account is an operand, root without one; a shell that an option names is the wrapper's to run. */
function switchedTo(argv: readonly Word[]): readonly string[] {
  const words = argv.slice(1).filter((word) => word !== undefined);
  if (words.some((word) => /^(?:-s|--shell|-u|--user)/.test(word))) return [];
  const names = words.filter((word) => /^[a-z_][\w.-]*\$?$/i.test(word));
  return names.length > 0 ? names : ['root'];
}

function keepShells(program: RootPath, names: readonly string[] | undefined, trace: Trace): void {
  for (const { shell, home, name } of accountShells(trace.rootfs, names)) {
    trace.run([shell, '-l'], why(program, `the login shell of ${name}`));
    if (home !== '/') trace.keep(home, why(program, `the home of ${name}`));
  }
  if (names !== undefined) return;
  for (const path of LOGIN_PROGRAMS.files) trace.keep(path, why(program, 'read at log-in'));
}

function keepData(library: RootPath, trace: Trace): void {
  for (const glob of PAM_DATA.files) {
    for (const path of expandGlobs(trace.rootfs, glob, rootPath('/')))
      trace.keep(path, why(library, 'read by PAM and its modules'));
  }
  for (const name of PAM_DATA.programs) trace.run([name], why(library, 'started by pam_unix'));
  keepService('other', library, trace, new Set());
}

/** The service of a program has its name, one that its documentation gives, or lies in its package. */
function keepServices(name: string, program: RootPath, trace: Trace): void {
  const seen = new Set<string>();
  const named = [name, ...(PAM_SERVICES.find((row) => row.programs.test(name))?.services ?? [])];
  for (const service of named) keepService(service, program, trace, seen);
  const owner = trace.packages.owner(program);
  if (owner === undefined) return;
  for (const path of trace.packages.files(owner)) {
    if (/^\/(?:etc|usr\/lib)\/pam\.d\/[^/]+$/.test(path)) keepService(baseName(path), program, trace, seen);
  }
}

function keepService(name: string, from: RootPath, trace: Trace, seen: Set<string>): void {
  if (seen.has(name) || name.includes('/')) return;
  seen.add(name);
  for (const directory of ['/etc/pam.d', '/usr/lib/pam.d']) {
    const found = trace.keep(`${directory}/${name}`, why(from, `the PAM service ${name}`));
    if (found?.inode.type !== 'file') continue;
    const { modules, includes } = parsePamService(trace.rootfs.text(found.path) ?? '');
    for (const { module, args } of modules) keepModule(module, args, found.path, trace);
    for (const other of includes) keepService(other, found.path, trace, seen);
    return;
  }
}

function keepModule(module: string, args: readonly string[], from: RootPath, trace: Trace): void {
  const paths = module.startsWith('/')
    ? [module]
    : SECURITY_DIRECTORIES.flatMap((glob) => expandGlobs(trace.rootfs, `${glob}/${module}`, rootPath('/')));
  for (const path of paths) trace.keep(path, why(from, `the module ${module}`));
  for (const arg of args) {
    const path = /(?:^|=)(\/[^\s,]+)$/.exec(arg)?.[1];
    if (path === undefined) continue;
    // pam_exec(8) runs its argument.
    if (module === 'pam_exec.so' && arg.startsWith('/')) trace.run([path], why(from, 'run by pam_exec'));
    else trace.keep(path, why(from, `an argument of ${module}`));
  }
  if (module === 'pam_mkhomedir.so') {
    trace.run([joinPath(rootPath('/sbin'), 'mkhomedir_helper')], why(from, 'started by pam_mkhomedir'));
    trace.keepTree(rootPath('/etc/skel'), why(from, 'copied by pam_mkhomedir'));
  }
}
