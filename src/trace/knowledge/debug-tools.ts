/** Commands that people want at hand who look into a running container; those that the original has come into a debug image. */
interface DebugTools {
  readonly what: string;
  readonly commands: string;
  readonly source: string;
}

const DEBUG_TOOLS: readonly DebugTools[] = [
  { what: 'a shell', commands: '/bin/sh sh bash ash busybox', source: 'what `docker exec -it … sh` starts' },
  {
    what: 'files',
    commands:
      'ls cat cp mv rm ln mkdir touch chmod chown stat readlink du df find file which head tail less more',
    source: 'POSIX.1-2017, Utilities; coreutils, findutils',
  },
  {
    what: 'texts',
    commands: 'grep sed awk sort uniq wc cut tr xargs diff vi od',
    source: 'POSIX.1-2017, Utilities',
  },
  {
    what: 'processes',
    commands: 'ps top kill pgrep free uptime env id whoami date sleep uname lsof strace gdb',
    source: 'procps, psmisc; strace(1), gdb(1)',
  },
  {
    what: 'the network',
    commands: 'ip ss netstat ping nslookup dig host hostname curl wget nc openssl getent',
    source: 'iproute2, net-tools, bind9-dnsutils; getent(1)',
  },
  { what: 'archives and libraries', commands: 'tar gzip ldd', source: 'tar(1), ldd(1)' },
];

/** The names of all of them. */
export const DEBUG_COMMANDS: readonly string[] = DEBUG_TOOLS.flatMap(({ commands }) => commands.split(' '));
