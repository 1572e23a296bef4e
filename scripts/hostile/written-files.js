import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** System calls by which something of the file system changes, a file is opened, or a process or a connection begins. */
export const TRACED =
  'open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,' +
  'unlink,unlinkat,rmdir,truncate,chmod,fchmodat,chown,lchown,fchownat,utimensat,setxattr,lsetxattr,execve,connect,bind';

/** Everything else of the traced calls changes something. */
const OPENS = /^(?:open|openat|openat2)\(/;
const WRITES = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/;
/** Devices that keep nothing. */
const HARMLESS = /^\/dev\/(?:null|tty|random|urandom)$|^\/proc\/self\/(?:oom_score_adj|fd\/\d+)$|^pipe:/;

/**
 * Reads a log of `strace -f` and returns the calls that wrote to, made or removed something outside of `allowed`, connected
 * anywhere, or started a process; the first execve is the command itself.
 * @param {string} log
 * @param {string} cwd
 * @param {readonly string[]} allowed directories
 */
export function forbiddenCalls(log, cwd, allowed) {
  let starts = 0;
  return readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.replace(/^\d+ +/, ''))
    .filter((line) => {
      if (/^[-+<]|= -1 E\w+/.test(line) || line === '') return false;
      if (line.startsWith('execve(')) return ++starts > 1;
      if (/^(?:connect|bind)\(/.test(line)) return !/AF_UNSPEC/.test(line);
      if (OPENS.test(line) && !WRITES.test(line)) return false;
      const paths = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => resolve(cwd, match[1] ?? ''));
      return paths.some(
        (path) =>
          !HARMLESS.test(path) &&
          !allowed.some((directory) => path === directory || path.startsWith(`${directory}/`)),
      );
    });
}
