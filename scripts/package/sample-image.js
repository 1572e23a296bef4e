import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes the small made image of the tests (a loader, a libc, an application; nothing of it runs) as an archive and as
 * an OCI layout.
 *
 * @param {string} sources the folder that `buildSources` returned
 * @param {string} directory where `app.tar` and `app-layout` come to be
 * @returns {Promise<{ archive: string, layout: string }>}
 */
export async function writeSampleImage(sources, directory) {
  const { programImageFiles } = await import(join(sources, 'testing/program-image.js'));
  const { archiveOf } = await import(join(sources, 'testing/image-media.js'));
  const files = programImageFiles();
  const archive = join(directory, 'app.tar');
  const layout = join(directory, 'app-layout');
  writeFileSync(archive, archiveOf(files));
  for (const [name, bytes] of files) {
    if (name === 'manifest.json') continue;
    const path = join(layout, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return { archive, layout };
}
