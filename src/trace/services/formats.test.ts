import { describe, expect, it } from 'vitest';
import { parseKeywords } from './formats.ts';

describe('parseKeywords', () => {
  it.each([
    { text: 'extend hello /bin/echo hello world', argv: ['/bin/echo', 'hello', 'world'] },
    { text: 'extend-sh .1.3.6.1 up /opt/up.sh x', argv: ['/opt/up.sh', 'x'] },
    { text: 'pass -p 2 .1.3.6.1.4 /bin/sh /opt/a.sh', argv: ['/bin/sh', '/opt/a.sh'] },
    { text: 'pass_persist .1.3.6.1.4 /opt/b', argv: ['/opt/b'] },
  ])('reads $text as snmpd does', ({ text, argv }) => {
    const found = parseKeywords(text).commands.map((command) => command.argv);
    expect(found[0]).toEqual(argv);
  });
});
