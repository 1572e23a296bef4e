import { run, runInRoot } from '../compare-ldso/chroot.js';

/**
 * Program is an ELF file with an interpreter, as a loader is asked about it.
 * @typedef {{ path: string, interp: string, machine: number }} Program
 */

/**
 * Returns why the image's own loader would not start a program in the directory, or undefined when it would. The program never
 * runs: the loader lists what it maps and checks versions (LD_TRACE_LOADED_OBJECTS, ld.so(8)).
 * @param {string} root
 * @param {Program} program
 * @param {Readonly<Record<string, string>>} env
 * @returns {Promise<string | undefined>}
 */
export async function refusalOf(root, { path, interp, machine }, env) {
  const variables = { ...env, LD_TRACE_LOADED_OBJECTS: '1' };
  // musl lists under this option only (ldso/dynlink.c); older glibc has no such option.
  const list = interp.includes('ld-musl') ? ['--list'] : [];
  const { stdout, stderr, status } = await runInRoot(root, machine, [interp, ...list, path], {
    env: variables,
  });
  const text = `${stdout}\n${stderr}`;
  if (status !== 0) return text.trim().split('\n')[0] ?? `status ${status}`;
  return text.split('\n').find((line) => /not found/.test(line));
}

/** Follows the way of execve(2) in the root: the file, its #! interpreter, theirs. Prints what may not be executed. */
const EXECUTABLE = `
  my ($root, $file) = @ARGV;
  chroot($root) && chdir('/') or die;
  for my $depth (0 .. 4) {
    -f $file && -x $file or print $file and exit;
    open(my $in, '<', $file) or print $file and exit;
    read($in, my $head, 256);
    exit if substr($head, 0, 4) eq "\\x7fELF" && length($head) > 63;
    $head =~ /^#![ \\t]*([^ \\t\\r\\n]+)/ or print $file and exit;
    $file = $1;
  }
`;

/**
 * Returns the file that keeps the kernel from starting `command` in the directory, or undefined.
 * @param {string} root
 * @param {string} command
 * @returns {Promise<string | undefined>}
 */
export async function notExecutable(root, command) {
  const { stdout, stderr, status } = await run('perl', ['-e', EXECUTABLE, root, command]);
  if (status !== 0) throw new Error(`cannot look into ${root}: ${stderr}`);
  return stdout === '' ? undefined : stdout;
}
