import { OslimError } from '../errors.ts';
import { memoryAccess, type RandomAccess, sliceAccess } from '../io/random-access.ts';
import { baseName, type RootPath } from '../rootfs/root-path.ts';
import { parseManifest } from '../trace/languages/java/manifest.ts';
import { ZipArchive } from '../trace/languages/java/zip-archive.ts';
import { type Component, type Inventory, isDistributions } from './component.ts';
import { formatPurl } from './purl.ts';

const ARCHIVE = /\.(?:jar|war|ear|par|sar)$/;
const POM = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;
const MAX_DOCUMENT = 1 << 20;
/** Of a jar in a jar, in bytes. */
const MAX_INNER = 64 << 20;
/** A jar in a war in an ear. */
const MAX_DEPTH = 3;

interface Artifact {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Returns the Java artifacts in kept archives, and in archives in them: by Maven's pom.properties, else by the
 * manifest, else by the file's name. A distribution's jar is its package.
 */
export function jars(inventory: Inventory): Component[] {
  return [...inventory.kept].flatMap(([path, inode]) => {
    if (inode.type !== 'file' || !ARCHIVE.test(path) || isDistributions(inventory, path)) return [];
    const access = sliceAccess(inode.content, inode.offset, inode.size);
    return artifactsIn(access, baseName(path), 0).map((artifact) => componentOf(artifact, path));
  });
}

function componentOf({ group, name, version }: Artifact, path: RootPath): Component {
  const purl = formatPurl({ type: 'maven', namespace: group, name, version });
  return { ...(group === undefined ? {} : { group }), name, version, purl, files: [path] };
}

function artifactsIn(access: RandomAccess, name: string, depth: number): readonly Artifact[] {
  try {
    const archive = ZipArchive.open(access);
    const inner = archive.entries.filter((entry) => ARCHIVE.test(entry.name) && depth < MAX_DEPTH);
    return [
      ...own(archive, name),
      ...inner.flatMap((entry) =>
        artifactsIn(
          archive.stored(entry) ?? memoryAccess(archive.read(entry, MAX_INNER)),
          baseName(entry.name),
          depth + 1,
        ),
      ),
    ];
  } catch (error) {
    // A file called .jar that is none, or too large a one: not the reason to fail a document about all others.
    if (!(error instanceof OslimError)) throw error;
    return [];
  }
}

function own(archive: ZipArchive, name: string): readonly Artifact[] {
  const read = (entry: ZipArchive['entries'][number]) =>
    new TextDecoder().decode(archive.read(entry, MAX_DOCUMENT));
  const poms = archive.entries.filter((entry) => POM.test(entry.name)).flatMap((entry) => ofPom(read(entry)));
  if (poms.length > 0) return poms;
  const manifest = archive.entries.find((entry) => entry.name === 'META-INF/MANIFEST.MF');
  const attributes = manifest === undefined ? new Map<string, string>() : parseManifest(read(manifest));
  const artifact = ofManifest(attributes, name) ?? ofName(name);
  return artifact === undefined ? [] : [artifact];
}

/** java.util.Properties as Maven's archiver writes them: a value in each line. */
function ofPom(text: string): readonly Artifact[] {
  const value = (key: string) => new RegExp(`^${key}\\s*[=:]\\s*(\\S+)`, 'm').exec(text)?.[1];
  const [group, name, version] = [value('groupId'), value('artifactId'), value('version')];
  return group === undefined || name === undefined || version === undefined ? [] : [{ group, name, version }];
}

function ofManifest(attributes: ReadonlyMap<string, string>, file: string): Artifact | undefined {
  const version = attributes.get('implementation-version') ?? attributes.get('bundle-version');
  if (version === undefined || version === '' || /\s/.test(version)) return undefined;
  const group = attributes.get('implementation-vendor-id');
  const name = ofName(file)?.name ?? file.replace(ARCHIVE, '');
  return { ...(group === undefined ? {} : { group }), name, version };
}

/** `commons-lang3-3.12.0.jar` */
function ofName(file: string): Artifact | undefined {
  const [, name, version] = /^(.+?)-(\d[\w.+-]*)\.\w+$/.exec(file) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}
