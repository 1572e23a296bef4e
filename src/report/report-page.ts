import { createHash } from 'node:crypto';
import { type PageData, pageData } from './page-data.ts';
import { pageScripts } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import { formatBytes, printable } from './plain-text.ts';
import type { ReportDocument } from './report-document.ts';

/**
 * Returns the report as one page that needs nothing else and may do nothing else: its policy allows the scripts and
 * the style that are in it, by their digests, and no address at all.
 */
export function reportPage(report: ReportDocument): string {
  const { library, page } = pageScripts();
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(library)} ${sourceOf(page)}`,
    `style-src ${sourceOf(PAGE_STYLE)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const title = escaped(printable(report.source.name));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="oslim ${escaped(report.oslim)}">
<title>${title}: what is kept, and why</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
${header(report)}
${BODY}
<script type="application/json" id="data">${inert(pageData(report))}</script>
<script>${library}</script>
<script type="module">${page}</script>
</body>
</html>
`;
}

/** CSP's name of an inline script or style (CSP Level 3, 2.3.1 "hash-source"). */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/**
 * Returns JSON that no HTML parser ends early: of what can begin an end tag, a comment or another script none is left
 * (HTML Standard, "Restrictions for contents of script elements").
 */
function inert(data: PageData): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function header({ source, name, image, before, after }: ReportDocument): string {
  const numbers = [
    ...(before === undefined
      ? []
      : [['before', formatBytes(before.bytes), `${before.files} files`] as const]),
    ['after', formatBytes(after.bytes), `${after.files} files`] as const,
    ...(before === undefined || after.bytes === 0
      ? []
      : [['smaller', `${(before.bytes / after.bytes).toFixed(1)}×`, 'by size of files'] as const]),
    ['as stored', formatBytes(image.layerBytes), 'one layer'] as const,
  ];
  const boxes = numbers.map(
    ([label, value, note]) =>
      `<div><span class="quiet">${label}</span><b>${escaped(value)}</b><span class="quiet">${note}</span></div>`,
  );
  const whole =
    before === undefined
      ? ''
      : `<div class="whole"><progress max="${before.bytes}" value="${after.bytes}" aria-label="share that is kept"></progress></div>`;
  return `<header>
<h1>${escaped(printable(source.name))}</h1>
<p class="quiet">${escaped(source.platform)} · ${escaped(source.digest)}<br>slim: ${escaped(printable(name))} · ${escaped(image.id)}</p>
<div class="numbers">${boxes.join('')}</div>
${whole}
</header>`;
}

const HEADINGS = '<th class="size">before</th><th class="size">kept</th><th class="size">files</th><th></th>';

const BODY = `<main>
<div class="grid">
<section aria-label="map">
<h2>Where the bytes are <span class="legend"><i class="kept"></i>kept<i class="removed"></i>removed</span></h2>
<p id="way" aria-label="directory"></p>
<canvas id="map" tabindex="0" role="img" aria-label="treemap of the files: arrow keys choose one, Enter opens a directory, Escape goes up"></canvas>
<p id="hover" class="quiet"></p>
</section>
<aside id="detail" aria-live="polite"><h2>A file</h2>
<p class="quiet">Choose a file in the map or in the list, to see why it is kept. <kbd>/</kbd> searches, <kbd>Esc</kbd> goes up,
a double click or <kbd>Enter</kbd> opens a directory.</p></aside>
</div>
<section aria-label="files">
<div class="tools"><input id="search" type="search" placeholder="Search paths" aria-label="search paths">
<select id="which" aria-label="which files"><option value="all">all</option><option value="kept">kept</option><option value="removed">removed</option></select>
<span id="found" class="quiet" aria-live="polite"></span></div>
<div id="files" tabindex="0" role="listbox" aria-label="files"><div id="rows" role="presentation"></div></div>
</section>
<section aria-label="packages"><h2>Packages <span id="package-count" class="quiet"></span></h2>
<div class="table"><table><thead><tr><th>package</th><th>version</th>${HEADINGS}</tr></thead><tbody id="packages"></tbody></table></div></section>
<section aria-label="layers"><h2>Layers of the source</h2>
<div class="table"><table><thead><tr><th>#</th><th>made by</th>${HEADINGS}</tr></thead><tbody id="layers"></tbody></table></div></section>
<section aria-label="notes"><h2>Notes <span id="note-count" class="quiet"></span></h2><ul id="notes"></ul></section>
</main>`;
