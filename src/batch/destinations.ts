import { UsageError } from '../errors.ts';
import { parseReference } from '../oci/reference.ts';
import { parseSourceLocation } from '../transport/location.ts';

/** What the words of a template stand for. */
interface ImageWords {
  /** Repository or file, without a registry: `team/app`. */
  readonly name: string;
  readonly tag: string;
  /** Place in the list, from 1 on. */
  readonly n: string;
}

/**
 * Returns where each image goes by a template in which `{name}`, `{tag}` and `{n}` stand for its repository, its tag and its place in the
 * list. With `inFile`, a slash in them is a dash. Throws UsageError when two images would go to one place.
 */
export function destinationsOf(
  images: readonly string[],
  template: string,
  inFile: boolean,
): readonly string[] {
  const places = new Map<string, string>();
  return images.map((image, at) => {
    const words = wordsOf(image, at + 1);
    const place = template.replace(/\{(name|tag|n)\}/g, (_, word: keyof ImageWords) =>
      inFile ? words[word].replaceAll('/', '-') : words[word],
    );
    const other = places.get(place);
    if (other !== undefined) {
      throw new UsageError(`cannot write "${image}" to "${place}": "${other}" goes there`, {
        advice: 'tell them apart: {name}, {tag} and {n} stand for repository, tag and place in the list',
      });
    }
    places.set(place, image);
    return place;
  });
}

function wordsOf(image: string, n: number): ImageWords {
  const location = parseSourceLocation(image);
  if (location.kind === 'stdin') throw new UsageError('cannot slim standard input in a batch');
  if ('file' in location || 'directory' in location) {
    const path = 'file' in location ? location.file : location.directory;
    const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:tar|tar\.gz|tgz|oci)$/, '');
    return {
      name: base,
      tag:
        location.kind !== 'archive' && 'reference' in location ? (location.reference ?? 'latest') : 'latest',
      n: String(n),
    };
  }
  const reference = 'reference' in location ? location.reference : parseReference(location.name);
  const { domain, repository: path, tag, digest } = reference;
  const repository = domain === 'docker.io' ? path.replace(/^library\//, '') : path;
  return {
    name: repository,
    tag: tag ?? digest?.slice('sha256:'.length, 'sha256:'.length + 12) ?? 'latest',
    n: String(n),
  };
}
