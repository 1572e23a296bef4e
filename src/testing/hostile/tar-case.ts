import { entryBytes, extensionBytes, paxRecord, type TarSpec } from '../tar-builder.ts';
import { type HostileCase, imageWith, type Refusal, type Result } from './hostile-case.ts';

export const END = Buffer.alloc(1024);

/** A case whose one layer is these parts and the end of an archive. */
export function tar(
  name: string,
  summary: string,
  parts: () => readonly Uint8Array[],
  expect: Refusal | Result,
  advisory?: string,
): HostileCase {
  return {
    name: `tar-${name}`,
    summary,
    ...(advisory === undefined ? {} : { advisory }),
    input: () => imageWith([Buffer.concat([...parts(), END])]),
    expect,
  };
}

export const entry = (spec: TarSpec): Uint8Array => entryBytes(spec);
export const pax = (...records: (readonly [string, string | Uint8Array])[]): Uint8Array =>
  extensionBytes('x', Buffer.concat(records.map(([key, value]) => paxRecord(key, value))));
export const refused = (says: RegExp, error: Refusal['error'] = 'FormatError'): Refusal => ({ error, says });
