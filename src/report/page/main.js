import { showDetail } from './detail.js';
import { FileList } from './file-list.js';
import { fillLayers, fillNotes, fillPackages } from './tables.js';
import { byId, make, plain, sizeText } from './text.js';
import { Tree } from './tree.js';
import { Treemap } from './treemap.js';

start();

function start() {
  const tree = new Tree(JSON.parse(byId('data').textContent ?? ''));
  const search = /** @type {HTMLInputElement} */ (byId('search'));
  const which = /** @type {HTMLSelectElement} */ (byId('which'));
  const list = new FileList(tree, select);
  const actions = {
    select,
    enter,
    hover: (/** @type {string} */ text) => (byId('hover').textContent = text),
  };
  const map = new Treemap(/** @type {HTMLCanvasElement} */ (byId('map')), tree, actions);
  /** The package whose files the list shows; -1 for all. */
  let ofPackage = -1;

  search.addEventListener('input', () => {
    ofPackage = -1;
    refresh();
  });
  which.addEventListener('change', refresh);
  addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === '/' && !isTyping) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Escape') {
      if (search.value !== '') {
        search.value = '';
        refresh();
      } else enter(Math.max(0, tree.parent(map.top)));
    }
  });
  fillPackages(tree.data.about, (at) => {
    ofPackage = at;
    search.value = '';
    refresh();
    byId('files').focus();
  });
  fillLayers(tree.data.about);
  fillNotes(tree.data.about);
  enter(0);
  // Painted once, and ready for a click: what scripts measure.
  requestAnimationFrame(() => setTimeout(() => performance.mark('interactive')));

  function refresh() {
    const found = tree.find(map.top, search.value, /** @type {'all' | 'kept' | 'removed'} */ (which.value));
    const nodes = ofPackage < 0 ? found : found.filter((node) => tree.data.packages[node] === ofPackage);
    nodes.sort((a, b) => tree.total(b) - tree.total(a) || a - b);
    const bytes = nodes.reduce((sum, node) => sum + tree.total(node), 0);
    byId('found').textContent = `${nodes.length.toLocaleString('en')} files, ${sizeText(bytes)}`;
    list.show(nodes);
  }

  /** @param {number} node */
  function select(node) {
    map.mark(node);
    list.mark(node);
    showDetail(tree, node, select);
  }

  /** Shows a directory (or a file's) as the whole map. @param {number} node */
  function enter(node) {
    const top = tree.isDirectory(node) ? node : Math.max(0, tree.parent(node));
    map.show(top);
    showWay(top);
    refresh();
  }

  /** @param {number} top */
  function showWay(top) {
    const way = [];
    for (let node = top; node >= 0; node = tree.parent(node)) {
      const button = make('button', { type: 'button', class: 'link' }, plain(tree.data.names[node] || '/'));
      button.addEventListener('click', () => enter(node));
      way.unshift(button);
    }
    byId('way').replaceChildren(...way);
  }
}
