// Reads an image from a store that oslim does not know, and writes the slim one into it: here a directory with a file
// for every digest, as `blobs` of an OCI layout is; with a bucket or a database only `get` and `put` would be others.
// Usage: custom-transport LAYOUT
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Blob, type Digest, type ImageSink, type ImageSource, imageFromBlobs, slim } from 'oslim';

const [layout = ''] = process.argv.slice(2);
const fileOf = (digest: Digest) => join(layout, 'blobs', ...digest.split(':'));

async function* get(digest: Digest) {
  yield await readFile(fileOf(digest));
}

async function put({ descriptor, open }: Blob) {
  await writeFile(fileOf(descriptor.digest), open());
}

const source: ImageSource = {
  async open({ reference }) {
    const manifest = await readFile(fileOf(reference as Digest));
    return await imageFromBlobs(manifest, ({ digest }) => get(digest));
  },
  async close() {},
};

const sink: ImageSink = {
  // Contents first, the manifest last: whoever sees it finds everything that it names.
  async write({ layers, config, manifest }, name) {
    for (const blob of [...layers, config, manifest]) await put(blob);
    console.log(`${name} is ${manifest.descriptor.digest}`);
  },
};

const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
const result = await slim({ image: index.manifests[0].digest, tag: 'example/server:slim', source, sink });
console.log(`${result.after.files} files`);
