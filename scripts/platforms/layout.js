import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ mediaType: string, digest: string, size: number }} Descriptor */

const OCI = 'application/vnd.oci.image';

/** Layout writes an OCI image layout with the means of this script alone: nothing of oslim's, which is to read it. */
export class Layout {
  /** @param {string} directory */
  constructor(directory) {
    this.directory = directory;
    mkdirSync(join(directory, 'blobs/sha256'), { recursive: true });
    writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  }

  /**
   * @param {string} mediaType
   * @param {object | Uint8Array} content
   * @returns {Descriptor}
   */
  add(mediaType, content) {
    const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(this.directory, 'blobs/sha256', hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  }

  /**
   * Adds the root filesystem at a host directory as an image and returns its manifest's descriptor.
   * @param {string} root
   * @param {{ architecture: string, config: object }} members of the config
   * @returns {Descriptor}
   */
  addRoot(root, { architecture, config }) {
    const work = mkdtempSync(join(this.directory, 'layer.'));
    const file = join(work, 'tar');
    const names = ['--exclude=./.qemu-*', '--exclude=./dev/*', '--exclude=./var/lib/apt/lists/*'];
    execFileSync('tar', ['--sort=name', '--numeric-owner', ...names, '-C', root, '-cf', file, '.']);
    const tar = readFileSync(file);
    const layer = this.add(`${OCI}.layer.v1.tar`, tar);
    renameSync(file, join(this.directory, 'blobs/sha256', layer.digest.slice(7)));
    execFileSync('rmdir', [work]);
    const rootfs = { type: 'layers', diff_ids: [layer.digest] };
    return this.add(`${OCI}.manifest.v1+json`, {
      schemaVersion: 2,
      mediaType: `${OCI}.manifest.v1+json`,
      config: this.add(`${OCI}.config.v1+json`, { architecture, os: 'linux', config, rootfs }),
      layers: [layer],
    });
  }

  /**
   * Names an index of these descriptors, which say their platform.
   * @param {string} name full reference
   * @param {readonly object[]} manifests
   */
  nameIndex(name, manifests) {
    const mediaType = `${OCI}.index.v1+json`;
    const index = this.add(mediaType, { schemaVersion: 2, mediaType, manifests });
    const annotations = {
      'io.containerd.image.name': name,
      'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
    };
    const document = { schemaVersion: 2, mediaType, manifests: [{ ...index, annotations }] };
    writeFileSync(join(this.directory, 'index.json'), JSON.stringify(document));
  }
}

/**
 * Returns what a layout's only index lists, each with its platform and manifest.
 * @param {string} directory
 * @returns {{ platform: { os: string, architecture: string }, manifest: { layers: Descriptor[] } }[]}
 */
export function readIndex(directory) {
  /** @param {string} path */
  const json = (path) => JSON.parse(readFileSync(join(directory, path), 'utf8'));
  const [root] = json('index.json').manifests;
  return json(blobPath(root.digest)).manifests.map(
    (
      /** @type {{ digest: string, platform: { os: string, architecture: string } }} */ { digest, platform },
    ) => ({
      platform,
      manifest: json(blobPath(digest)),
    }),
  );
}

/** @param {string} digest */
export function blobPath(digest) {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`;
}
