import { EM_386, EM_PPC, EM_PPC64, EM_X86_64 } from '../elf/constants.ts';
import { buildElf, type ElfSpec } from './elf-builder.ts';

const RICH: ElfSpec = {
  interp: '/lib64/ld-linux-x86-64.so.2',
  soname: 'libself.so.1',
  needed: ['libone.so.1', 'aux:libaux.so', 'filter:libfilter.so'],
  rpath: '/opt/rpath',
  runpath: '$ORIGIN/../lib:/opt/run',
  flags1: 0x8000001,
  audit: 'libaudit.so',
  depaudit: 'libdepaudit.so',
  imports: [
    { name: 'malloc', version: 'GLIBC_2.2.5', from: 'libone.so.1' },
    { name: 'maybe', version: 'ONE_3', from: 'libone.so.1', weak: true },
    { name: 'plain' },
  ],
  exports: [{ name: 'self_open', version: 'SELF_1' }, { name: 'self_close' }],
  notes: [
    { owner: 'GNU', type: 3, desc: Uint8Array.of(0xde, 0xad, 0xbe, 0xef) },
    { owner: 'FDO', type: 0xcafe1a7e, desc: Buffer.from('{"type":"deb","name":"self"}\0') },
    {
      owner: 'FDO',
      type: 0x407c0c0a,
      desc: Buffer.from(
        '[{"soname":["libdl.so.9","libdl.so.8"],"priority":"suggested","feature":"f"},{"soname":["libreq.so"],"priority":"required"}]\0',
      ),
    },
    { owner: 'GNU', type: 5, desc: Uint8Array.of(0x02, 0x80, 0, 0xc0, 4, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0) },
  ],
  rodata: '\0/etc/self.conf\0libplugin.so.2\0not a path\0ab\0/usr/share/self\x01',
};

/** One file that says everything that the codec reads, in each class and byte order. */
export const ELF_SEEDS: readonly {
  readonly summary: string;
  readonly spec: ElfSpec;
  readonly bytes: Uint8Array;
}[] = [
  { summary: '64-bit little-endian', spec: { ...RICH, machine: EM_X86_64 } },
  { summary: '32-bit little-endian', spec: { ...RICH, class: 32 as const, machine: EM_386 } },
  { summary: '64-bit big-endian', spec: { ...RICH, data: 'msb' as const, machine: EM_PPC64 } },
  {
    summary: '32-bit big-endian',
    spec: { ...RICH, class: 32 as const, data: 'msb' as const, machine: EM_PPC },
  },
].map(({ summary, spec }) => ({ summary, spec, bytes: buildElf(spec) }));
