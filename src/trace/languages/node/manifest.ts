import type { RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

type Json = Readonly<Record<string, unknown>>;

/** Manifest is a package.json, as far as it matters to what is loaded. */
export interface Manifest {
  readonly name: string | undefined;
  readonly main: string | undefined;
  readonly exports: unknown;
  readonly imports: Json;
  /** Names of what it needs to run: dependencies, optional and peer ones. */
  readonly production: readonly string[];
  /** Names of what only its development needs. */
  readonly development: readonly string[];
}

/** Optional peers may stand in peerDependenciesMeta alone (webpack-cli of webpack; npm, "peerDependenciesMeta"). */
const PRODUCTION = ['dependencies', 'optionalDependencies', 'peerDependencies', 'peerDependenciesMeta'];

/** Manifests reads each package.json once. */
export class Manifests {
  readonly #rootfs: Rootfs;
  readonly #known = new Map<string, Manifest | undefined>();

  constructor(rootfs: Rootfs) {
    this.#rootfs = rootfs;
  }

  /** Returns the manifest at `path`; undefined when there is none or it is no JSON object (the interpreter fails then too). */
  at(path: RootPath): Manifest | undefined {
    if (!this.#known.has(path)) this.#known.set(path, this.#read(path));
    return this.#known.get(path);
  }

  #read(path: RootPath): Manifest | undefined {
    const text = this.#rootfs.text(path);
    const json = text === undefined ? undefined : parseObject(text);
    if (json === undefined) return undefined;
    const production = new Set(PRODUCTION.flatMap((field) => namesIn(json[field])));
    return {
      name: typeof json.name === 'string' ? json.name : undefined,
      main: typeof json.main === 'string' ? json.main : undefined,
      exports: json.exports,
      imports: isObject(json.imports) ? json.imports : {},
      production: [...production],
      development: namesIn(json.devDependencies).filter((name) => !production.has(name)),
    };
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function namesIn(field: unknown): string[] {
  return isObject(field) ? Object.keys(field) : [];
}
