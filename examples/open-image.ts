// Looks into an image without extracting it: who may log in, and which files are setuid. Usage: open-image IMAGE
import { openImage } from 'oslim';

const image = await openImage({ image: process.argv[2] ?? '' });
try {
  const { config, rootfs, process: started } = image;
  console.log(`${image.name} ${config.os}/${config.architecture} runs ${started.argv.join(' ')}`);
  console.log(`accounts: ${(rootfs.text('/etc/passwd') ?? '').trim().split('\n').length}`);
  for (const [path, inode] of rootfs.walk()) {
    if (inode.type === 'file' && (inode.mode & 0o4000) !== 0)
      console.log(`setuid: ${path} ${inode.size} bytes`);
  }
} finally {
  await image.close();
}
