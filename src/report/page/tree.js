/**
 * @typedef {import('../page-data.ts').PageData} PageData
 */

/** The data as the page works with them: columns, and what follows from them. */
export class Tree {
  /** @param {PageData} data */
  constructor(data) {
    this.data = data;
    this.count = data.names.length;
    /** Bytes of a node and everything below it, and of what of that is kept. */
    this.totals = Float64Array.from(data.sizes);
    this.keptTotals = new Float64Array(this.count);
    /** First child and next sibling, -1 for none: an array for each directory would be 10,000 arrays. */
    this.firstChild = new Int32Array(this.count).fill(-1);
    this.nextSibling = new Int32Array(this.count).fill(-1);
    for (let node = this.count - 1; node >= 0; node--) {
      if (this.isKept(node)) this.keptTotals[node] = (this.keptTotals[node] ?? 0) + (data.sizes[node] ?? 0);
      const parent = data.parents[node] ?? -1;
      if (parent < 0) continue;
      this.totals[parent] = (this.totals[parent] ?? 0) + (this.totals[node] ?? 0);
      this.keptTotals[parent] = (this.keptTotals[parent] ?? 0) + (this.keptTotals[node] ?? 0);
      this.nextSibling[node] = this.firstChild[parent] ?? -1;
      this.firstChild[parent] = node;
    }
    /** @type {string[]} */
    this.paths = new Array(this.count);
    for (let node = 0; node < this.count; node++) {
      const parent = data.parents[node] ?? -1;
      const above = parent <= 0 ? '' : (this.paths[parent] ?? '');
      this.paths[node] = node === 0 ? '/' : `${above}/${data.names[node]}`;
    }
    /** @type {string[] | undefined} */
    this.lowerPaths = undefined;
  }

  /** @param {number} node */
  isKept(node) {
    return this.data.kept[node] === '1';
  }

  /** @param {number} node */
  isDirectory(node) {
    return this.data.types[node] === 'd';
  }

  /** @param {number} node */
  path(node) {
    return this.paths[node] ?? '';
  }

  /** @param {number} node */
  total(node) {
    return this.totals[node] ?? 0;
  }

  /** @param {number} node */
  keptTotal(node) {
    return this.keptTotals[node] ?? 0;
  }

  /** @param {number} node */
  parent(node) {
    return this.data.parents[node] ?? -1;
  }

  /**
   * @param {number} node
   * @returns {number[]}
   */
  children(node) {
    const children = [];
    for (let child = this.firstChild[node] ?? -1; child >= 0; child = this.nextSibling[child] ?? -1)
      children.push(child);
    return children;
  }

  /**
   * Returns the nodes below `top` that are no directories, whose path has all words of `query`.
   * @param {number} top
   * @param {string} query
   * @param {'all' | 'kept' | 'removed'} which
   * @returns {number[]}
   */
  find(top, query, which) {
    this.lowerPaths ??= this.paths.map((path) => path.toLowerCase());
    const words = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const prefix = top === 0 ? '/' : `${this.path(top)}/`;
    const found = [];
    for (let node = 1; node < this.count; node++) {
      if (this.isDirectory(node)) continue;
      if (which !== 'all' && this.isKept(node) !== (which === 'kept')) continue;
      const path = this.lowerPaths[node] ?? '';
      if (top !== 0 && node !== top && !this.path(node).startsWith(prefix)) continue;
      if (words.every((word) => path.includes(word))) found.push(node);
    }
    return found;
  }

  /**
   * Returns the way from a root to a kept node: the root first, each with the reason that names it.
   * @param {number} node
   * @returns {{ node: number, reason: string, detector: string, isInferred: boolean }[]}
   */
  chain(node) {
    const chain = [];
    const seen = new Set();
    for (let at = node; at >= 0 && !seen.has(at); ) {
      seen.add(at);
      const [first] = this.reasons(at);
      if (first === undefined) break;
      chain.push({ node: at, reason: first.detail, detector: first.detector, isInferred: first.isInferred });
      at = first.from;
    }
    return chain.reverse();
  }

  /** @param {number} node */
  reasons(node) {
    return (this.data.reasons[node] ?? []).map(([detector, detail, from, inferred]) => ({
      detector: this.data.words[detector] ?? '',
      detail: this.data.words[detail] ?? '',
      from,
      isInferred: inferred === 1,
    }));
  }
}
