import { type ConfiguredCommand, configLines, type ServiceFile } from './configured-command.ts';

/** Five fields of a schedule, or a nickname (crontab(5), "EXTENSIONS"). */
const SCHEDULE = /^\s*(?:@\w+|(?:[\w*/,?#~-]+\s+){4}[\w*/,?#~-]+)\s+/;
/** anacrontab(5): period, delay, job identifier. */
const ANACRON = /^\s*(?:\d+|@\w+)\s+\d+\s+[\w.-]+\s+/;

/** Reads /etc/crontab and files of /etc/cron.d, which name a user before the command (crontab(5)). */
export function parseSystemCrontab(text: string): ServiceFile {
  return parseCrontab(text, /^\S+\s+/);
}

/** Reads a user's crontab. */
export function parseUserCrontab(text: string): ServiceFile {
  return parseCrontab(text, undefined);
}

function parseCrontab(text: string, user: RegExp | undefined): ServiceFile {
  // cron's own defaults, which a crontab may override (crontab(5)).
  const env = new Map([
    ['SHELL', '/bin/sh'],
    ['PATH', '/usr/bin:/bin'],
  ]);
  const commands: ConfiguredCommand[] = [];
  for (const line of configLines(text, /^\s*#/)) {
    const [, name, value] = /^\s*["']?([A-Za-z_]\w*)["']?\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const schedule = SCHEDULE.exec(line) ?? ANACRON.exec(line);
    if (name !== undefined && value !== undefined) env.set(name, value.replace(/^(["'])(.*)\1$/, '$2'));
    else if (schedule !== null) {
      const rest = line.slice(schedule[0].length);
      const command = user === undefined ? rest : rest.replace(user, '');
      commands.push({
        argv: [env.get('SHELL') ?? '/bin/sh', '-c', beforePercent(command)],
        cwd: env.get('HOME'),
        env: new Map(env),
      });
    }
  }
  return { commands, includes: [] };
}

/** An unescaped % ends the command: what follows is its standard input. */
function beforePercent(command: string): string {
  return (/^(?:\\.|[^%\\])*/.exec(command)?.[0] ?? command).replaceAll('\\%', '%');
}
