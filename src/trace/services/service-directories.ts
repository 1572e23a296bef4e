/** A supervisor that runs what stands in service directories. */
export interface ServiceDirectories {
  readonly programs: RegExp;
  /** Does its last operand name the directory: of one service, or of all? */
  readonly operand: 'one' | 'all' | 'none';
  /** Directories of services when no operand does. */
  readonly directories: readonly string[];
  readonly source: string;
}

export const SERVICE_DIRECTORIES: readonly ServiceDirectories[] = [
  {
    programs: /^(?:runsvdir|runsvdir-start|runit|runit-init)$/,
    operand: 'all',
    directories: ['/etc/service', '/service', '/var/service', '/etc/runit/runsvdir/default', '/etc/sv'],
    source: 'runsvdir(8), runit(8)',
  },
  {
    programs: /^(?:runsv|s6-supervise|supervise)$/,
    operand: 'one',
    directories: [],
    source: 'runsv(8); s6-supervise',
  },
  {
    programs: /^(?:s6-svscan|svscan|svscanboot|perpd|perpboot|nosh)$/,
    operand: 'all',
    directories: ['/etc/s6', '/service', '/etc/perp', '/run/service'],
    source: 's6-svscan; daemontools svscan; perpd(8)',
  },
  {
    programs: /^(?:init|s6-overlay-suexec|s6-rc-init|s6-linux-init|stage[0-3]|preinit)$/,
    operand: 'none',
    directories: [
      '/etc/services.d',
      '/etc/s6-overlay/s6-rc.d',
      '/package/admin/s6-overlay-*/etc/s6-rc/sources/*',
    ],
    source: 'README of s6-overlay, "Usage"',
  },
  {
    programs: /^my_init$/,
    operand: 'none',
    directories: ['/etc/service'],
    source: 'README of baseimage-docker',
  },
];

/** Scripts that an init runs before or after its services: every executable in the directory. */
export const INIT_SCRIPTS: readonly {
  readonly programs: RegExp;
  readonly directories: readonly string[];
  readonly source: string;
}[] = [
  {
    programs: /^(?:init|s6-overlay-suexec|preinit)$/,
    directories: ['/etc/cont-init.d', '/etc/cont-finish.d', '/etc/fix-attrs.d', '/etc/s6-overlay/scripts'],
    source: 'README of s6-overlay',
  },
  {
    programs: /^my_init$/,
    directories: ['/etc/my_init.d', '/etc/my_init.pre_shutdown.d', '/etc/my_init.post_shutdown.d'],
    source: 'README of baseimage-docker',
  },
  { programs: /^runit(?:-init)?$/, directories: ['/etc/runit'], source: 'runit(8): stages 1 to 3' },
];

/** The files of a service directory that are programs (runsv(8), servicedir of s6, s6-rc-compile). */
export const SERVICE_PROGRAM = /^(?:run|finish|check|up|down|crash|conf|main|rc\.main|rc\.log)$/;
