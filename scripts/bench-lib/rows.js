import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Row
 * @property {string} work
 * @property {string} other
 * @property {number} bound of the ratio
 * @property {{ command: string, before?: string }} ours
 * @property {{ command: string, before?: string }} theirs
 * @property {'wall' | 'memory'} [figure]
 * @property {number} [scale] what the ratio is divided by: a row about growth
 * @property {readonly string[]} needs tools
 */

const BLOB = 40_000;

/** The stored layers of a layout, one behind the other, for a shell. @param {string} layout */
function layersOf(layout) {
  const blobs = join(layout, 'blobs/sha256');
  return readdirSync(blobs)
    .map((name) => join(blobs, name))
    .filter((path) => statSync(path).size > BLOB)
    .join(' ');
}

/**
 * @param {string} out the folder with the images
 * @param {string} oslim
 * @param {{ registry: string, zstdNode: string | undefined }} places
 * @returns {Row[]}
 */
export function rows(out, oslim, { registry, zstdNode }) {
  const at = (/** @type {string} */ name) => join(out, name);
  const result = at('slim.tar');
  const slim = (/** @type {string} */ image, flags = '--no-cache') => ({
    command: `${oslim} ${image} ${flags} -o ${result}`,
    before: `rm -f ${result}`,
  });
  const into = (/** @type {string} */ target, /** @type {string} */ command) => ({
    command,
    before: `rm -rf ${target}`,
  });
  const copied = at('copied');
  const pulled = `${registry}/bench/medium:gzip`;
  const podman = `podman --root ${at('podman')} --runroot ${at('podman-run')} --storage-driver vfs`;
  const cache = `XDG_CACHE_HOME=${at('cache')}`;
  return [
    ...['medium', 'large'].flatMap((name) => [
      {
        work: `OCI archive, gzip layers, ${name}`,
        other: '`gzip -dc` of its layers',
        bound: 0.5,
        ours: slim(at(`${name}.oci.tar`)),
        theirs: { command: `for f in ${layersOf(at(`${name}.layout`))}; do gzip -dc <$f; done` },
        needs: ['gzip'],
      },
      {
        work: `OCI archive, gzip layers, ${name}`,
        other: '`skopeo copy` to a docker-archive',
        bound: 0.25,
        ours: slim(at(`${name}.oci.tar`)),
        theirs: into(copied, `skopeo copy -q oci-archive:${at(`${name}.oci.tar`)} docker-archive:${copied}`),
        needs: ['skopeo'],
      },
      {
        work: `OCI archive, gzip layers, ${name}`,
        other: '`umoci unpack`',
        bound: 0.2,
        ours: slim(at(`${name}.oci.tar`)),
        theirs: into(copied, `umoci unpack --image ${at(`${name}.layout`)}:${name} ${copied}`),
        needs: ['umoci'],
      },
    ]),
    {
      work: 'docker save archive, large',
      other: '`openssl dgst -sha256` of the file',
      bound: 1.2,
      ours: slim(at('large.docker.tar')),
      theirs: { command: `openssl dgst -sha256 ${at('large.docker.tar')}` },
      needs: ['openssl'],
    },
    ...[
      [
        '`skopeo copy` to a dir',
        1.5,
        `skopeo copy -q --src-tls-verify=false docker://${pulled} dir:${copied}`,
      ],
      [
        '`skopeo copy` to a docker-archive',
        0.25,
        `skopeo copy -q --src-tls-verify=false docker://${pulled} docker-archive:${copied}`,
      ],
    ].map(([other, bound, command]) => ({
      work: 'pull from a registry and slim, medium',
      other: String(other),
      bound: Number(bound),
      ours: slim(pulled),
      theirs: into(copied, String(command)),
      needs: ['skopeo'],
    })),
    {
      work: 'pull from a registry and slim, medium',
      other: '`podman pull`',
      bound: 0.2,
      ours: slim(pulled),
      theirs: { command: `${podman} pull -q --tls-verify=false ${pulled}`, before: `${podman} rmi -af` },
      needs: ['podman'],
    },
    {
      work: 'pull from a registry and slim, medium',
      other: '`docker pull`',
      bound: 0.2,
      ours: slim(pulled),
      theirs: {
        command: `docker pull -q ${pulled}`,
        // Any tag that an earlier run left keeps the layers in the daemon.
        before:
          "docker images -q --filter 'reference=*/bench/medium' | sort -u | xargs -r docker rmi -f; " +
          'docker rmi -f oslim-bench/medium:latest; docker image prune -f',
      },
      needs: ['docker'],
    },
    {
      work: 'second image on a base that the cache knows, large',
      other: 'its first run',
      bound: 0.2,
      ours: {
        command: `${cache} ${oslim} ${at('large-2.oci.tar')} -o ${result}`,
        before: `rm -rf ${at('cache')}; ${cache} ${oslim} ${at('large.oci.tar')} -o ${result}`,
      },
      theirs: {
        command: `${cache} ${oslim} ${at('large-2.oci.tar')} -o ${result}`,
        before: `rm -rf ${at('cache')}`,
      },
      needs: [],
    },
    ...(zstdNode === undefined
      ? []
      : [
          {
            work: 'OCI archive, zstd layers, medium, on a Node with zstd',
            other: '`zstd -dc` of its layers',
            bound: 3,
            ours: slim(at('medium.zstd.tar')),
            theirs: { command: `for f in ${layersOf(at('medium.zstd.layout'))}; do zstd -dcq <$f; done` },
            needs: ['zstd'],
          },
        ].map((row) => ({
          ...row,
          ours: { ...row.ours, command: row.ours.command.replace(/^node /, `${zstdNode} `) },
        }))),
    {
      work: '`oslim --version`',
      other: '`node -e 0`',
      bound: 1.6,
      ours: { command: `${oslim} --version` },
      theirs: { command: 'node -e 0' },
      needs: [],
    },
    ...(existsSync(at('made-10g'))
      ? /** @type {Row[]} */ ([
          {
            work: 'peak memory, 10 GB',
            other: 'peak memory, 600 MB',
            bound: 1.2,
            figure: 'memory',
            ours: slim(`oci:${at('made-10g')}`),
            theirs: slim(`oci:${at('made-600m')}`),
            needs: [],
          },
          {
            work: 'time for each byte, 10 GB',
            other: 'time for each byte, 600 MB',
            bound: 1,
            scale: 10e9 / 600e6,
            ours: slim(`oci:${at('made-10g')}`),
            theirs: slim(`oci:${at('made-600m')}`),
            needs: [],
          },
        ])
      : []),
    ...['files-300k', 'layers-120'].map((name) => ({
      work: name === 'files-300k' ? '300,000 files, 2 GB' : '120 layers, 2 GB',
      other: '3,000 files in 3 layers, 2 GB',
      bound: 2,
      ours: slim(`oci:${at(name)}`),
      theirs: slim(`oci:${at('plain-2g')}`),
      needs: [],
    })),
  ];
}
