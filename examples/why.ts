// Says why slimming keeps a file of an image, or what would make it. Usage: why IMAGE PATH
import { why } from 'oslim';

const [image = '', path = '/lib64/ld-linux-x86-64.so.2'] = process.argv.slice(2);
const report = await why({ image, path });
for (const chain of report.chains) {
  for (const step of chain) console.log(`${step.path}  ${step.reason.detector}: ${step.reason.detail}`);
}
if (!report.isKept) console.log(`${report.path} goes`);
for (const remedy of report.wouldKeep) console.log(`kept by ${remedy.flag}`);
