import type { ServiceFormat } from './configured-command.ts';
import { parseSystemCrontab, parseUserCrontab } from './crontab.ts';
import {
  parseAliases,
  parseApache,
  parseDelegates,
  parseExecKey,
  parseInetd,
  parseKeywords,
  parseLighttpd,
  parseLogrotate,
  parseMasterCf,
  parseProcfile,
  parseSshd,
  parseXinetd,
} from './formats.ts';
import { parseSupervisor } from './supervisor.ts';

/** A program that starts the programs which its configuration names. */
export interface ServiceConfig {
  /** Matches the base name by which it is started. */
  readonly programs: RegExp;
  /** The configuration's places when the command line names none: globs. */
  readonly files: readonly string[];
  /** Options that name the configuration instead; `` for the first operand. */
  readonly options?: readonly string[];
  readonly format: ServiceFormat;
  readonly source: string;
}

/** Programs whose configuration starts programs. */
export const SERVICE_CONFIGS: readonly ServiceConfig[] = [
  {
    programs: /^supervisord$/,
    files: [
      'supervisord.conf',
      'etc/supervisord.conf',
      '/etc/supervisord.conf',
      '/etc/supervisor/supervisord.conf',
    ],
    options: ['-c', '--configuration'],
    format: parseSupervisor,
    source: 'supervisor documentation, "Running supervisord" and "Configuration File"',
  },
  {
    programs: /^(?:cron|crond|anacron)$/,
    files: ['/etc/crontab', '/etc/cron.d/*', '/etc/anacrontab'],
    format: parseSystemCrontab,
    source: 'cron(8), crontab(5), anacrontab(5)',
  },
  {
    programs: /^(?:cron|crond)$/,
    files: ['/var/spool/cron/crontabs/*', '/etc/crontabs/*', '/var/spool/cron/*'],
    format: parseUserCrontab,
    source: 'cron(8); busybox crond',
  },
  {
    programs: /^(?:supercronic|yacron|go-cron)$/,
    files: [],
    options: [''],
    format: parseUserCrontab,
    source: 'README of supercronic',
  },
  {
    programs: /^(?:inetd|inetutils-inetd|openbsd-inetd)$/,
    files: ['/etc/inetd.conf', '/etc/inetd.d/*'],
    options: [''],
    format: parseInetd,
    source: 'inetd(8)',
  },
  {
    programs: /^xinetd$/,
    files: ['/etc/xinetd.conf'],
    options: ['-f'],
    format: parseXinetd,
    source: 'xinetd.conf(5)',
  },
  {
    programs: /^(?:postfix|master|postfix-script)$/,
    files: ['/etc/postfix/master.cf'],
    format: parseMasterCf,
    source: 'master(5) of Postfix',
  },
  {
    programs: /^(?:postfix|master|local|sendmail|exim4?|smtpd|smtpctl|courier|dma|nullmailer-\w+)$/,
    files: ['/etc/aliases', '/etc/mail/aliases', '/etc/postfix/aliases', '/{root,home/*}/.forward'],
    format: parseAliases,
    source:
      'aliases(5), forward(5) of Sendmail, Postfix and OpenSMTPD; Exim specification, "The redirect router"',
  },
  {
    programs: /^sshd$/,
    files: ['/etc/ssh/sshd_config'],
    options: ['-f'],
    format: parseSshd,
    source: 'sshd_config(5)',
  },
  {
    programs: /^logrotate$/,
    files: ['/etc/logrotate.conf'],
    options: [''],
    format: parseLogrotate,
    source: 'logrotate(8)',
  },
  {
    programs: /^lighttpd(?:-angel)?$/,
    files: ['/etc/lighttpd/lighttpd.conf', '/etc/lighttpd/conf-enabled/*.conf'],
    options: ['-f'],
    format: parseLighttpd,
    source: 'lighttpd documentation, mod_cgi and mod_fastcgi',
  },
  {
    programs: /^(?:apache2|httpd|apache2ctl|apachectl)$/,
    files: [
      '/etc/apache2/apache2.conf',
      '/etc/apache2/{conf,sites,mods}-enabled/*',
      '/etc/httpd/conf/httpd.conf',
      '/etc/httpd/conf.d/*.conf',
      '/usr/local/apache2/conf/httpd.conf',
    ],
    options: ['-f'],
    format: parseApache,
    source: 'Apache HTTP Server documentation, mod_alias, mod_cgi, "Log Files"',
  },
  {
    programs:
      /^(?:convert|magick|identify|mogrify|montage|composite|compare|conjure|stream|import|animate|display)(?:-im\d.*)?$/,
    files: ['/etc/ImageMagick-*/delegates.xml', '/usr/lib/*/ImageMagick-*/config*/delegates.xml'],
    format: parseDelegates,
    source: 'ImageMagick documentation, "Resources": delegates.xml',
  },
  {
    programs: /^dbus-daemon$|^dbus-broker-launch$/,
    files: ['/usr/share/dbus-1/services/*.service', '/usr/share/dbus-1/system-services/*.service'],
    format: parseExecKey,
    source: 'D-Bus specification, "Message Bus Starting Services"',
  },
  {
    programs: /^(?:foreman|honcho|hivemind|overmind|goreman|forego)$/,
    files: ['Procfile'],
    options: ['-f', '--procfile'],
    format: parseProcfile,
    source: 'foreman(1)',
  },
  {
    programs: /^(?:collectd|haproxy|dnsmasq|monit|openvpn|keepalived|snmpd)$/,
    files: [
      '/etc/collectd/collectd.conf',
      '/etc/haproxy/haproxy.cfg',
      '/etc/dnsmasq.conf',
      '/etc/monit/monitrc',
      '/etc/keepalived/keepalived.conf',
      '/etc/snmp/snmpd.conf',
    ],
    options: ['-C', '-f', '-c', '--config', '--conf-file'],
    format: parseKeywords,
    source: 'the configuration manual of each',
  },
];

/** A program that starts others which neither its command line nor a configuration names. */
export interface HelperPrograms {
  readonly programs: RegExp;
  /** Globs; beginning with `./` beside the program itself, without a slash found through PATH. */
  readonly helpers: readonly string[];
  readonly source: string;
}

/** Helpers that are compiled in, by name or by directory. */
export const HELPER_PROGRAMS: readonly HelperPrograms[] = [
  {
    programs: /^dovecot$/,
    helpers: ['/usr/lib/dovecot/*', '/usr/libexec/dovecot/*'],
    source: 'Dovecot documentation, "Service configuration": base_dir and libexec_dir',
  },
  {
    programs: /^(?:postfix|postqueue|sendmail)$/,
    helpers: [
      '/usr/lib/postfix/sbin/{master,postfix-script,postlogd,post-install,postmulti-script,postfix-tls-script}',
      'postconf',
      'postalias',
      'postlog',
      'postsuper',
      'postdrop',
      'postqueue',
    ],
    source: 'postfix(1), "FILES"',
  },
  {
    programs: /^sshd$/,
    helpers: [
      '/usr/lib/openssh/{sshd-session,sshd-auth,sftp-server}',
      '/usr/libexec/{sshd-session,sshd-auth,sftp-server}',
      '/usr/lib/ssh/{sshd-session,sshd-auth,sftp-server}',
    ],
    source: 'sshd(8); release notes of OpenSSH 9.8 and 10.0',
  },
  { programs: /^(?:scp|sftp)$/, helpers: ['ssh'], source: 'scp(1), sftp(1): -S' },
  {
    programs: /^ssh$/,
    helpers: ['/usr/lib/openssh/{ssh-keysign,ssh-pkcs11-helper,ssh-sk-helper}'],
    source: 'ssh-keysign(8)',
  },
  {
    programs: /^(?:gpg|gpg2|gpgsm|gpgconf)$/,
    helpers: [
      'gpg-agent',
      'dirmngr',
      'keyboxd',
      'pinentry*',
      '/usr/lib/gnupg*/*',
      '/usr/libexec/{gpg-*,keyboxd,scdaemon,dirmngr_ldap}',
    ],
    source: 'The GNU Privacy Guard Manual, "Invoking gpgconf": components',
  },
  {
    programs: /^(?:initdb|pg_ctl)$/,
    helpers: ['./postgres', './initdb'],
    source: 'PostgreSQL documentation, initdb and pg_ctl',
  },
  {
    programs: /^(?:pg_ctlcluster|pg_createcluster)$/,
    helpers: ['/usr/lib/postgresql/*/bin/{postgres,initdb,pg_ctl,pg_controldata}'],
    source: 'pg_ctlcluster(1)',
  },
  {
    programs: /^(?:squid)$/,
    helpers: [
      '/usr/lib/squid/{log_file_daemon,unlinkd,pinger,diskd,security_file_certgen}',
      '/usr/lib64/squid/{log_file_daemon,unlinkd,pinger,diskd,security_file_certgen}',
    ],
    source: 'squid.conf documentation: logfile_daemon, unlinkd_program, pinger_program',
  },
  {
    programs: /^(?:smbd|samba|winbindd|nmbd)$/,
    helpers: ['/usr/lib/*/samba/{samba-dcerpcd,rpcd_*,samba-bgqd}', '/usr/libexec/samba/*'],
    source: 'samba-dcerpcd(8)',
  },
  { programs: /^cupsd$/, helpers: ['/usr/lib/cups/*/*'], source: 'cups-files.conf(5): ServerBin' },
  {
    programs: /^(?:erl|erlexec|beam\.smp|escript)$/,
    helpers: [
      './{beam.smp,erl_child_setup,inet_gethost,epmd,erlexec,heart}',
      '/usr/lib/erlang/erts-*/bin/{beam.smp,erl_child_setup,inet_gethost,epmd,erlexec,heart,escript}',
      '/usr/local/lib/erlang/erts-*/bin/{beam.smp,erl_child_setup,inet_gethost,epmd,erlexec,heart,escript}',
    ],
    source: "erl(1), erlexec, ERTS User's Guide",
  },
  {
    programs: /^(?:soffice|oosplash|libreoffice|loffice|lowriter|localc)$/,
    helpers: [
      './{oosplash,soffice.bin,javaldx,xpdfimport,pagein}',
      '/usr/lib/libreoffice/program/{oosplash,soffice.bin,javaldx,xpdfimport,pagein}',
    ],
    source: 'LibreOffice, desktop/scripts/soffice.sh',
  },
  {
    programs: /^(?:Xvfb|Xorg|Xvnc|Xtigervnc|Xephyr)$/,
    helpers: ['xkbcomp'],
    source: 'Xserver(1), "XKEYBOARD OPTIONS"',
  },
  {
    programs: /^dbus-daemon$/,
    helpers: ['/usr/lib/dbus-1.0/dbus-daemon-launch-helper', '/usr/libexec/dbus-daemon-launch-helper'],
    source: 'dbus-daemon(1)',
  },
  {
    programs: /^(?:pdf|lua|xe|e|p|up)?(?:la)?tex$|^dvips$|^xdvipdfmx$|^mf$/,
    helpers: [
      'kpsewhich',
      'mktexpk',
      'mktextfm',
      'mktexmf',
      'mktexlsr',
      'mf-nowin',
      'mf',
      'gftopk',
      '/usr/share/texlive/texmf-dist/web2c/mktex*',
    ],
    source: 'Kpathsea manual, "mktex scripts"',
  },
  {
    programs: /^(?:tar|bsdtar)$/,
    helpers: ['gzip', 'bzip2', 'xz', 'zstd'],
    source: 'GNU tar manual, "Creating and Reading Compressed Archives"',
  },
  { programs: /^gunzip$|^zcat$|^zgrep$/, helpers: ['gzip'], source: 'gzip(1)' },
  { programs: /^R(?:script)?$/, helpers: ['R', 'which'], source: 'Rscript(1); R documentation, Sys.which' },
  { programs: /^rsync$/, helpers: ['ssh'], source: 'rsync(1): -e' },
  {
    programs: /^(?:x11vnc|vncserver|tigervncserver)$/,
    helpers: ['Xvfb', 'Xtigervnc', 'Xvnc'],
    source: 'the manual page of each',
  },
];
