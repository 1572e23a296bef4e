/**
 * @typedef {import('./compare-root.js').Row} Row
 * @typedef {import('./compare.js').Disagreement} Disagreement
 */

const HEAD = [
  'root',
  'as',
  'files',
  'libraries',
  'agree',
  'disagree',
  '%',
  'other order',
  'refused',
  'with missing',
  'no loader',
  's',
];

/**
 * @param {readonly Row[]} rows
 * @param {boolean} json
 */
export function renderTable(rows, json) {
  if (json) return `${JSON.stringify(rows.map(plainRow), null, 2)}\n`;
  const table = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...table.map((cells) => (cells[column] ?? '').length)));
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** @param {Row} row */
function cellsOf({ root, pass, withoutLoader, seconds, tally }) {
  const percent = ((100 * tally.agree) / Math.max(1, tally.files)).toFixed(2);
  const kinds = [...tally.refused].map(([kind, count]) => `${count} ${kind}`).join(', ');
  return [
    root,
    pass,
    String(tally.files),
    String(tally.libraries),
    String(tally.agree),
    String(tally.disagreements.length),
    percent,
    String(tally.orderDiffers),
    kinds || '0',
    String(tally.missing),
    String(withoutLoader),
    `${seconds.loader.toFixed(0)}/${seconds.oslim.toFixed(0)}`,
  ];
}

/** @param {Row} row */
function plainRow({ root, pass, withoutLoader, tally }) {
  return {
    root,
    pass,
    withoutLoader,
    files: tally.files,
    libraries: tally.libraries,
    agree: tally.agree,
    disagree: tally.disagreements.length,
    otherOrder: tally.orderDiffers,
    refused: Object.fromEntries(tally.refusals),
    withMissing: tally.missing,
  };
}

/**
 * Returns the first `show` disagreements of all rows in full.
 * @param {readonly Row[]} rows
 * @param {number} show
 */
export function renderDisagreements(rows, show) {
  const all = rows.flatMap((row) => row.tally.disagreements.map((one) => ({ row, one })));
  return all
    .slice(0, show)
    .map(
      ({ row, one }) =>
        `${row.root} (${row.pass}) ${one.path}\n${one.reasons.map((line) => `  ${line}\n`).join('')}`,
    )
    .join('');
}
