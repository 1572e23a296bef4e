/** Wrapper is the option grammar of a program that runs what its operands say. */
export interface Wrapper {
  readonly names: readonly string[];
  /** Short options that take a value, as letters. */
  readonly values?: string;
  /** Long options that take a value in the next word; `--x=y` needs no mention. */
  readonly longValues?: readonly string[];
  /** How many operands come before the command (a duration, a user, a directory). */
  readonly operands?: number;
  /** Are `NAME=value` words before the command its environment? */
  readonly assigns?: boolean;
  /** Options whose value is code for `sh -c`. */
  readonly code?: readonly string[];
  /** Is the command after the options joined and given to `sh -c`? */
  readonly isLine?: boolean;
  /** Does the command only begin after `--`? */
  readonly afterDashes?: boolean;
  /** The program that is given the words as its own arguments. */
  readonly shell?: string;
  /** It runs a command only as the operand of one of these subcommands. */
  readonly subcommands?: readonly string[];
  /** The option that names the command's working directory. */
  readonly directory?: readonly string[];
  /** Where the grammar is documented. */
  readonly source: string;
}

/** Wrappers whose command is the first operand, or the first after a fixed number. */
export const WRAPPERS: readonly Wrapper[] = [
  {
    names: ['env'],
    values: 'uCPa',
    longValues: ['--unset', '--chdir', '--argv0'],
    assigns: true,
    directory: ['-C', '--chdir'],
    source: 'GNU env(1); FreeBSD env(1) for -P',
  },
  {
    names: ['nohup', 'setsid', 'setarch', 'linux64', 'linux32', 'catchsegv'],
    source: 'nohup(1), setsid(1), setarch(8)',
  },
  { names: ['nice'], values: 'n', longValues: ['--adjustment'], source: 'nice(1)' },
  { names: ['ionice'], values: 'cnpPu', longValues: ['--class', '--classdata'], source: 'ionice(1)' },
  { names: ['chrt'], values: 'TPDp', operands: 1, source: 'chrt(1)' },
  { names: ['taskset'], operands: 1, source: 'taskset(1)' },
  {
    names: ['numactl'],
    values: 'ipmCNmw',
    longValues: ['--interleave', '--membind', '--cpunodebind', '--physcpubind', '--preferred'],
    source: 'numactl(8)',
  },
  { names: ['prlimit'], source: 'prlimit(1)' },
  {
    names: ['timeout'],
    values: 'ks',
    longValues: ['--kill-after', '--signal'],
    operands: 1,
    source: 'GNU timeout(1)',
  },
  { names: ['stdbuf'], values: 'ioe', longValues: ['--input', '--output', '--error'], source: 'stdbuf(1)' },
  { names: ['time'], values: 'fo', longValues: ['--format', '--output'], source: 'GNU time(1)' },
  {
    names: ['unbuffer', 'ltrace', 'fakeroot', 'eatmydata', 'proxychains', 'proxychains4', 'torsocks'],
    values: 'f',
    source: 'the manual page of each',
  },
  {
    names: ['strace'],
    values: 'abeEIoOpPsSuUX',
    source: 'strace(1)',
  },
  {
    names: ['xargs'],
    values: 'adEILnPs',
    longValues: [
      '--arg-file',
      '--delimiter',
      '--max-args',
      '--max-procs',
      '--max-chars',
      '--max-lines',
      '--replace',
      '--process-slot-var',
    ],
    source: 'GNU xargs(1)',
  },
  {
    names: ['gosu', 'su-exec', 'setuidgid', 'envuidgid', 's6-setuidgid', 's6-envuidgid'],
    operands: 1,
    source: 'README of gosu; README of su-exec; daemontools and s6 documentation',
  },
  {
    names: ['setpriv'],
    longValues: [
      '--reuid',
      '--regid',
      '--groups',
      '--inh-caps',
      '--ambient-caps',
      '--bounding-set',
      '--securebits',
      '--pdeathsig',
      '--selinux-label',
      '--apparmor-profile',
      '--ruid',
      '--euid',
      '--rgid',
      '--egid',
      '--ptracer',
    ],
    source: 'setpriv(1)',
  },
  { names: ['capsh'], afterDashes: true, shell: '/bin/bash', source: 'capsh(1)' },
  { names: ['chpst'], values: 'uUbe/nlLmdopfrtc', source: 'chpst(8) of runit' },
  {
    names: ['softlimit', 's6-softlimit'],
    values: 'madsolpcfrthHS',
    source: 'daemontools softlimit; s6-softlimit',
  },
  {
    names: [
      'envdir',
      's6-envdir',
      'pgrphack',
      'setlock',
      's6-setlock',
      's6-cd',
      'fdmove',
      'fghack',
      's6-fghack',
    ],
    operands: 1,
    values: 'tTLl',
    source: 'daemontools and s6 documentation',
  },
  {
    names: [
      's6-setsid',
      's6-notifyoncheck',
      's6-sudo',
      's6-sudod',
      'with-contenv',
      'exec',
      'redirfd',
      'cd',
      'umask',
      's6-overlay-suexec',
    ],
    values: 'dstwncmgieE',
    source: 's6 and execline documentation',
  },
  {
    names: ['tini', 'tini-static', 'docker-init', 'catatonit'],
    values: 'pe',
    source: 'README of tini; catatonit(1)',
  },
  { names: ['dumb-init'], values: 'r', longValues: ['--rewrite'], source: 'README of dumb-init' },
  { names: ['pid1', 'my_init'], afterDashes: true, source: 'README of baseimage-docker' },
  {
    names: ['sudo', 'doas'],
    values: 'ughpCcrtTUDRaB',
    longValues: [
      '--user',
      '--group',
      '--host',
      '--prompt',
      '--close-from',
      '--chdir',
      '--chroot',
      '--role',
      '--type',
      '--command-timeout',
      '--other-user',
    ],
    assigns: true,
    directory: ['-D', '--chdir'],
    source: 'sudo(8), doas(1)',
  },
  {
    names: ['runuser'],
    values: 'ugGswT',
    longValues: ['--user', '--group', '--supp-group', '--shell', '--whitelist-environment'],
    code: ['-c', '--command'],
    source: 'runuser(1)',
  },
  {
    names: ['su'],
    values: 'gGswTC',
    longValues: ['--group', '--supp-group', '--shell', '--whitelist-environment'],
    code: ['-c', '--command', '--session-command'],
    operands: 99,
    source: 'su(1)',
  },
  { names: ['chroot'], longValues: ['--groups', '--userspec'], operands: 1, source: 'GNU chroot(8)' },
  {
    names: ['unshare', 'nsenter'],
    values: 'SGRwtT',
    longValues: ['--wd', '--root', '--target', '--propagation', '--setuid', '--setgid', '--setgroups'],
    source: 'unshare(1), nsenter(1)',
  },
  {
    names: ['flock'],
    values: 'wE',
    longValues: ['--timeout', '--wait', '--conflict-exit-code'],
    operands: 1,
    code: ['-c', '--command'],
    source: 'flock(1)',
  },
  { names: ['watch'], values: 'n', longValues: ['--interval'], isLine: true, source: 'watch(1)' },
  { names: ['script'], values: 'EIBOTmo', code: ['-c', '--command'], operands: 99, source: 'script(1)' },
  { names: ['entr'], source: 'entr(1)' },
  {
    names: ['ssh-agent', 'dbus-run-session', 'dbus-launch'],
    values: 'aEtO',
    longValues: ['--config-file', '--dbus-daemon'],
    source: 'ssh-agent(1), dbus-run-session(1), dbus-launch(1)',
  },
  {
    names: ['xvfb-run'],
    values: 'efnpsw',
    longValues: [
      '--error-file',
      '--auth-file',
      '--server-num',
      '--server-args',
      '--xauth-protocol',
      '--wait',
    ],
    source: 'xvfb-run(1)',
  },
  {
    names: ['wait-for-it', 'wait-for-it.sh', 'wait-for', 'wait4ports', 'dockerize'],
    afterDashes: true,
    source: 'README of each',
  },
  {
    names: ['parallel'],
    values: 'jaLnNISCdE',
    isLine: true,
    longValues: ['--jobs', '--arg-file', '--colsep', '--delimiter', '--joblog', '--results'],
    source: 'GNU parallel(1)',
  },
  {
    names: ['authbind', 'valgrind', 'perf', 'cgexec', 'systemd-run', 'systemd-cat', 'systemd-inhibit'],
    values: 'gpu',
    source: 'the manual page of each',
  },
  { names: ['daemon', 'daemonize'], values: 'nuUDrFlNMACLXoOEacepPm', source: 'daemon(1), daemonize(1)' },
  { names: ['chronic', 'ifne'], source: 'chronic(1), ifne(1) of moreutils' },
  { names: ['bundle', 'bundler'], subcommands: ['exec'], source: 'bundle-exec(1)' },
  {
    names: [
      'poetry',
      'pipenv',
      'uv',
      'pdm',
      'rye',
      'hatch',
      'conda',
      'mamba',
      'micromamba',
      'dotenv',
      'doppler',
    ],
    subcommands: ['run'],
    values: 'npCf',
    longValues: [
      '--name',
      '--prefix',
      '--cwd',
      '--directory',
      '--project',
      '--env',
      '--extra',
      '--group',
      '--with',
    ],
    source: 'the manual of each, "run"',
  },
];

/** Returns the wrapper called `name` (a base name). */
export function wrapperOf(name: string): Wrapper | undefined {
  return BY_NAME.get(name);
}

const BY_NAME: ReadonlyMap<string, Wrapper> = new Map(
  WRAPPERS.flatMap((wrapper) => wrapper.names.map((name) => [name, wrapper] as const)),
);
