import { hierarchy, treemap } from 'd3-hierarchy';
import { colour, plain, sizeText } from './text.js';

/** Nothing smaller than this many square pixels gets a rectangle of its own. */
const MIN_AREA = 12;
const LABEL_HEIGHT = 15;
/** How deep directories have a frame and a name. */
const FRAMED_DEPTH = 3;

/**
 * @typedef {{ node: number, value: number, share: number, children?: Cell[] }} Cell node -1: small ones together
 * @typedef {import('d3-hierarchy').HierarchyRectangularNode<Cell>} Placed
 */

/** A treemap on a canvas: what is below `top`, by size, coloured by what is kept. */
export class Treemap {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import('./tree.js').Tree} tree
   * @param {{ select(node: number): void, enter(node: number): void, hover(text: string): void }} actions
   */
  constructor(canvas, tree, actions) {
    this.canvas = canvas;
    this.tree = tree;
    this.actions = actions;
    this.top = 0;
    this.selected = -1;
    this.width = 0;
    this.height = 0;
    /** @type {Placed[]} */
    this.placed = [];
    canvas.addEventListener('click', (event) => this.pick(event, actions.select));
    canvas.addEventListener('dblclick', (event) => this.pick(event, actions.enter));
    canvas.addEventListener('mousemove', (event) => this.hover(event));
    canvas.addEventListener('mouseleave', () => actions.hover(''));
    canvas.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => this.layout()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  /** @param {number} node */
  show(node) {
    this.top = node;
    this.layout();
  }

  /** @param {number} node */
  mark(node) {
    this.selected = node;
    this.draw();
  }

  layout() {
    const { width, height } = this.canvas.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const scale = devicePixelRatio || 1;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const total = this.tree.total(this.top) || 1;
    const root = hierarchy(
      this.cell(this.top, total / ((width * height) / MIN_AREA)),
      (cell) => cell.children,
    ).sum((cell) => (cell.children === undefined ? cell.value : 0));
    const place = /** @type {import('d3-hierarchy').TreemapLayout<Cell>} */ (treemap())
      .size([width, height])
      .paddingInner(1)
      .paddingTop((placed) => (placed.depth <= FRAMED_DEPTH ? LABEL_HEIGHT : 1))
      .round(true);
    this.placed = place(root).descendants();
    this.draw();
  }

  /**
   * Cells of a node; those below `least` bytes are one cell together.
   * @param {number} node
   * @param {number} least
   * @returns {Cell}
   */
  cell(node, least) {
    const { tree } = this;
    const value = tree.total(node);
    const share = value === 0 ? (tree.isKept(node) ? 1 : 0) : tree.keptTotal(node) / value;
    if (!tree.isDirectory(node) || value < least * 4) return { node, value, share };
    const small = { node: -1, value: 0, share: 0 };
    const children = [];
    for (const child of tree.children(node)) {
      const bytes = tree.total(child);
      if (bytes === 0) continue;
      if (bytes >= least) children.push(this.cell(child, least));
      else {
        small.value += bytes;
        small.share += tree.keptTotal(child);
      }
    }
    if (small.value > 0) children.push({ ...small, share: small.share / small.value });
    children.sort((a, b) => b.value - a.value);
    return children.length === 0 ? { node, value, share } : { node, value, share, children };
  }

  draw() {
    const context = this.canvas.getContext('2d');
    if (context === null) return;
    const scale = devicePixelRatio || 1;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const shades = { kept: colour('--kept'), removed: colour('--removed'), frame: colour('--frame') };
    const text = { kept: colour('--on-kept'), removed: colour('--on-removed'), frame: colour('--text') };
    context.fillStyle = shades.frame;
    context.fillRect(0, 0, this.width, this.height);
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    for (const { x0, y0, x1, y1, data, children, depth } of this.placed) {
      const [width, height] = [x1 - x0, y1 - y0];
      if (width < 1 || height < 1) continue;
      const isFrame = children !== undefined;
      context.fillStyle = isFrame ? shades.frame : shades.removed;
      context.fillRect(x0, y0, width, height);
      if (!isFrame && data.share > 0) {
        context.fillStyle = shades.kept;
        context.fillRect(x0, y0 + height * (1 - data.share), width, height * data.share);
      }
      if (isFrame && depth > FRAMED_DEPTH) continue;
      const tone = isFrame ? text.frame : data.share > 0.5 ? text.kept : text.removed;
      if (width > 34 && height >= LABEL_HEIGHT) this.label(context, data, { x0, y0, width }, tone);
    }
    this.drawSelected(context);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Cell} cell
   * @param {{ x0: number, y0: number, width: number }} box
   * @param {string} tone
   */
  label(context, cell, { x0, y0, width }, tone) {
    const name = cell.node < 0 ? 'small files' : plain(this.tree.data.names[cell.node] || '/');
    const full = `${name}  ${sizeText(cell.value)}`;
    const fits = Math.floor((width - 6) / 6);
    context.fillStyle = tone;
    context.fillText(full.length <= fits ? full : name.slice(0, fits), x0 + 4, y0 + 8);
  }

  /** @param {CanvasRenderingContext2D} context */
  drawSelected(context) {
    const at = this.nearestShown(this.selected);
    if (at === undefined) return;
    context.strokeStyle = colour('--accent');
    context.lineWidth = 3;
    context.strokeRect(
      at.x0 + 1.5,
      at.y0 + 1.5,
      Math.max(2, at.x1 - at.x0 - 3),
      Math.max(2, at.y1 - at.y0 - 3),
    );
  }

  /** The cell of a node, or of the nearest directory above it that has one. @param {number} node */
  nearestShown(node) {
    const byNode = new Map(this.placed.map((placed) => [placed.data.node, placed]));
    for (let at = node; at >= 0; at = this.tree.parent(at)) {
      const placed = byNode.get(at);
      if (placed !== undefined) return placed;
    }
    return undefined;
  }

  /** @param {MouseEvent} event */
  at(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    let found;
    // Deeper cells come later.
    for (const placed of this.placed)
      if (x >= placed.x0 && x < placed.x1 && y >= placed.y0 && y < placed.y1) found = placed;
    return found;
  }

  /** A cell of small ones stands for their directory. @param {Placed} placed */
  nodeOf(placed) {
    return placed.data.node >= 0 ? placed.data.node : (placed.parent?.data.node ?? 0);
  }

  /**
   * @param {MouseEvent} event
   * @param {(node: number) => void} act
   */
  pick(event, act) {
    const placed = this.at(event);
    if (placed !== undefined) act(this.nodeOf(placed));
  }

  /** @param {MouseEvent} event */
  hover(event) {
    const placed = this.at(event);
    if (placed === undefined) return;
    const node = this.nodeOf(placed);
    const what = placed.data.node < 0 ? ' (small files)' : '';
    const share = `${Math.round(placed.data.share * 100)} % kept`;
    this.actions.hover(`${plain(this.tree.path(node))}${what}: ${sizeText(placed.data.value)}, ${share}`);
  }

  /** Arrows go to the nearest cell in their direction, Enter into a directory. @param {KeyboardEvent} event */
  key(event) {
    const directions = /** @type {Record<string, [number, number]>} */ ({
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    });
    const direction = directions[event.key];
    if (direction !== undefined) this.move(direction);
    else if (event.key === 'Enter' && this.selected >= 0) this.actions.enter(this.selected);
    else return;
    event.preventDefault();
  }

  /** @param {[number, number]} direction */
  move([dx, dy]) {
    const from = this.nearestShown(this.selected);
    const [x, y] = from ? [(from.x0 + from.x1) / 2, (from.y0 + from.y1) / 2] : [0, 0];
    let best;
    let least = Number.POSITIVE_INFINITY;
    for (const placed of this.placed) {
      if (placed === from || placed.children !== undefined || placed.data.node < 0) continue;
      const [ox, oy] = [(placed.x0 + placed.x1) / 2 - x, (placed.y0 + placed.y1) / 2 - y];
      const along = ox * dx + oy * dy;
      const across = Math.abs(ox * dy) + Math.abs(oy * dx);
      if (along <= 0 || along + 2 * across >= least) continue;
      least = along + 2 * across;
      best = placed;
    }
    if (best !== undefined) this.actions.select(best.data.node);
  }
}
