// Slims an image and says what came of it. Usage: slim IMAGE FILE
import { formatBytes, OslimError, slim } from 'oslim';

const [image = '', output = ''] = process.argv.slice(2);
try {
  const result = await slim({ image, output, failOn: ['shell', 'package-manager'] });
  console.log(`${result.name}: ${formatBytes(result.after.bytes)} in ${result.after.files} files`);
  for (const { detector, files } of result.costs) console.log(`  ${detector}: ${files} files`);
  for (const warning of result.warnings) console.error(`warning: ${warning.message}`);
  for (const finding of result.violations) console.error(`policy: ${finding.policy}`);
} catch (error) {
  // Whatever is wrong with the image, the options or the way there is an OslimError: one line, and what to do next.
  if (!(error instanceof OslimError)) throw error;
  console.error(error.message, error.advice ?? '');
  process.exitCode = 1;
}
