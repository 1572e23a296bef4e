import { describe, expect, it } from 'vitest';
import { ROOT, rootPath } from '../../rootfs/root-path.ts';
import { innerCommands } from './inner-commands.ts';
import { WRAPPERS } from './wrappers.ts';

/** The inner command lines of `line` (a space between words, `?` for an unknown one), joined with `|`. */
function inner(line: string): string[] {
  const argv = line.split(' ').map((word) => (word === '?' ? undefined : word.replaceAll('_', ' ')));
  const invokedAs = rootPath(`/usr/bin/${argv[0]}`);
  return innerCommands({ invokedAs, argv, env: new Map([['A', '1']]), cwd: ROOT }).map(({ argv }) =>
    argv.map((word) => word ?? '?').join('|'),
  );
}

const ROWS: readonly (readonly [string, string, ...string[]])[] = [
  ['no wrapper', 'nginx -g x'],
  ['env with assignments', 'env -i A=b C=d cmd A=c', 'cmd|A=c'],
  ['env with a mere dash', 'env - A=b cmd -P x', 'cmd|-P|x'],
  ['env -u takes a value', 'env -u HOME -C /srv cmd', 'cmd'],
  ['env -S splits one word', 'env -S A=b_cmd_-x arg', 'cmd|-x|arg'],
  ['env -S glued, as a shebang gives it', 'env -Scmd_--flag file', 'cmd|--flag|file'],
  ['env -vS', 'env -vS cmd_-x', 'cmd|-x'],
  ['gosu has a user first', 'gosu redis redis-server /x', 'redis-server|/x'],
  ['gosu with an unknown user', 'gosu ? cmd', 'cmd'],
  ['a user with a dash option of the command', 'su-exec 1000:1000 cmd -x', 'cmd|-x'],
  ['tini', 'tini -g -v -- app -x', 'app|-x'],
  ['tini without dashes', 'tini app -g', 'app|-g'],
  ['dumb-init rewriting a signal', 'dumb-init --rewrite 15:3 -- app', 'app'],
  ['timeout has a duration', 'timeout -k 5 --signal=TERM 10s app', 'app'],
  ['nice -n', 'nice -n 10 app', 'app'],
  ['setpriv with long options in two words', 'setpriv --reuid 1000 --regid=1000 --clear-groups app', 'app'],
  ['chpst', 'chpst -u www-data -e ./env app', 'app'],
  ['xargs', 'xargs -r0 -n 1 -I{} rm -f {}', 'rm|-f|{}'],
  ['sudo', 'sudo -E -u www A=b app', 'app'],
  ['su with code', 'su -s /bin/sh -c app_-x www', '/bin/sh|-c|app -x'],
  ['su with code after the user', 'su - postgres -c psql', '/bin/sh|-c|psql'],
  ['runuser with a user option', 'runuser -u www -- app -x', 'app|-x'],
  ['flock with a command', 'flock -n /run/lock app -n', 'app|-n'],
  ['flock with code', 'flock /run/lock -c app_x', '/bin/sh|-c|app x'],
  ['watch takes a line', 'watch -n 1 df -h', '/bin/sh|-c|df -h'],
  ['find -exec', 'find /x -name *.sh -exec sh -n {} ; -o -execdir rm {} +', 'sh|-n|?', 'rm|?'],
  ['start-stop-daemon', 'start-stop-daemon --start --exec /usr/sbin/d -- -f', '/usr/sbin/d|-f'],
  [
    'start-stop-daemon with --startas',
    'start-stop-daemon -S -x /usr/bin/perl --startas=/usr/bin/d',
    '/usr/bin/d',
    '/usr/bin/perl',
  ],
  [
    'socat',
    'socat TCP-LISTEN:70,fork EXEC:"/srv/echo"_-v,pty system:read_x\\,y;_rev',
    '/srv/echo|-v',
    '/bin/sh|-c|read x,y; rev',
  ],
  ['busybox applet', 'busybox nice app', 'app'],
  ['an unknown command', 'nohup ? x', '?|x'],
  ['an unknown operand', 'timeout ? app', 'app'],
  ['only options', 'env -i'],
  ['bundle exec', 'bundle exec puma -C x', 'puma|-C|x'],
  ['bundle install runs nothing', 'bundle install'],
  ['parallel', 'parallel -j 2 gzip {} ::: a b', "/bin/sh|-c|gzip ''"],
  ['capsh', 'capsh --user=www -- -c app', '/bin/bash|-c|app'],
  ['a chain is one step', 'nice nohup app', 'nohup|app'],
];

describe('innerCommands', () => {
  it.each(ROWS)('%s: %s', (_summary, line, ...expected) => {
    expect(inner(line)).toEqual(expected);
  });

  it('passes the environment on as env changes it', () => {
    const [command] = innerCommands({
      invokedAs: rootPath('/usr/bin/env'),
      argv: ['env', '-u', 'A', '-C', 'sub', 'B=2', 'cmd'],
      env: new Map([['A', '1']]),
      cwd: rootPath('/srv'),
    });
    expect([...(command?.env ?? [])]).toEqual([['B', '2']]);
    expect(command?.cwd).toBe('/srv/sub');
  });

  it('names every wrapper once', () => {
    const names = WRAPPERS.flatMap((wrapper) => wrapper.names);
    expect(names.length).toBe(new Set(names).size);
  });
});
