import type { Command } from 'commander';
import {
  cacheListJson,
  cacheListText,
  jsonText,
  listCache,
  pruneCache,
  pruneJson,
  pruneText,
} from '../../index.ts';
import { parseAge, parseSize } from '../values.ts';

interface PruneFlags {
  readonly maxSize?: string;
  readonly olderThan?: string;
  readonly json?: boolean;
}

/** Gives `command` the jobs of `oslim cache`; `done` takes the exit status. */
export function asCacheCommand(command: Command, done: (status: number) => void): Command {
  command.description('the cache of pulled blobs, and of what is in layers').helpCommand(false);
  command
    .command('ls')
    .description('what is in it: digest, size, last use')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const listing = await listCache();
      print(json ? cacheListJson(listing) : cacheListText(listing));
      done(0);
    });
  command
    .command('prune')
    .description('remove blobs, all of them unless an option says which, and what killed runs left')
    .option('--max-size <size>', 'remove the least recently used until so much is left (500MB, 2GB)')
    .option('--older-than <age>', 'remove what was not used for so long (90m, 12h, 30d, 4w)')
    .option('--json', 'one JSON document')
    .action(async (flags: PruneFlags) => {
      const result = await pruneCache({
        maxBytes: flags.maxSize === undefined ? undefined : parseSize(flags.maxSize),
        unusedForMs: flags.olderThan === undefined ? undefined : parseAge(flags.olderThan),
      });
      print(flags.json ? pruneJson(result) : pruneText(result));
      done(0);
    });
  return command;
}

function print(result: string | object): void {
  const text = typeof result === 'string' ? result : jsonText(result);
  process.stdout.write(`${text}\n`);
}
