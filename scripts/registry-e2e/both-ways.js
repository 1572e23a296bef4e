import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, run } from './checks.js';
import { pull, RegistrySink } from './client.js';
import { amd64, arm64, digestOf, digestsOf, index } from './made-images.js';

/** @typedef {import('../../src/transport/registry/registry-context.ts').RegistryOptions} RegistryOptions */

/**
 * Pushes, has skopeo look at it, has skopeo push, and pulls.
 * @param {string} work a folder for what is in between
 * @param {string} host
 * @param {RegistryOptions} options
 * @param {readonly string[]} skopeoArgs for either side, with SIDE in place of src or dest
 */
export async function bothWays(work, host, options, skopeoArgs) {
  /** @param {'src' | 'dest'} side */
  const side = (side) => skopeoArgs.map((argument) => argument.replace('SIDE', side));
  const name = `${host}/team/app`;
  const sink = new RegistrySink(options);
  await sink.write(amd64, `${name}:whole`);
  await sink.writeIndex({ index, images: [amd64, arm64] }, `${name}:index`);
  await sink.close();
  const chunked = new RegistrySink({ ...options, chunkSize: 700_000 });
  await chunked.write(arm64, `${host}/team/chunked:1`);
  await chunked.close();
  const mounted = new RegistrySink({ ...options, mountFrom: 'team/app' });
  await mounted.write(amd64, `${host}/team/mounted:1`);
  await mounted.close();

  const inspect = skopeoArgs.map((argument) => argument.replace('SIDE-', ''));
  for (const [tag, blob] of /** @type {const} */ ([
    [`${name}:whole`, amd64.manifest],
    [`${host}/team/chunked:1`, arm64.manifest],
    [`${host}/team/mounted:1`, amd64.manifest],
    [`${name}:index`, index],
  ])) {
    const raw = await run('skopeo', ['inspect', '--raw', ...inspect, `docker://${tag}`]);
    check(`skopeo reads ${tag.replace(host, 'HOST')} with our digest`, digestOf(raw), blob.descriptor.digest);
  }
  const folder = join(work, `skopeo-${host.replace(':', '-')}`);
  await run('skopeo', ['copy', '-q', '--all', ...side('src'), `docker://${name}:index`, `oci:${folder}:all`]);
  const layout = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  check(
    'skopeo copies the index with every blob verified',
    layout.manifests[0].digest,
    index.descriptor.digest,
  );
  await run('skopeo', [
    'copy',
    '-q',
    '--format',
    'v2s2',
    ...side('dest'),
    '--override-arch',
    'amd64',
    `oci:${folder}:all`,
    `docker://${name}:docker`,
  ]);
  const docker = JSON.parse(
    (await run('skopeo', ['inspect', '--raw', ...inspect, `docker://${name}:docker`])).toString(),
  );
  const [pulled] = /** @type {string[][]} */ (await pull(`${name}:docker`, options));
  check('we pull the Docker schema 2 image that skopeo pushed', pulled?.slice(1), [
    docker.config.digest,
    ...docker.layers.map((/** @type {any} */ one) => one.digest),
  ]);
  check('we pull our image by its tag', await pull(`${name}:whole`, options), [digestsOf(amd64)]);
  check(
    'we pull our image by its digest',
    await pull(`${name}@${arm64.manifest.descriptor.digest}`, options),
    [digestsOf(arm64)],
  );
  check('we pull every image of our index', await pull(`${name}:index`, options), [
    digestsOf(amd64),
    digestsOf(arm64),
  ]);
  return name;
}
