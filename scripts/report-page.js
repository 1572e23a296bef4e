// Opens a report page in headless Chromium as a user would: searches, clicks a file, reads its reason, uses the
// keyboard, looks at it in light and dark; then a made one of 100,000 files, hostile names among them, with a clock.
// Usage: scripts/report-page.js REPORT.html [SEARCH] [DIRECTORY for screenshots]. Exit 1 when anything does not hold.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Browser } from './report-page/browser.js';
import { madeReport } from './report-page/made-report.js';

const { reportPage } = await import(new URL('../dist/report/report-page.js', import.meta.url).href);
const [file, search = 'libc', screenshots] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: scripts/report-page.js REPORT.html [SEARCH] [DIRECTORY]');
  process.exit(2);
}
/** More than this and a page feels stuck, even on a slow machine. */
const LIMIT_MS = 5000;
let failures = 0;

await lookAt(resolve(file), search, screenshots);
const directory = mkdtempSync(join(tmpdir(), 'oslim-made-'));
const made = join(directory, 'report.html');
writeFileSync(made, reportPage(madeReport(100_000)));
await lookAt(made, 'file-5', undefined);
rmSync(directory, { recursive: true, force: true });
process.exitCode = failures === 0 ? 0 : 1;

/**
 * @param {string} path
 * @param {string} query
 * @param {string | undefined} pictures
 */
async function lookAt(path, query, pictures) {
  const browser = await Browser.start();
  try {
    console.log(path.split('/').at(-1));
    await browser.send('Page.navigate', { url: pathToFileURL(path).href });
    await browser.until("performance.getEntriesByName('interactive').length === 1");
    const ready = await browser.evaluate(
      "Math.round(performance.getEntriesByName('interactive')[0].startTime)",
    );
    const files = await browser.evaluate("document.getElementById('found').textContent");
    console.log(`  interactive after ${ready} ms: ${files}`);
    check('is interactive in time', ready < LIMIT_MS);
    await searchAndClick(browser, query);
    if (pictures !== undefined) await takePictures(browser, pictures);
    await useKeyboard(browser);
    await scrollToEnd(browser);
    check('runs nothing that an image named', (await browser.evaluate('globalThis.broken')) === undefined);
    check(`has a quiet console ${browser.complaints.join(' | ')}`, browser.complaints.length === 0);
    const foreign = browser.requests.filter((url) => !url.startsWith('file:'));
    check(`asks for nothing ${foreign.join(' ')}`, foreign.length === 0 && browser.requests.length === 1);
  } finally {
    await browser.close();
  }
}

/** @param {Browser} browser @param {string} query */
async function searchAndClick(browser, query) {
  await browser.evaluate("document.getElementById('which').value = 'kept'");
  await browser.press('/');
  check('has / for searching', (await browser.evaluate('document.activeElement.id')) === 'search');
  const started = Date.now();
  await browser.send('Input.insertText', { text: query });
  await browser.until(
    `[...document.querySelectorAll('.row .path')].every((e) => e.textContent.toLowerCase().includes(${JSON.stringify(query)}))`,
  );
  console.log(
    `  "${query}" found after ${Date.now() - started} ms: ${await browser.evaluate("document.getElementById('found').textContent")}`,
  );
  await browser.click('.row');
  await browser.until("document.getElementById('why') !== null");
  const why = await browser.evaluate(
    "[...document.querySelectorAll('#why li')].map((e) => e.innerText.replace('\\n', ' → '))",
  );
  console.log(why.map((/** @type {string} */ line) => `    ${line}`).join('\n'));
  const path = await browser.evaluate("document.querySelector('.selected-path').textContent");
  check('shows a chain that ends at the file', why.length > 0 && why.at(-1).includes(path));
}

/** @param {Browser} browser */
async function useKeyboard(browser) {
  await browser.evaluate("document.getElementById('files').focus()");
  const before = await browser.evaluate("document.querySelector('.selected-path').textContent");
  await browser.press('ArrowDown');
  const after = await browser.evaluate("document.querySelector('.selected-path').textContent");
  const count = await browser.evaluate("Number(document.querySelector('.row').getAttribute('aria-setsize'))");
  check('goes down the list by keyboard', after !== before || count === 1);
  await browser.press('Escape');
  check(
    'has Escape to end a search',
    (await browser.evaluate("document.getElementById('search').value")) === '',
  );
  await browser.evaluate("document.getElementById('map').focus()");
  await browser.press('ArrowRight');
  await browser.press('ArrowDown');
  await browser.press('Enter');
  const way = await browser.evaluate("document.getElementById('way').textContent");
  check(`enters a directory of the map by keyboard (${way})`, way.length > 1);
  for (let up = 0; up < 20; up++) await browser.press('Escape');
  check('goes up again', (await browser.evaluate("document.getElementById('way').textContent")) === '/');
}

/** @param {Browser} browser */
async function scrollToEnd(browser) {
  await browser.evaluate(
    "document.getElementById('which').value = 'all'; document.getElementById('which').dispatchEvent(new Event('change'))",
  );
  await browser.evaluate("document.getElementById('files').scrollTop = 1e9");
  await browser.until(
    "(() => { const row = [...document.querySelectorAll('.row')].at(-1); return row?.getAttribute('aria-posinset') === row?.getAttribute('aria-setsize'); })()",
  );
  const rows = await browser.evaluate("document.querySelectorAll('.row').length");
  check(`shows the end of the list with ${rows} rows made`, rows < 100);
}

/** @param {Browser} browser @param {string} directory */
async function takePictures(browser, directory) {
  await browser.evaluate(
    "document.querySelector('.link.path')?.scrollIntoView({ block: 'nearest' }); scrollTo(0, 0)",
  );
  for (const scheme of ['light', 'dark']) {
    await browser.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    });
    await new Promise((done) => setTimeout(done, 300));
    const back = await browser.evaluate('getComputedStyle(document.body).backgroundColor');
    check(`is ${scheme} (${back})`, Number(/\d+/.exec(back)?.[0]) > 128 === (scheme === 'light'));
    const { data } = await browser.send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(join(directory, `report-${scheme}.png`), Buffer.from(data, 'base64'));
  }
}

/** @param {string} what @param {boolean} holds */
function check(what, holds) {
  if (!holds) failures++;
  console.log(`  ${holds ? 'ok  ' : 'FAIL'} ${what}`);
}
