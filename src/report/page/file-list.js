import { byId, make, plain, sizeText } from './text.js';

const ROW_HEIGHT = 26;

/** A list of which only the rows in view exist, whatever its length. */
export class FileList {
  /**
   * @param {import('./tree.js').Tree} tree
   * @param {(node: number) => void} select
   */
  constructor(tree, select) {
    this.tree = tree;
    this.select = select;
    this.box = byId('files');
    this.rows = byId('rows');
    /** @type {number[]} */
    this.nodes = [];
    this.selected = -1;
    this.box.addEventListener('scroll', () => this.draw(), { passive: true });
    this.box.addEventListener('keydown', (event) => this.key(event));
    this.rows.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest('[data-node]') : null;
      if (row instanceof HTMLElement) select(Number(row.dataset.node));
    });
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  /** @param {number[]} nodes */
  show(nodes) {
    this.nodes = nodes;
    this.rows.style.height = `${nodes.length * ROW_HEIGHT}px`;
    this.box.scrollTop = 0;
    this.draw();
  }

  /** @param {number} node */
  mark(node) {
    this.selected = node;
    const at = this.nodes.indexOf(node);
    if (at >= 0) {
      const top = at * ROW_HEIGHT;
      const { scrollTop, clientHeight } = this.box;
      if (top < scrollTop || top + ROW_HEIGHT > scrollTop + clientHeight)
        this.box.scrollTop = top - clientHeight / 2;
    }
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW_HEIGHT) - 5);
    const last = Math.min(this.nodes.length, first + Math.ceil(this.box.clientHeight / ROW_HEIGHT) + 10);
    const rows = [];
    for (let at = first; at < last; at++) rows.push(this.row(at));
    this.rows.replaceChildren(...rows);
    const isShown = this.nodes.slice(first, last).includes(this.selected);
    if (isShown) this.box.setAttribute('aria-activedescendant', `row-${this.selected}`);
    else this.box.removeAttribute('aria-activedescendant');
  }

  /** @param {number} at */
  row(at) {
    const node = this.nodes[at] ?? 0;
    const isKept = this.tree.isKept(node);
    const row = make(
      'div',
      {
        role: 'option',
        id: `row-${node}`,
        class: 'row',
        'data-node': String(node),
        'aria-selected': String(node === this.selected),
        'aria-posinset': String(at + 1),
        'aria-setsize': String(this.nodes.length),
      },
      make('span', { class: isKept ? 'state kept' : 'state removed' }, isKept ? 'kept' : 'removed'),
      make('span', { class: 'path' }, plain(this.tree.path(node))),
      make('span', { class: 'size' }, sizeText(this.tree.total(node))),
    );
    row.style.transform = `translateY(${at * ROW_HEIGHT}px)`;
    return row;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW_HEIGHT) - 1);
    const at = this.nodes.indexOf(this.selected);
    const targets = /** @type {Record<string, number>} */ ({
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.nodes.length - 1,
    });
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const node = this.nodes[Math.min(this.nodes.length - 1, Math.max(0, target))];
    if (node !== undefined) this.select(node);
  }
}
