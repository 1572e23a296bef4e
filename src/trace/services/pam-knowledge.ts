/** Directories of PAM modules: Linux-PAM's default and distributions' (pam.conf(5); Debian multiarch). */
export const SECURITY_DIRECTORIES: readonly string[] = [
  '/lib/security',
  '/lib64/security',
  '/usr/lib/security',
  '/usr/lib64/security',
  '/lib/*/security',
  '/usr/lib/*/security',
];

/** Service names of programs that ask PAM by another name than their own (each program's manual page). */
export const PAM_SERVICES: readonly { readonly programs: RegExp; readonly services: readonly string[] }[] = [
  { programs: /^su$/, services: ['su', 'su-l'] },
  { programs: /^runuser$/, services: ['runuser', 'runuser-l'] },
  { programs: /^sudo$/, services: ['sudo', 'sudo-i'] },
  { programs: /^(?:cron|crond)$/, services: ['cron', 'crond'] },
  { programs: /^(?:postgres|postmaster)$/, services: ['postgresql'] },
  { programs: /^(?:dovecot|auth|auth-worker)$/, services: ['dovecot', 'imap', 'pop3', 'smtp'] },
  { programs: /^(?:smbd|winbindd)$/, services: ['samba'] },
  { programs: /^(?:saslauthd|imapd|cyrmaster)$/, services: ['imap', 'smtp', 'smtpd', 'pop', 'ldap'] },
  {
    programs: /^(?:in\.ftpd|vsftpd|proftpd|pure-ftpd)$/,
    services: ['ftp', 'vsftpd', 'proftpd', 'pure-ftpd'],
  },
  {
    programs: /^(?:chpasswd|newusers|passwd|useradd|groupadd|usermod)$/,
    services: ['chpasswd', 'newusers', 'passwd', 'useradd', 'groupadd', 'usermod', 'shadow'],
  },
  { programs: /^(?:openvpn|squid|basic_pam_auth)$/, services: ['openvpn', 'squid'] },
];

/** What libpam and its common modules read or start (pam_unix(8), pam_env(8), pam_limits(8), pam_nologin(8), pam_motd(8)). */
export const PAM_DATA: { readonly files: readonly string[]; readonly programs: readonly string[] } = {
  files: [
    '/etc/pam.conf',
    '/etc/login.defs',
    '/etc/environment',
    '/etc/default/locale',
    '/etc/security/*',
    '/etc/security/*.d/*',
    '/etc/shells',
    '/etc/shadow',
    '/etc/gshadow',
    '/etc/securetty',
  ],
  programs: ['unix_chkpwd', 'unix_update', 'pam_timestamp_check'],
};

/** Programs that start the shell of an account (sshd(8), login(1), telnetd(8), tmux(1)), and what is read then. */
export const LOGIN_PROGRAMS: { readonly programs: RegExp; readonly files: readonly string[] } = {
  programs:
    /^(?:sshd|login|dropbear|in\.telnetd|telnetd|in\.rlogind|ttyd|shellinaboxd|getty|agetty|mosh-server|tmux|screen)$/,
  files: [
    '/etc/motd',
    '/etc/issue',
    '/etc/issue.net',
    '/etc/profile',
    '/etc/bash.bashrc',
    '/etc/shells',
    '/run/sshd',
    '/var/empty',
    '/etc/update-motd.d',
  ],
};

/** Programs that start the shell of the account that their operand names (su(1), runuser(1)). */
export const SWITCH_PROGRAMS: { readonly programs: RegExp } = { programs: /^(?:su|runuser)$/ };
