import { byId, make, plain, sizeText } from './text.js';

/**
 * @typedef {import('../page-data.ts').PageData['about']} About
 * @typedef {{ bytes: number, files: number, keptBytes: number, keptFiles: number }} Sums
 */

/** How much of `bytes` is kept, as a bar as long as its share of `most`. @param {Sums} sums @param {number} most */
function bar({ bytes, keptBytes }, most) {
  const whole = make('span', { class: 'bar', role: 'presentation' }, make('span', { class: 'kept' }));
  whole.style.width = `${most === 0 ? 0 : Math.max(0.5, (100 * bytes) / most)}%`;
  if (whole.firstElementChild instanceof HTMLElement)
    whole.firstElementChild.style.width = `${bytes === 0 ? 0 : (100 * keptBytes) / bytes}%`;
  return whole;
}

/** @param {Sums} sums @param {number} most */
function cells(sums, most) {
  return [
    make('td', { class: 'size' }, sizeText(sums.bytes)),
    make('td', { class: 'size' }, sums.keptFiles === 0 ? '–' : sizeText(sums.keptBytes)),
    make('td', { class: 'size' }, `${sums.keptFiles} / ${sums.files}`),
    make('td', { class: 'bars' }, bar(sums, most)),
  ];
}

/**
 * Fills the table of packages, largest first; a name shows its files.
 * @param {About} about
 * @param {(at: number) => void} show
 */
export function fillPackages(about, show) {
  const rows = about.packages
    .map((pkg, at) => ({ ...pkg, at }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const most = Math.max(about.unowned.bytes, ...rows.map(({ bytes }) => bytes), 0);
  const ofNobody = make(
    'tr',
    {},
    make('td', {}, 'what no package owns'),
    make('td', {}),
    ...cells(about.unowned, most),
  );
  byId('packages').replaceChildren(
    ...[...rows.map((row) => packageRow(row, most, show)), ...(about.unowned.files > 0 ? [ofNobody] : [])],
  );
  byId('package-count').textContent =
    `${rows.filter(({ keptFiles }) => keptFiles > 0).length} of ${rows.length}`;
}

/**
 * @param {About['packages'][number] & { at: number }} row
 * @param {number} most
 * @param {(at: number) => void} show
 */
function packageRow(row, most, show) {
  const button = make('button', { type: 'button', class: 'link' }, plain(row.name));
  button.addEventListener('click', () => show(row.at));
  return make(
    'tr',
    row.keptFiles === 0 ? { class: 'gone' } : {},
    make('td', {}, button),
    make('td', {}, plain(row.version)),
    ...cells(row, most),
  );
}

/** @param {About} about */
export function fillLayers(about) {
  const most = Math.max(...about.layers.map(({ bytes }) => bytes), 0);
  byId('layers').replaceChildren(
    ...about.layers.map((layer, at) =>
      make(
        'tr',
        {},
        make('td', {}, String(at + 1)),
        make(
          'td',
          { class: 'command', title: plain(layer.createdBy ?? '') },
          plain(layer.createdBy ?? layer.diffId),
        ),
        ...cells(layer, most),
      ),
    ),
  );
}

/** @param {About} about */
export function fillNotes(about) {
  const violations = about.violations.map(({ policy, message }) =>
    make('li', { class: 'violation' }, make('b', {}, policy), ` ${plain(message)}`),
  );
  const warnings = about.warnings.map(({ code, message }) =>
    make('li', {}, make('b', {}, code), ` ${plain(message)}`),
  );
  const all = [...violations, ...warnings];
  byId('notes').replaceChildren(...(all.length === 0 ? [make('li', {}, 'none')] : all));
  byId('note-count').textContent = String(all.length);
}
