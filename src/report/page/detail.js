import { byId, make, plain, sizeText } from './text.js';

const TYPES = /** @type {Record<string, string>} */ ({
  f: 'file',
  d: 'directory',
  l: 'link',
  c: 'character device',
  b: 'block device',
  p: 'fifo',
});

/**
 * Shows what is known of a node: what it is, whose, and the chain of reasons from a root to it.
 * @param {import('./tree.js').Tree} tree
 * @param {number} node
 * @param {(node: number) => void} select
 */
export function showDetail(tree, node, select) {
  const { data } = tree;
  const pkg = data.about.packages[data.packages[node] ?? -1];
  const layer = (data.layers[node] ?? -1) + 1;
  const isKept = tree.isKept(node);
  const facts = [
    ['type', TYPES[data.types[node] ?? ''] ?? ''],
    [
      'size',
      `${sizeText(tree.total(node))}${tree.isDirectory(node) ? `, ${sizeText(tree.keptTotal(node))} kept` : ''}`,
    ],
    ['package', pkg === undefined ? 'none' : `${plain(pkg.name)} ${plain(pkg.version)}`],
    ['layer', layer === 0 ? 'none' : String(layer)],
  ];
  byId('detail').replaceChildren(
    make('h2', { class: 'selected-path' }, plain(tree.path(node))),
    make(
      'p',
      {},
      make('span', { class: isKept ? 'state kept' : 'state removed' }, isKept ? 'kept' : 'removed'),
    ),
    make(
      'dl',
      {},
      ...facts.flatMap(([name, value]) => [make('dt', {}, name ?? ''), make('dd', {}, value ?? '')]),
    ),
    ...(isKept ? why(tree, node, select) : [make('p', {}, whyNot(tree, node))]),
  );
}

/** @param {import('./tree.js').Tree} tree @param {number} node */
function whyNot(tree, node) {
  if (tree.isDirectory(node)) return 'Nothing that the process needs is in it.';
  return 'Nothing that the process was seen to need leads to it. --include keeps it.';
}

/**
 * @param {import('./tree.js').Tree} tree
 * @param {number} node
 * @param {(node: number) => void} select
 */
function why(tree, node, select) {
  const chain = tree.chain(node);
  if (chain.length === 0) {
    const text = tree.isDirectory(node)
      ? 'It is on the way to something that is kept.'
      : 'It is data for scanners, cut to the packages that are kept.';
    return [make('h3', {}, 'Why'), make('p', { id: 'why' }, text)];
  }
  const steps = chain.map((step) =>
    make('li', {}, make('span', { class: 'reason' }, reasonText(step)), link(tree, step.node, select)),
  );
  const others = tree.reasons(node).slice(1);
  return [
    make('h3', {}, 'Why'),
    make('ol', { id: 'why', class: 'chain' }, ...steps),
    ...(others.length === 0
      ? []
      : [make('h3', {}, 'Also'), make('ul', { class: 'chain' }, ...others.map(also))]),
  ];

  /** @param {{ detail: string, detector: string, from: number, isInferred: boolean }} other */
  function also({ detail, detector, from, isInferred }) {
    const text = make('span', { class: 'reason' }, reasonText({ reason: detail, detector, isInferred }));
    return from < 0 ? make('li', {}, text) : make('li', {}, text, link(tree, from, select));
  }
}

/** @param {{ reason: string, detector: string, isInferred: boolean }} step */
function reasonText({ reason, detector, isInferred }) {
  return `${detector}: ${plain(reason)}${isInferred ? ' (inferred)' : ''}`;
}

/**
 * @param {import('./tree.js').Tree} tree
 * @param {number} node
 * @param {(node: number) => void} select
 */
function link(tree, node, select) {
  const button = make('button', { type: 'button', class: 'link path' }, plain(tree.path(node)));
  button.addEventListener('click', () => select(node));
  return button;
}
