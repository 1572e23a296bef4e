import { ARCHIVE_CASES } from './archive-cases.ts';
import { COMPRESSION_CASES } from './compression-cases.ts';
import { CONFIG_CASES } from './config-cases.ts';
import { DESCRIPTOR_CASES } from './descriptor-cases.ts';
import { ELF_CASES } from './elf-cases.ts';
import { HARDLINK_CASES } from './hardlink-cases.ts';
import type { HostileCase } from './hostile-case.ts';
import { JSON_CASES } from './json-cases.ts';
import { LAYOUT_CASES } from './layout-cases.ts';
import { LINK_CASES } from './link-cases.ts';
import { NAME_CASES } from './name-cases.ts';
import { PACKAGE_CASES } from './package-cases.ts';
import { PAX_CASES } from './pax-cases.ts';
import { SOURCE_CASES } from './source-cases.ts';
import { SPARSE_CASES } from './sparse-cases.ts';
import { TAR_CASES } from './tar-cases.ts';

/** Every hostile case, by group. */
export const HOSTILE_CASES: readonly HostileCase[] = [
  ...TAR_CASES,
  ...PAX_CASES,
  ...SPARSE_CASES,
  ...COMPRESSION_CASES,
  ...LINK_CASES,
  ...HARDLINK_CASES,
  ...LAYOUT_CASES,
  ...DESCRIPTOR_CASES,
  ...JSON_CASES,
  ...ARCHIVE_CASES,
  ...CONFIG_CASES,
  ...NAME_CASES,
  ...PACKAGE_CASES,
  ...ELF_CASES,
  ...SOURCE_CASES,
];
