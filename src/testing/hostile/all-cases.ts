import { ARCHIVE_CASES } from './archive-cases.ts';
import { COMPRESSION_CASES } from './compression-cases.ts';
import { CONFIG_CASES } from './config-cases.ts';
import { ELF_CASES } from './elf-cases.ts';
import { HARDLINK_CASES } from './hardlink-cases.ts';
import type { HostileCase } from './hostile-case.ts';
import { LAYOUT_CASES } from './layout-cases.ts';
import { LINK_CASES } from './link-cases.ts';
import { NAME_CASES } from './name-cases.ts';
import { PACKAGE_CASES } from './package-cases.ts';
import { SOURCE_CASES } from './source-cases.ts';
import { TAR_CASES } from './tar-cases.ts';

/** Every hostile case, by group. */
export const HOSTILE_CASES: readonly HostileCase[] = [
  ...TAR_CASES,
  ...COMPRESSION_CASES,
  ...LINK_CASES,
  ...HARDLINK_CASES,
  ...LAYOUT_CASES,
  ...ARCHIVE_CASES,
  ...CONFIG_CASES,
  ...NAME_CASES,
  ...PACKAGE_CASES,
  ...ELF_CASES,
  ...SOURCE_CASES,
];
