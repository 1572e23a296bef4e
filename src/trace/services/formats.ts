import { splitWords } from '../commands/split-words.ts';
import {
  type ConfiguredCommand,
  configLines,
  type FormatContext,
  type ServiceFile,
  shellLine,
} from './configured-command.ts';

/** inetd.conf(5): service, socket type, protocol, flags, user, server, arguments from argv[0] on. */
export function parseInetd(text: string): ServiceFile {
  const commands = configLines(text, /^\s*#/).flatMap((line): ConfiguredCommand[] => {
    const [, , , , , server, , ...args] = line.trim().split(/\s+/);
    return server?.startsWith('/') ? [{ argv: [server, ...args] }] : [];
  });
  return { commands, includes: [] };
}

/** xinetd.conf(5): `server = PATH` with `server_args` in the same block; includedir. */
export function parseXinetd(text: string): ServiceFile {
  const commands: ConfiguredCommand[] = [];
  for (const [, body = ''] of text.matchAll(/service\s+\S+\s*\{([^}]*)\}/g)) {
    const server = /^\s*server\s*=\s*(\S+)/m.exec(body)?.[1];
    const args = /^\s*server_args\s*=\s*(.*)$/m.exec(body)?.[1] ?? '';
    if (server !== undefined && !/^\s*disable\s*=\s*yes/m.test(body))
      commands.push({ argv: [server, ...splitWords(args)] });
  }
  const includes = [...text.matchAll(/^\s*includedir\s+(\S+)/gm)].map(([, directory]) => `${directory}/*`);
  return { commands, includes };
}

/** Postfix's master(5): the eighth field is a program of daemon_directory; pipe(8) has `argv=` besides. */
export function parseMasterCf(text: string, { text: read }: FormatContext): ServiceFile {
  const main = read('/etc/postfix/main.cf') ?? '';
  const directory = /^\s*daemon_directory\s*=\s*(\S+)/m.exec(main)?.[1];
  const directories =
    directory === undefined ? ['/usr/lib/postfix/sbin', '/usr/libexec/postfix'] : [directory];
  const lines = text.replaceAll(/\n[ \t]+(?!#)/g, ' ').split('\n');
  const commands = lines.flatMap((line): ConfiguredCommand[] => {
    const fields = line.trim().split(/\s+/);
    const [program] = fields.slice(7);
    if (/^\s*#/.test(line) || program === undefined) return [];
    const piped = /\sargv=(.*)$/.exec(line)?.[1];
    return [
      ...directories.map((path) => ({ argv: [`${path}/${program}`] })),
      ...(piped === undefined ? [] : [{ argv: splitWords(piped) }]),
    ];
  });
  return { commands, includes: [] };
}

/** sshd_config(5): Subsystem, ForceCommand, AuthorizedKeysCommand, AuthorizedPrincipalsCommand, Include. */
export function parseSshd(text: string): ServiceFile {
  const commands: ConfiguredCommand[] = [];
  const includes: string[] = [];
  for (const line of configLines(text, /^\s*#/)) {
    const [keyword = '', ...rest] = splitWords(line.trim().replace(/^(\w+)\s*=\s*/, '$1 '));
    if (/^include$/i.test(keyword)) includes.push(...rest);
    const argv = /^subsystem$/i.test(keyword)
      ? rest.slice(1)
      : /^(?:forcecommand|authorized\w+command)$/i.test(keyword)
        ? rest
        : [];
    if (argv[0]?.startsWith('/')) commands.push({ argv });
  }
  return { commands, includes };
}

/** logrotate(8): the lines between prerotate, postrotate, … and endscript are a shell script. */
export function parseLogrotate(text: string): ServiceFile {
  const scripts = text.matchAll(
    /^\s*(?:pre|post|first|last)(?:rotate|action|remove)\s*\n([\s\S]*?)^\s*endscript/gm,
  );
  const includes = [...text.matchAll(/^\s*include\s+(\S+)/gm)].flatMap(([, path = '']) => [
    path,
    `${path}/*`,
  ]);
  return { commands: [...scripts].map(([, script = '']) => shellLine(script)), includes };
}

/** lighttpd's configuration: include_shell, bin-path of FastCGI and SCGI, interpreters of cgi.assign. */
export function parseLighttpd(text: string): ServiceFile {
  const plain = configLines(text, /^\s*#/).join('\n');
  const quoted = (pattern: RegExp) => [...plain.matchAll(pattern)].map(([, value = '']) => value);
  const shells = quoted(/include_shell\s+"([^"]+)"/g).map((line) => shellLine(line));
  const servers = quoted(/"bin-path"\s*=>\s*"([^"]+)"/g).map((line) => ({ argv: splitWords(line) }));
  const assigned = /cgi\.assign\s*\+?=\s*\(([^)]*)\)/.exec(plain)?.[1] ?? '';
  const interpreters = [...assigned.matchAll(/=>\s*"(\/[^"]+)"/g)].map(([, path = '']) => ({ argv: [path] }));
  return {
    commands: [...shells, ...servers, ...interpreters],
    includes: quoted(/^\s*include\s+"([^"]+)"/gm),
  };
}

/** Apache's directives that name programs: ScriptAlias, piped logs, RewriteMap prg:, ExtFilterDefine, Action. */
export function parseApache(text: string): ServiceFile {
  const commands: ConfiguredCommand[] = [];
  for (const line of configLines(text, /^\s*#/)) {
    const words = splitWords(line.trim());
    const [directive = ''] = words;
    const piped = words.find((word) => word.startsWith('|'));
    if (/^(?:ErrorLog|CustomLog|TransferLog|GlobalLog)$/i.test(directive) && piped !== undefined) {
      commands.push(shellLine(piped.replace(/^\|\$?\|?/, '')));
    } else if (/^RewriteMap$/i.test(directive) && words[2]?.startsWith('prg:')) {
      commands.push({ argv: splitWords(words[2].slice(4)) });
    } else if (/^ExtFilterDefine$/i.test(directive)) {
      const command = words.find((word) => word.startsWith('cmd='));
      if (command !== undefined) commands.push({ argv: splitWords(command.slice(4)) });
    }
  }
  // Files below a ScriptAlias are programs: the detector runs what it is given as `DIRECTORY/*`.
  const aliases = [...text.matchAll(/^\s*ScriptAlias\s+\S+\s+"?([^"\s]+)"?/gm)].map(([, path = '']) => ({
    argv: [path.endsWith('/') ? `${path}*` : path],
  }));
  const executable = [...text.matchAll(/<Directory\s+"?([^">\s]+)"?\s*>([\s\S]*?)<\/Directory>/gi)]
    .filter(
      ([, , body = '']) =>
        /^\s*Options\s.*\+?ExecCGI/im.test(body) && !/^\s*Options\s.*-ExecCGI/im.test(body),
    )
    .map(([, path = '']) => ({ argv: [`${path.replace(/\/$/, '')}/*`] }));
  return { commands: [...commands, ...aliases, ...executable], includes: [] };
}

/** ImageMagick's delegates.xml: a command line for each format that another program converts. */
export function parseDelegates(text: string): ServiceFile {
  const lines = [...text.matchAll(/\scommand="([^"]*)"/g)].map(([, line = '']) =>
    line.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&apos;', "'"),
  );
  // Their operands are placeholders (%i, %o): only the program's own name says something.
  const names = lines.flatMap((line) => splitWords(line.replaceAll(/[;&|]+/g, ' ')).slice(0, 1));
  return { commands: [...new Set(names)].map((name) => ({ argv: [name] })), includes: [] };
}

/** D-Bus service files and desktop entries: `Exec=` (D-Bus specification, "Message Bus Starting Services"). */
export function parseExecKey(text: string): ServiceFile {
  const lines = [...text.matchAll(/^Exec=(.+)$/gm)].map(([, line = '']) => splitWords(line));
  return {
    commands: lines.filter(([name]) => name !== '/bin/false').map((argv) => ({ argv })),
    includes: [],
  };
}

/** aliases(5) and forward(5) of mail servers: a recipient `|command` is run for each mail, `:include:` reads more. */
export function parseAliases(text: string): ServiceFile {
  const plain = configLines(text, /^\s*#/).join('\n');
  const piped = [...plain.matchAll(/"\|([^"\n]+)"|(?<=[\s,:]|^)\|([^\s,"]+)/gm)].map(
    ([, line, word]) => line ?? word ?? '',
  );
  const includes = [...plain.matchAll(/:include:\s*"?([^\s",]+)/g)].map(([, path = '']) => path);
  return { commands: piped.map((line) => ({ argv: splitWords(line.trim()) })), includes };
}

/** Procfile of foreman, honcho and their like: `name: command`, run by the shell. */
export function parseProcfile(text: string): ServiceFile {
  const lines = [...text.matchAll(/^[\w.-]+:\s*(.+)$/gm)].map(([, line = '']) => line);
  return { commands: lines.map((line) => shellLine(line)), includes: [] };
}

/** collectd's exec plugin, haproxy's external check, dnsmasq's scripts, monit: keywords before a command in quotes or not. */
export function parseKeywords(text: string): ServiceFile {
  const pattern =
    /^\s*(?:Exec|NotificationExec|external-check\s+command|dhcp-script\s*=|(?:start|stop|restart)(?:\s+program)?\s*=|check\s+program\s+\S+\s+with\s+path|extend(?:-sh)?\s+(?:\.[\d.]+\s+)?[\w-]+|pass(?:_persist)?\s+(?:-p\s+\d+\s+)?\.?[\d.]+|up|down|client-connect|client-disconnect|notify(?:_master|_backup|_fault)?)\s+(?:"[\w:-]+"\s+)?"?(\/[^"\n]+)"?/gim;
  const lines = [...text.matchAll(pattern)].map(([, line = '']) => splitWords(line));
  return { commands: lines.map((argv) => ({ argv })), includes: [] };
}
