import { type Document, parseAllDocuments } from 'yaml';
import { reasonOf, UsageError } from '../errors.ts';

/**
 * Returns the images that a text names, each once, in its order: a list (one a line, `#` begins a comment), or the images of a
 * compose file or of Kubernetes manifests. Throws UsageError.
 */
export function parseImageList(text: string, label: string): readonly string[] {
  const images = /^\s*(?:services|kind|apiVersion)\s*:/m.test(text)
    ? manifestImages(text, label)
    : listedImages(text);
  if (images.length === 0) throw new UsageError(`cannot slim the images of "${label}": it names none`);
  return [...new Set(images)];
}

function listedImages(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const image = line.replace(/(?:^|\s)#.*$/, '').trim();
    return image === '' ? [] : [image];
  });
}

function manifestImages(text: string, label: string): string[] {
  const documents = parseAllDocuments(text);
  return [...documents].flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new UsageError(`cannot read "${label}": ${reasonOf(error)}`);
    return [...imagesIn(parsedValue(document, label), undefined)];
  });
}

function parsedValue(document: Document.Parsed, label: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases of aliases of aliases: the yaml package counts them.
    throw new UsageError(`cannot read "${label}": ${reasonOf(error)}`, { cause: error });
  }
}

/** Members that hold what is run: of a compose file, and of whatever has a pod template in it. */
const HOLDERS: ReadonlySet<string> = new Set([
  'services',
  'containers',
  'initContainers',
  'ephemeralContainers',
]);

function* imagesIn(value: unknown, member: string | undefined): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (member !== undefined && HOLDERS.has(member) && typeof inner?.image === 'string') yield inner.image;
    yield* imagesIn(inner, name);
  }
}
