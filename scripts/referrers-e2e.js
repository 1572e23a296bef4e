// Pushes a slim image with its bills of materials to Debian's docker-registry, which has no referrers API, and reads
// them back with nothing but HTTP, by the referrers tag. Usage: scripts/referrers-e2e.js IMAGE. Exit 1 on failure.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from './registry-e2e/registry-process.js';

const [image] = process.argv.slice(2);
if (image === undefined) {
  console.error('usage: scripts/referrers-e2e.js IMAGE');
  process.exit(2);
}
const directory = mkdtempSync(join(tmpdir(), 'oslim-referrers-'));
const registry = await startRegistry(directory, {});
let failures = 0;
try {
  const oslim = new URL('../bin/oslim.js', import.meta.url).pathname;
  const push = () =>
    execFileSync(
      process.execPath,
      [
        oslim,
        image,
        '--push',
        `${registry.host}/a/app:slim`,
        '--insecure',
        '--sbom',
        'cyclonedx',
        '--sbom',
        'spdx',
        '-q',
      ],
      { stdio: 'inherit' },
    );
  push();
  push();
  const subject = (await manifest('slim')).digest;
  console.log(`image ${subject}`);
  const api = await fetch(`http://${registry.host}/v2/a/app/referrers/${subject}`);
  console.log(`referrers API: status ${api.status}`);
  const { document } = await manifest(subject.replace(':', '-'));
  check('the referrers tag has two documents after two pushes', document.manifests.length === 2);
  for (const { digest, artifactType } of document.manifests) {
    const referrer = (await manifest(digest)).document;
    check(
      `${artifactType} is about the image`,
      referrer.subject.digest === subject && referrer.artifactType === artifactType,
    );
    const blob = await fetch(`http://${registry.host}/v2/a/app/blobs/${referrer.layers[0].digest}`);
    const bom = /** @type {any} */ (await blob.json());
    const version = bom.specVersion ?? bom.spdxVersion;
    const count = (bom.components ?? bom.packages).length;
    check(`it is a bill of materials: ${version}, ${count} components`, version !== undefined && count > 0);
  }
} finally {
  await registry.stop();
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

/** @param {string} reference */
async function manifest(reference) {
  const accept = ['manifest', 'index'].map((kind) => `application/vnd.oci.image.${kind}.v1+json`).join(', ');
  const answer = await fetch(`http://${registry.host}/v2/a/app/manifests/${reference}`, {
    headers: { accept },
  });
  if (!answer.ok) throw new Error(`${reference}: ${answer.status} ${await answer.text()}`);
  return {
    digest: answer.headers.get('docker-content-digest') ?? '',
    document: /** @type {any} */ (await answer.json()),
  };
}

/** @param {string} what @param {boolean} holds */
function check(what, holds) {
  if (!holds) failures++;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
}
