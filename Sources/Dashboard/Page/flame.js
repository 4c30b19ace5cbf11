"use strict";
// Stacks as a flame graph, the root on top: click or Enter zooms, a search shows what matches.
class Flame extends Charts.Surface {
  constructor(id, onFocus, onZoom) {
    super(id);
    this.path = [];
    this.onFocus = onFocus;
    this.onZoom = onZoom;
    this.canvas.addEventListener("click", (event) => { const box = this.box(this.at(event)); if (box) this.zoom(box.path); });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.search = "";
  }
  get rowHeight() { return 17 * this.unit; }
  find(path) {
    let node = this.data && this.data.stacks;
    for (const name of path) node = node && (node.children || []).find((child) => child.name === name);
    return node;
  }
  zoom(path) {
    this.path = path;
    this.focus = null;
    this.onZoom(path.length > 0);
    this.draw();
  }
  set(data) {
    this.data = data;
    while (this.path.length && !this.find(this.path)) this.path = this.path.slice(0, -1);
    super.set(data);
  }
  summary(data) {
    const top = (data.stacks.children || []).slice(0, 5).map((node) => `${node.name} ${Format.percent(node.events / (data.stacks.events || 1))}`);
    return `Flame graph of the code that faulted. ${top.join(", ")}. Arrow keys walk, Enter zooms.`;
  }
  lay() {
    const boxes = [];
    const place = (node, path, x, width, row) => {
      if (width < 0.7 || (row + 1) * this.rowHeight > this.height + this.rowHeight) return;
      boxes.push({ node, path, x, width, row });
      let left = x;
      for (const child of node.children || []) {
        const part = width * child.events / (node.events || 1);
        place(child, [...path, child.name], left, part, row + 1);
        left += part;
      }
    };
    this.path.forEach((_, depth) => boxes.push({ node: this.find(this.path.slice(0, depth)), path: this.path.slice(0, depth), x: 0, width: this.width, row: depth, above: true }));
    const root = this.find(this.path);
    if (root && root.events) place(root, this.path, 0, this.width, this.path.length);
    return boxes;
  }
  box(at) { return (this.boxes || []).find((box) => at.x >= box.x && at.x < box.x + box.width && Math.floor(at.y / this.rowHeight) === box.row); }
  describe(box) {
    const { node } = box;
    return `${node.name}\n${Format.count(node.events)} faults, ${Format.percent(node.events / (this.data.stacks.events || 1))}` + (node.time_ns ? `, ${Format.time(node.time_ns)}` : "");
  }
  tip(at) { const box = this.box(at); return box ? this.describe(box) : ""; }
  pointed() {
    const box = this.hover && this.box(this.hover);
    return box && { kind: "frame", left: box.x, top: box.row * this.rowHeight, width: Math.max(box.width - 1, 0), height: this.rowHeight - 1 };
  }
  colour(box) {
    let hash = 0;
    for (const letter of box.node.name) hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
    const light = Theme.name() === "light";
    if (box.above) return light ? "#dfe5ec" : "#2a323d";
    if (this.search) return box.node.name.toLowerCase().includes(this.search) ? (light ? "#f2b705" : "#d29b0b") : light ? "#e6eaef" : "#252d37";
    const hue = box.node.name.startsWith("[") || box.node.name.startsWith("0x") ? 215 : 12 + hash % 38;
    const dull = hue === 215;
    return `hsl(${hue} ${dull ? 18 : light ? 85 : 58}% ${light ? (dull ? 84 : 76 - hash % 9) : (dull ? 30 : 36 + hash % 9)}%)`;
  }
  paint(context) {
    this.boxes = this.lay();
    if (!this.boxes.length) return this.text(context, "no faults yet", this.width / 2, this.height / 2, "center");
    const height = this.rowHeight;
    for (const box of this.boxes) {
      context.fillStyle = this.colour(box);
      context.fillRect(box.x, box.row * height, Math.max(box.width - 1, 0.5), height - 1);
      const focused = this.focus && box.path.length === this.focus.length && box.path.every((name, depth) => name === this.focus[depth]);
      if (focused) {
        context.strokeStyle = Theme.colour("accent");
        context.lineWidth = 2;
        context.strokeRect(box.x + 1, box.row * height + 1, Math.max(box.width - 3, 1), height - 3);
      }
      if (box.width > 26) this.text(context, box.node.name, box.x + 5, (box.row + 0.5) * height, "left", Theme.colour("text"), box.width - 9);
    }
  }
  key(event) {
    const focus = this.focus || this.path;
    const parent = focus.slice(0, -1);
    const siblings = (this.find(parent) || {}).children || [];
    const place = siblings.findIndex((node) => node.name === focus.at(-1));
    const first = ((this.find(focus) || {}).children || [])[0];
    const next = {
      ArrowDown: () => (first ? [...focus, first.name] : focus), ArrowUp: () => parent,
      ArrowRight: () => (siblings[place + 1] ? [...parent, siblings[place + 1].name] : focus),
      ArrowLeft: () => (siblings[place - 1] ? [...parent, siblings[place - 1].name] : focus),
    }[event.key];
    if (event.key === "Enter") this.zoom(focus);
    else if (next) {
      this.focus = next();
      const node = this.find(this.focus);
      if (node) this.onFocus(this.describe({ node }));
      this.draw();
    } else return;
    event.preventDefault();
  }
}
