import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** Bytes of one list of converters; Debian's are 60 kB. */
const LIST_LIMIT = 1 << 20;

/** Converters is what glibc's lists say of its converters (glibc iconv/gconv_conf.c, read_conf_file). */
interface Converters {
  /** Another name of an encoding: `SHIFT_JIS` → `SJIS`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Modules of an encoding, without `.so`. */
  readonly modules: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Returns the paths of the converters in `directory` for the encodings that `texts` spell (`BIG5`, `Shift_JIS//TRANSLIT`),
 * by the lists gconv-modules and gconv-modules.d/*.conf there; none when it has no lists.
 */
export function convertersOf(rootfs: Rootfs, directory: string, texts: Iterable<string>): readonly string[] {
  const { aliases, modules } = listsOf(rootfs, directory);
  const found = new Set<string>();
  for (const text of texts) {
    const name = (text.split('//')[0] ?? '').toUpperCase();
    for (const module of modules.get(aliases.get(name) ?? name) ?? []) found.add(`${directory}/${module}.so`);
  }
  return [...found];
}

const lists = new WeakMap<Rootfs, Map<string, Converters>>();

/** The lists of a directory, read once for each image. */
function listsOf(rootfs: Rootfs, directory: string): Converters {
  const known = lists.get(rootfs) ?? new Map<string, Converters>();
  lists.set(rootfs, known);
  const converters = known.get(directory) ?? readLists(rootfs, directory);
  known.set(directory, converters);
  return converters;
}

function readLists(rootfs: Rootfs, directory: string): Converters {
  const aliases = new Map<string, string>();
  const modules = new Map<string, Set<string>>();
  for (const path of listsIn(rootfs, directory)) {
    const inode = rootfs.file(path)?.inode;
    if (inode === undefined || inode.size > LIST_LIMIT) continue;
    for (const line of new TextDecoder().decode(rootfs.read(inode)).split('\n')) {
      const [keyword, from = '', to = '', file = ''] = line.trim().split(/\s+/);
      const names = [from, to].map((name) => name.replace(/\/\/$/, '').toUpperCase());
      const [source = '', target = ''] = names;
      if (keyword === 'alias') aliases.set(source, target);
      if (keyword !== 'module' || !/^[\w.-]+$/.test(file)) continue;
      for (const name of names) {
        if (name === 'INTERNAL') continue;
        const files = modules.get(name) ?? new Set();
        modules.set(name, files.add(file.replace(/\.so$/, '')));
      }
    }
  }
  return { aliases, modules };
}

function listsIn(rootfs: Rootfs, directory: string): readonly string[] {
  const more: RootPath | undefined = rootfs.resolve(`${directory}/gconv-modules.d`)?.path;
  const extra = more === undefined ? [] : rootfs.list(more).filter((name) => name.endsWith('.conf'));
  return [`${directory}/gconv-modules`, ...extra.map((name) => `${directory}/gconv-modules.d/${name}`)];
}
