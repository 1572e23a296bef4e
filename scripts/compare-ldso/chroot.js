import { spawn } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ stdout: string, stderr: string, status: number | null }} Run */

/** e_machine → the static qemu-user that runs it where the host's processor cannot. */
const QEMU = /** @type {Readonly<Record<number, string>>} */ ({
  3: 'qemu-i386-static',
  8: 'qemu-mips64el-static',
  21: 'qemu-ppc64le-static',
  22: 'qemu-s390x-static',
  40: 'qemu-arm-static',
  62: 'qemu-x86_64-static',
  183: 'qemu-aarch64-static',
  243: 'qemu-riscv64-static',
});

const NATIVE = /** @type {Readonly<Record<string, readonly number[]>>} */ ({ x64: [62, 3], arm64: [183] });

/**
 * How a program in a root is started: `proc` mounts /proc there, in a mount namespace of its own (a loader learns
 * $ORIGIN of a started program from it).
 * @typedef {{ env?: Readonly<Record<string, string>>, uid?: number, cwd?: string, proc?: boolean }} Start
 */

/**
 * Enters the root and becomes the user before it sets the environment: LD_* variables of the image's loader must not
 * reach a dynamic chroot(1) or unshare(1) of the host. Perl is there wherever mmdebstrap is.
 */
const ENTER = `
  my ($root, $uid, $cwd) = (shift, shift, shift);
  chroot($root) && chdir($cwd) or die "cannot enter $root: $!\\n";
  if ($uid) { $) = "$uid $uid"; $( = $uid; $< = $uid; $> = $uid; }
  while (@ARGV && $ARGV[0] =~ /^(\\w+)=(.*)$/s) { $ENV{$1} = $2; shift }
  exec { $ARGV[0] } @ARGV or print STDERR "cannot run $ARGV[0]: $!\\n" and exit 126;
`;

const WITH_PROC = ['unshare', '--mount', 'sh', '-c', 'mount --bind /proc "$0/proc" && exec "$@"'];

/**
 * Runs a program of the root filesystem at the host directory `root` in a chroot, through a static qemu when it is
 * for another machine. As another user than root this needs unprivileged user namespaces.
 * @param {string} root
 * @param {number} machine
 * @param {readonly string[]} command
 * @param {Start} [start]
 * @returns {Promise<Run>}
 */
export function runInRoot(root, machine, command, { env = {}, uid = 0, cwd = '/', proc = false } = {}) {
  const enter = [
    ...(process.geteuid?.() === 0 ? [] : ['unshare', '--map-root-user']),
    ...(proc ? [...WITH_PROC, root] : []),
    ...['perl', '-e', ENTER, root, String(uid), cwd],
  ];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const [program = '', ...args] = [...enter, ...variables, ...emulator(root, machine), ...command];
  return run(program, args);
}

/**
 * Runs a program of the host and returns what it printed, whatever its status.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<Run>}
 */
export function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ stdout, stderr, status }));
  });
}

/**
 * Returns the words that go before a command for `machine`; qemu is copied into the root, where the chroot sees it.
 * @param {string} root
 * @param {number} machine
 * @returns {string[]}
 */
function emulator(root, machine) {
  if (NATIVE[process.arch]?.includes(machine)) return [];
  const name = QEMU[machine];
  if (name === undefined) throw new Error(`no emulator is known for ELF machine ${machine}`);
  const inside = `/.${name}`;
  if (!existsSync(join(root, inside))) copyFileSync(`/usr/bin/${name}`, join(root, inside));
  return [inside];
}
