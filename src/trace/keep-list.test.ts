import { describe, expect, it } from 'vitest';
import { FormatError } from '../errors.ts';
import { parseKeepList } from './keep-list.ts';

describe('parseKeepList', () => {
  const rows = [
    {
      summary: 'a path a line, other lines passed over',
      text: '/etc/a\n# no\n\n/opt/b c\n',
      paths: ['/etc/a', '/opt/b c'],
    },
    {
      summary: 'an strace log: calls that succeeded, with and without a pid',
      text: [
        'execve("/usr/bin/app", ["app"], 0x7ffe /* 3 vars */) = 0',
        '[pid  12] openat(AT_FDCWD, "/etc/app.conf", O_RDONLY|O_CLOEXEC) = 3',
        '12 openat(AT_FDCWD, "/etc/none", O_RDONLY) = -1 ENOENT (No such file or directory)',
        'readlink("/proc/self/exe", "/usr/bin/app", 4096) = 12',
        '+++ exited with 0 +++',
      ].join('\n'),
      paths: ['/usr/bin/app', '/etc/app.conf', '/proc/self/exe'],
    },
    {
      summary: 'octal and C escapes of strace',
      text: String.raw`open("/srv/f\303\274r\tx", O_RDONLY) = 3`,
      paths: ['/srv/für\tx'],
    },
    {
      summary: "another slimmer's JSON report: every absolute path in it, keys too",
      text: '{"image": {"files": [{"file_path": "/bin/sh"}], "map": {"/etc/x": 1, "y": null}}}',
      paths: ['/bin/sh', '/etc/x'],
    },
  ];
  it.each(rows)('$summary', ({ text, paths }) => {
    expect([...parseKeepList(text)].sort()).toEqual([...paths].sort());
  });

  it('refuses what begins like JSON and is not', () => {
    expect(() => parseKeepList('{"a": ')).toThrow(FormatError);
  });
});
