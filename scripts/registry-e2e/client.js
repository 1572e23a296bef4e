import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {import('../../src/transport/registry/registry-context.ts').RegistryOptions} RegistryOptions */

/** What `npm run build` made. */
const dist = resolve(process.env.OSLIM_DIST ?? 'dist');
/** @param {string} path @returns {Promise<any>} */
export const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { RegistrySource } = await load('transport/registry/registry-source.js');
export const { RegistrySink } = await load('transport/registry/registry-sink.js');
export const { Credentials } = await load('transport/credentials/credentials.js');
const { parseReference } = await load('oci/reference.js');

/**
 * Returns the digests of every image of a name: manifest, config, layers as they come; or the error as text.
 * @param {string} name
 * @param {RegistryOptions} options
 */
export async function pull(name, options) {
  const source = new RegistrySource(parseReference(name), options);
  try {
    const digests = [];
    for (const member of (await source.openAll()).members) {
      const image = await member.open();
      const layers = [];
      for (const layer of image.layers) {
        const hash = createHash('sha256');
        for await (const chunk of layer.open()) hash.update(chunk);
        layers.push(`sha256:${hash.digest('hex')}`);
      }
      digests.push([image.descriptor.digest, image.configDigest, ...layers]);
    }
    return digests;
  } catch (error) {
    return `${error}`;
  } finally {
    await source.close();
  }
}
