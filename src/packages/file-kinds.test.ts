import { describe, expect, test } from 'vitest';
import { rootPath } from '../rootfs/root-path.ts';
import { type FileFacts, kindOfFile } from './file-kinds.ts';

describe('kindOfFile', () => {
  test.each<readonly [path: string, facts: FileFacts, kind: string]>([
    ['/usr/bin/nginx', { form: 'program', packageClass: 'ordinary' }, 'program'],
    ['/usr/bin/gcc-12', { form: 'program', packageClass: 'toolchain' }, 'compiler'],
    ['/usr/lib/gcc/x86_64-linux-gnu/12/cc1', { form: 'program' }, 'compiler'],
    ['/usr/lib/x86_64-linux-gnu/libz.so.1', { form: 'library' }, 'library'],
    ['/usr/lib/x86_64-linux-gnu/libz.a', {}, 'static library'],
    ['/usr/lib/debug/.build-id/ab/cd.debug', { form: 'program' }, 'debug information'],
    ['/usr/include/zlib.h', { packageClass: 'development' }, 'header'],
    ['/app/node_modules/x/index.d.ts', {}, 'development'],
    ['/app/node_modules/x/index.js', {}, 'code'],
    ['/app/node_modules/x/test/a.js', {}, 'test'],
    ['/app/node_modules/x/README.md', {}, 'documentation'],
    ['/usr/share/doc/bash/copyright', { packageClass: 'shell' }, 'documentation'],
    ['/usr/share/locale/de/LC_MESSAGES/x.mo', {}, 'locale'],
    ['/usr/lib/locale/C.utf8/LC_CTYPE', {}, 'locale'],
    ['/var/lib/apt/lists/x_Packages', {}, 'cache'],
    ['/root/.cache/pip/http/a', {}, 'cache'],
    ['/var/log/dpkg.log', {}, 'log'],
    ['/var/lib/dpkg/info/bash.list', {}, 'package database'],
    ['/lib/apk/db/installed', {}, 'package database'],
    ['/usr/share/zoneinfo/UTC', {}, 'time zone'],
    ['/etc/ssl/certs/ca-certificates.crt', {}, 'certificate'],
    ['/usr/share/fonts/truetype/x.ttf', {}, 'font'],
    ['/app/__pycache__/a.cpython-311.pyc', {}, 'bytecode'],
    ['/app/run', { form: 'script' }, 'program'],
    ['/app/data.bin', {}, 'other'],
  ])('%s %o is %s', (path, facts, kind) => {
    expect(kindOfFile(rootPath(path), facts)).toBe(kind);
  });
});
