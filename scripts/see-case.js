// scripts/see-case.js ORIGINAL SLIM HISTORY DIVE: asks everything that looks at images about one image and its slim one, and
// prints a row of figures. HISTORY is the output of `docker history --human=false --no-trunc --format {{.Size}}`, DIVE that of
// scripts/see-lib/dive.py. Environment: OSLIM_DIST (the build; default: this repository's). Exit status: 1 on a violation.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [original = '', slim = '', historyFile = '', diveFile = ''] = process.argv.slice(2);
const dist = pathToFileURL(`${process.env.OSLIM_DIST ?? new URL('../dist', import.meta.url).pathname}/`);
/** @param {string} path */
const load = (path) => import(new URL(path, dist).href);

/** @type {string[]} */
const violations = [];
const row = [
  await verified(original, undefined),
  await verified(slim, original),
  await explained(),
  await inspected(),
];
process.stdout.write(`${row.join(' | ')} |\n`);
for (const violation of violations.slice(0, 20)) process.stderr.write(`  ${violation}\n`);
process.exitCode = violations.length > 0 ? 1 : 0;

/**
 * A whole image has no findings, whether it is the original or the slim one.
 * @param {string} image
 * @param {string | undefined} against
 */
async function verified(image, against) {
  const { verify } = await load('index.js');
  const { findings, notes, checked } = await verify({ image, against, symbols: true });
  for (const { code, message } of findings) violations.push(`${code} of ${image}: ${message}`);
  return `${findings.length} (${notes.length} notes, ${checked.programs + checked.libraries} ELF)`;
}

/** Every path of the slim image has a chain, and every chain begins at a root: with a reason that nothing led to. */
async function explained() {
  const { openInquiry } = await load('jobs/why.js');
  const { openSource } = await load('source/source.js');
  const { resolveOptions } = await load('options.js');
  const slimSource = await openSource(resolveOptions({ image: slim }));
  const paths = [...slimSource.rootfs.walk()].map(([path]) => path);
  await slimSource.close();
  const options = resolveOptions({ image: original });
  const source = await openSource(options);
  const inquiry = await openInquiry(source, options);
  let explainedPaths = 0;
  for (const path of paths) {
    const { isKept, chains } = await inquiry.why(path, false);
    const first = chains[0]?.[0];
    if (isKept && first !== undefined && first.reason.from === undefined) explainedPaths++;
    else violations.push(`no chain from a root to ${path}`);
  }
  await source.close();
  return `${explainedPaths} of ${paths.length}`;
}

/** Layer sizes are Docker's, wasted bytes and efficiency are dive's. */
async function inspected() {
  const { inspect } = await load('index.js');
  const report = await inspect({ image: original, trace: false });
  /** @type {number[]} */
  const ours = report.steps.map((/** @type {{ bytes: number }} */ { bytes }) => bytes);
  const docker = readFileSync(historyFile, 'utf8').trim().split('\n').map(Number).reverse();
  if (ours.join() !== docker.join()) violations.push(`layers: docker has ${docker}, oslim ${ours}`);
  const { wastedBytes, efficiency } = JSON.parse(readFileSync(diveFile, 'utf8'));
  const isSame =
    report.dive.wastedBytes === wastedBytes && Math.abs(report.dive.efficiency - efficiency) < 1e-9;
  if (!isSame) violations.push(`dive: ${wastedBytes} ${efficiency}, oslim ${JSON.stringify(report.dive)}`);
  return `${ours.length} steps | ${report.hidden.bytes} | ${report.dive.wastedBytes} | ${(100 * efficiency).toFixed(2)} %`;
}
