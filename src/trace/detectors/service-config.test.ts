// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are configuration, not TypeScript.
import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { scriptDetectors } from './scripts.ts';

const ELF = '\x7fELF\0';
const BASE: Record<string, MemoryFile> = {
  '/bin/sh': ELF,
  '/bin/bash': ELF,
  '/usr/bin/job': ELF,
  '/usr/bin/other': ELF,
  '/usr/bin/filter': ELF,
};

async function kept(files: Record<string, MemoryFile>, argv: string[]): Promise<readonly string[]> {
  const config = { Entrypoint: argv, Env: ['PATH=/usr/sbin:/usr/bin:/bin', 'PORT=80'] };
  return (await traceOf(memoryRootfs({ ...BASE, ...files }), config, scriptDetectors())).paths;
}

interface Row {
  readonly summary: string;
  readonly files: Record<string, MemoryFile>;
  readonly argv: string[];
  readonly has: string[];
  readonly hasNot?: string[];
}

const ROWS: readonly Row[] = [
  {
    summary: 'supervisord runs its programs and reads what it includes',
    files: {
      '/usr/bin/supervisord': ELF,
      '/etc/supervisor/supervisord.conf': '[supervisord]\n[include]\nfiles = conf.d/*.conf\n',
      '/etc/supervisor/conf.d/a.conf':
        '[program:a]\ncommand=/usr/bin/job -p %(ENV_PORT)s ; comment\ndirectory=/srv/a\n',
      '/etc/supervisor/conf.d/b.conf':
        ';[program:b]\n;command=/usr/bin/other\n[program:c]\ncommand=bash -c "exec filter"\n',
      '/srv/a': { directory: true },
    },
    argv: ['supervisord', '-n'],
    has: ['/usr/bin/job', '/srv/a', '/bin/bash', '/usr/bin/filter', '/etc/supervisor/conf.d/b.conf'],
    hasNot: ['/usr/bin/other'],
  },
  {
    summary: 'supervisord with another file',
    files: {
      '/usr/bin/supervisord': ELF,
      '/x.conf': '[program:a]\ncommand=job\n',
      '/etc/supervisord.conf': '[program:b]\ncommand=other\n',
    },
    argv: ['supervisord', '-c', '/x.conf'],
    has: ['/x.conf', '/usr/bin/job'],
    hasNot: ['/usr/bin/other', '/etc/supervisord.conf'],
  },
  {
    summary: 'cron runs system jobs by the shell',
    files: {
      '/usr/sbin/cron': ELF,
      '/bin/run-parts': ELF,
      '/etc/crontab':
        'SHELL=/bin/bash\n# 1 2 3 4 5 root other\n17 * * * *\troot\tcd / && run-parts --report /etc/cron.hourly\n*/5 * * * * www job | filter\n',
      '/etc/cron.hourly/mine': '#!/bin/sh\njob\n',
      '/etc/cron.d/x': '@reboot root job 100\\% % input\n',
    },
    argv: ['cron', '-f'],
    has: [
      '/etc/crontab',
      '/bin/bash',
      '/etc/cron.hourly/mine',
      '/usr/bin/job',
      '/usr/bin/filter',
      '/etc/cron.d/x',
    ],
    hasNot: ['/usr/bin/other'],
  },
  {
    summary: 'crontabs of users without a user field; none when cron is not run',
    files: { '/usr/sbin/crond': ELF, '/var/spool/cron/crontabs/app': '0 0 1,15 * 0-6 job\n' },
    argv: ['crond'],
    has: ['/usr/bin/job', '/bin/sh'],
  },
  {
    summary: 'no jobs without cron',
    files: { '/etc/crontab': '0 0 * * * root job\n' },
    argv: ['other'],
    has: [],
    hasNot: ['/usr/bin/job'],
  },
  {
    summary: 'runit runs its services',
    files: {
      '/usr/bin/runsvdir': ELF,
      '/etc/service/a': { link: '/etc/sv/a' },
      '/etc/sv/a/run': '#!/bin/sh\nexec chpst -u x job\n',
      '/usr/bin/chpst': ELF,
      '/etc/sv/a/log/run': '#!/bin/sh\nexec filter\n',
      '/etc/sv/a/env/X': 'y',
      '/etc/sv/b/run': '#!/bin/sh\nother\n',
    },
    argv: ['runsvdir', '-P', '/etc/service'],
    has: ['/etc/service/a', '/etc/sv/a/run', '/usr/bin/job', '/usr/bin/filter', '/etc/sv/a/env/X'],
    hasNot: ['/usr/bin/other'],
  },
  {
    summary: 's6-overlay runs its services and scripts',
    files: {
      '/init': ELF,
      '/etc/services.d/web/run': '#!/bin/sh\njob\n',
      '/etc/cont-init.d/01-x': '#!/bin/bash\nfilter\n',
      '/etc/s6-overlay/s6-rc.d/one/up': '/usr/bin/other -x\n',
    },
    argv: ['/init'],
    has: ['/usr/bin/job', '/usr/bin/filter', '/usr/bin/other', '/etc/s6-overlay/s6-rc.d/one/up'],
  },
  {
    summary: 'inetd',
    files: {
      '/usr/sbin/inetd': ELF,
      '/etc/inetd.conf':
        '#a stream tcp nowait root /usr/bin/other other\nb stream tcp nowait nobody /usr/bin/job job -x\nc stream tcp nowait root internal\n',
    },
    argv: ['inetd', '-i'],
    has: ['/usr/bin/job'],
    hasNot: ['/usr/bin/other'],
  },
  {
    summary: 'xinetd with a directory of services',
    files: {
      '/usr/sbin/xinetd': ELF,
      '/etc/xinetd.conf': 'includedir /etc/xinetd.d\n',
      '/etc/xinetd.d/a':
        'service a\n{\n  server = /usr/bin/job\n  server_args = -x\n}\nservice b\n{\n disable = yes\n server = /usr/bin/other\n}\n',
    },
    argv: ['xinetd'],
    has: ['/usr/bin/job'],
    hasNot: ['/usr/bin/other'],
  },
  {
    summary: 'postfix runs what master.cf names in its own directory',
    files: {
      '/usr/sbin/postfix': ELF,
      '/etc/postfix/main.cf': 'daemon_directory = /usr/lib/postfix/sbin\n',
      '/etc/postfix/master.cf':
        'smtp inet n - y - - smtpd\n#x unix - - n - - other\nmine unix - n n - - pipe\n  flags=R user=x argv=/usr/bin/job ${sender}\n',
      '/usr/lib/postfix/sbin/smtpd': ELF,
      '/usr/lib/postfix/sbin/pipe': ELF,
      '/usr/lib/postfix/sbin/unused': ELF,
      '/usr/lib/postfix/sbin/master': ELF,
    },
    argv: ['postfix', 'start-fg'],
    has: [
      '/usr/lib/postfix/sbin/smtpd',
      '/usr/lib/postfix/sbin/pipe',
      '/usr/bin/job',
      '/usr/lib/postfix/sbin/master',
    ],
    hasNot: ['/usr/lib/postfix/sbin/unused'],
  },
  {
    summary: 'sshd: subsystem, included settings and the shells of persons',
    files: {
      '/usr/sbin/sshd': ELF,
      '/etc/ssh/sshd_config':
        'Include /etc/ssh/sshd_config.d/*.conf\nSubsystem sftp /usr/lib/openssh/sftp-server\n#ForceCommand /usr/bin/other\n',
      '/etc/ssh/sshd_config.d/x.conf': 'AuthorizedKeysCommand /usr/bin/job %u\n',
      '/usr/lib/openssh/sftp-server': { content: ELF, mode: 0o755 },
      '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nwww:x:33:33::/var/www:/bin/zsh\n',
      '/root': { directory: true },
      '/etc/profile': 'filter\n',
      '/bin/zsh': ELF,
    },
    argv: ['/usr/sbin/sshd', '-D'],
    has: ['/usr/lib/openssh/sftp-server', '/usr/bin/job', '/bin/bash', '/root', '/usr/bin/filter'],
    hasNot: ['/usr/bin/other', '/bin/zsh'],
  },
  {
    summary: 'su starts the shell of the account that it names',
    files: {
      '/usr/bin/su': ELF,
      '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\npg:x:101:1::/var/lib/pg:/bin/zsh\n',
      '/bin/zsh': ELF,
    },
    argv: ['su', 'pg', '-c', 'job'],
    has: ['/bin/zsh', '/usr/bin/job'],
    hasNot: ['/bin/bash'],
  },
  {
    summary: 'logrotate runs its scripts',
    files: {
      '/usr/sbin/logrotate': ELF,
      '/etc/logrotate.conf': 'include /etc/logrotate.d\n',
      '/etc/logrotate.d/x': '/var/log/x {\n  postrotate\n    job | filter\n  endscript\n}\n',
    },
    argv: ['logrotate', '/etc/logrotate.conf'],
    has: ['/usr/bin/job', '/usr/bin/filter', '/bin/sh'],
  },
  {
    summary: 'lighttpd runs CGI and FastCGI programs',
    files: {
      '/usr/sbin/lighttpd': ELF,
      '/l.conf':
        'include_shell "/usr/bin/filter x"\ncgi.assign = ( ".pl" => "/usr/bin/job", ".cgi" => "" )\nfastcgi.server = ( "/" => (( "bin-path" => "/usr/bin/other -b" )))\n',
    },
    argv: ['lighttpd', '-D', '-f', '/l.conf'],
    has: ['/usr/bin/job', '/usr/bin/other', '/usr/bin/filter'],
  },
  {
    summary: 'apache runs what is below a ScriptAlias, and piped logs',
    files: {
      '/usr/sbin/apache2': ELF,
      '/etc/apache2/apache2.conf': 'ErrorLog "|/usr/bin/filter x"\nScriptAlias /cgi-bin/ /usr/lib/cgi-bin/\n',
      '/usr/lib/cgi-bin/a': '#!/bin/sh\njob\n',
    },
    argv: ['apache2', '-D', 'FOREGROUND'],
    has: ['/usr/lib/cgi-bin/a', '/usr/bin/job', '/usr/bin/filter'],
  },
  {
    summary: 'a converter starts its delegates that are there',
    files: {
      '/usr/bin/convert': ELF,
      '/etc/ImageMagick-6/delegates.xml':
        '<delegatemap><delegate decode="x" command="&quot;job&quot; -q &quot;%i&quot;"/></delegatemap>',
    },
    argv: ['convert', 'a', 'b'],
    has: ['/usr/bin/job', '/etc/ImageMagick-6/delegates.xml'],
  },
  {
    summary: 'helpers beside the program and through PATH',
    files: { '/opt/pg/bin/initdb': ELF, '/opt/pg/bin/postgres': ELF, '/opt/pg/bin/psql': ELF },
    argv: ['/opt/pg/bin/initdb', '-D', '/x'],
    has: ['/opt/pg/bin/postgres'],
    hasNot: ['/opt/pg/bin/psql'],
  },
  {
    summary: 'a command in configuration of no known format, by its path alone',
    files: {
      '/etc/my/app.yml':
        'hooks:\n  on_start_command: "/usr/bin/job --now"\n  shell: /bin/bash\n  other: other\nexec /opt/run/it here\n',
      '/opt/run/it': '#!/bin/sh\nfilter\n',
    },
    argv: ['other', '-c', '/etc/my/app.yml'],
    has: ['/usr/bin/job', '/opt/run/it', '/usr/bin/filter'],
    hasNot: ['/bin/bash'],
  },
];

const PAM: Record<string, MemoryFile> = {
  '/usr/sbin/daemon': '#!/bin/sh\n: < /usr/lib/x86_64-linux-gnu/libpam.so.0\n',
  '/usr/lib/x86_64-linux-gnu/libpam.so.0': ELF,
  '/usr/lib/x86_64-linux-gnu/security/pam_unix.so': ELF,
  '/usr/lib/x86_64-linux-gnu/security/pam_deny.so': ELF,
  '/usr/lib/x86_64-linux-gnu/security/pam_listfile.so': ELF,
  '/usr/lib/x86_64-linux-gnu/security/pam_exec.so': ELF,
  '/usr/sbin/unix_chkpwd': ELF,
  '/etc/pam.d/daemon':
    '@include common-auth\n# auth required pam_deny.so\nauth required pam_listfile.so item=user file=/etc/users.ok\nsession [default=1 success=ok] pam_exec.so /usr/bin/job\n',
  '/etc/pam.d/common-auth': 'auth [success=1 default=ignore] pam_unix.so nullok\n',
  '/etc/pam.d/unrelated': 'auth required pam_deny.so\n',
  '/etc/users.ok': '',
  '/etc/security/limits.conf': '',
};

describe('service-config', () => {
  it.each(ROWS)('$summary', async ({ files, argv, has, hasNot = [] }) => {
    const paths = await kept(files, argv);
    expect(paths).toEqual(expect.arrayContaining(has));
    expect(paths.filter((path) => hasNot.includes(path))).toEqual([]);
  });
});

describe('pam', () => {
  it('keeps the service of a program that links libpam, its modules and their files', async () => {
    const paths = await kept(PAM, ['daemon']);
    const has = [
      '/etc/pam.d/daemon',
      '/etc/pam.d/common-auth',
      '/etc/users.ok',
      '/usr/bin/job',
      '/usr/sbin/unix_chkpwd',
      '/etc/security/limits.conf',
    ];
    expect(paths).toEqual(expect.arrayContaining(has));
    expect(paths.filter((path) => path.includes('/security/pam_')).map((path) => path.slice(-15))).toEqual([
      'ity/pam_exec.so',
      'pam_listfile.so',
      'ity/pam_unix.so',
    ]);
    expect(paths).not.toContain('/etc/pam.d/unrelated');
  });

  it('keeps nothing of PAM for a program without it', async () => {
    expect(
      (await kept({ ...PAM, '/usr/sbin/daemon': ELF }, ['daemon'])).filter((path) => path.includes('pam')),
    ).toEqual([]);
  });
});
