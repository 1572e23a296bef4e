// Says what the image's own loader would load for its entrypoint, on any host. Usage: resolve-libraries IMAGE
import { openImage, resolveLibraries } from 'oslim';

const image = await openImage({ image: process.argv[2] ?? '' });
try {
  const [program = ''] = image.process.argv;
  const { files } = await resolveLibraries(image.rootfs, { ...image.process, paths: [program] });
  for (const { path, interpreter, libraries, missing } of files) {
    console.log(`${path} is started by ${interpreter ?? 'the kernel alone'}`);
    for (const library of libraries) console.log(`  ${library.soname} => ${library.path} (${library.how})`);
    for (const library of missing) console.log(`  ${library.soname} is missing`);
  }
} finally {
  await image.close();
}
