"use strict";
// Charts over time: a canvas each, drawn anew when there is news.
const Charts = (() => {
  const tip = document.getElementById("tip");

  function showTip(event, text) {
    tip.hidden = !text;
    if (!text) return;
    if (tip.textContent !== text) tip.textContent = text;
    const box = tip.getBoundingClientRect();
    const left = Math.max(4, Math.min(event.clientX + 14, innerWidth - box.width - 8));
    move(tip, left, event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 10 : event.clientY + 18);
  }

  /** What is moved so is not painted anew. */
  function move(element, left, top) { element.style.transform = `translate(${left}px, ${top}px)`; }

  /** As much of a text as there is room for. */
  function fitting(context, text, room) {
    if (context.measureText(text).width <= room) return text;
    let [least, most] = [1, text.length];
    while (least < most) {
      const middle = (least + most + 1) >> 1;
      if (context.measureText(text.slice(0, middle) + "…").width > room) most = middle - 1;
      else least = middle;
    }
    return text.slice(0, least) + "…";
  }

  /** A canvas that knows its size and draws when it changes. Where the pointer is shows an element over it: a move draws nothing anew. */
  class Surface {
    constructor(id) {
      this.canvas = document.getElementById(id);
      this.context = this.canvas.getContext("2d");
      this.cursor = document.createElement("i");
      this.canvas.after(this.cursor);
      new ResizeObserver(([entry]) => { this.measure(entry.contentRect); this.draw(); }).observe(this.canvas.parentElement);
      this.canvas.addEventListener("pointermove", (event) => { this.hover = this.at(event); showTip(event, this.tip(this.hover)); this.point(); });
      this.canvas.addEventListener("pointerleave", () => { this.hover = null; showTip(null, ""); this.point(); });
    }
    at(event) {
      const box = this.canvas.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    }
    tip() { return ""; }
    /** What the pointer is at: { kind, left, top, width, height }. */
    pointed() { return null; }
    point() {
      const box = this.data && this.pointed();
      const kind = box ? "cursor " + box.kind : "";
      if (this.cursor.className !== kind) this.cursor.className = kind;
      if (!box) return;
      [this.cursor.style.width, this.cursor.style.height] = [box.width + "px", box.height + "px"];
      move(this.cursor, box.left, box.top);
    }
    set(data) { this.data = data; this.canvas.setAttribute("aria-label", this.summary(data)); this.draw(); }
    summary() { return ""; }
    /** Kept, for to ask in between makes the browser lay out the whole page. */
    measure({ width, height }) {
      [this.width, this.height] = [width, height];
      this.unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 13;
    }
    draw() {
      const { context, width, height } = this;
      if (!this.data || !width || !height) return;
      const scale = devicePixelRatio || 1;
      if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) {
        this.canvas.width = Math.round(width * scale);
        this.canvas.height = Math.round(height * scale);
      }
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      context.font = `${Math.round(11 * this.unit)}px system-ui, sans-serif`;
      this.paint(context);
      this.point();
    }
    text(context, text, x, y, align, colour, room) {
      context.textAlign = align;
      context.textBaseline = "middle";
      context.fillStyle = colour || Theme.colour("dim");
      context.fillText(room ? fitting(context, text, room) : text, x, y);
    }
  }

  /** With columns of time from left to right. */
  class TimeChart extends Surface {
    get left() { return 44 * this.unit; }
    get bottom() { return this.height - 16 * this.unit; }
    get right() { return this.width - 4; }
    column(x) {
      const { count } = this.data.columns;
      const place = Math.floor((x - this.left) / (this.right - this.left) * count);
      return place >= 0 && place < count ? place : -1;
    }
    when(column, fine) {
      const { start_ns, width_ns } = this.data.columns;
      return Format.moment(this.data, start_ns + column * width_ns, fine);
    }
    paintTime(context) {
      const { count } = this.data.columns;
      if (!count) return this.text(context, "no faults yet", this.width / 2, this.height / 2, "center");
      const marks = Math.max(1, Math.min(6, Math.floor((this.right - this.left) / (95 * this.unit))));
      for (let mark = 0; mark <= marks; mark++) {
        const align = mark === 0 ? "left" : mark === marks ? "right" : "center";
        this.text(context, this.when(count * mark / marks), this.left + (this.right - this.left) * mark / marks, this.height - 6 * this.unit, align);
      }
    }
    pointed() {
      const place = this.hover ? this.column(this.hover.x) : -1;
      if (place < 0) return null;
      const left = this.left + (this.right - this.left) * (place + 0.5) / this.data.columns.count;
      return { kind: "moment", left, top: 4, width: 0, height: this.bottom - 4 };
    }
  }

  class Timeline extends TimeChart {
    constructor(id, onZoom) {
      super(id);
      if (!onZoom) return;
      this.canvas.addEventListener("pointerdown", (event) => { this.drag = this.at(event).x; this.canvas.setPointerCapture(event.pointerId); });
      this.canvas.addEventListener("pointerup", (event) => {
        const [from, until] = [this.drag, this.at(event).x].sort((a, b) => a - b);
        this.drag = null;
        this.point();
        if (until - from < 6 || !this.data) return;
        const { count, start_ns, width_ns } = this.data.columns;
        const ns = (x) => Math.round(start_ns + Math.max(0, Math.min(1, (x - this.left) / (this.right - this.left))) * count * width_ns);
        onZoom(ns(from), ns(until));
      });
    }
    pointed() {
      if (this.drag == null || !this.hover) return super.pointed();
      return { kind: "stretch", left: Math.min(this.drag, this.hover.x), top: 0, width: Math.abs(this.hover.x - this.drag), height: this.bottom };
    }
    get perSecond() { return 1e9 / this.data.columns.width_ns; }
    summary(data) {
      const shares = data.by_cause.slice(0, 3).map((share) => `${Theme.causes[share.name]} ${Format.percent(share.events / (data.sum.events || 1))}`);
      return `Faults per second over time by cause, from ${Format.moment(data, data.columns.start_ns)}. ${Format.count(data.sum.events)} faults: ${shares.join(", ")}.`;
    }
    tip(at) {
      const place = this.data ? this.column(at.x) : -1;
      if (place < 0) return "";
      const lines = this.data.timeline.filter((line) => line.events[place]).map((line) => [line.events[place], Theme.causes[line.cause]]).sort((a, b) => b[0] - a[0]);
      const lost = this.data.lost_over_time[place];
      const all = lines.reduce((sum, line) => sum + line[0], 0);
      return [`${this.when(place)}   ${Format.short(all * this.perSecond)}/s`, ...lines.map(([events, name]) => `${name}: ${Format.short(events * this.perSecond)}/s`)]
        .concat(lost ? [`lost: ${Format.count(lost)}`] : [])
        .concat(this.outages.some((outage) => at.x >= outage.from && at.x <= outage.until) ? ["the connection was lost; faults are unknown"] : []).join("\n");
    }
    /** Where the times stand of which nothing is known. */
    get outages() {
      const { start_ns, width_ns, count } = this.data.columns;
      const x = (ns) => Math.max(this.left, Math.min(this.right, this.left + (ns - start_ns) / (count * width_ns) * (this.right - this.left)));
      return this.data.outages.map((outage) => ({ from: x(outage.since_ns), until: x(outage.until_ns) })).filter(({ from, until }) => until > from);
    }
    paint(context) {
      const { columns, timeline, lost_over_time } = this.data;
      const sums = Array.from({ length: columns.count }, (_, place) => timeline.reduce((sum, line) => sum + line.events[place], 0));
      const top = Math.max(...sums, 1);
      const limit = niceLimit(top * this.perSecond) / this.perSecond;
      const [left, right, bottom] = [this.left, this.right, this.bottom];
      const step = (right - left) / Math.max(columns.count, 1);
      const y = (value) => bottom - (bottom - 8) * value / limit;
      context.lineWidth = 1;
      for (let line = 0; line <= 4; line++) {
        context.strokeStyle = Theme.colour("grid");
        context.beginPath(); context.moveTo(left, Math.round(y(limit * line / 4)) + 0.5); context.lineTo(right, Math.round(y(limit * line / 4)) + 0.5); context.stroke();
        this.text(context, Format.short(limit * line / 4 * this.perSecond), left - 6, y(limit * line / 4), "right");
      }
      const floor = new Float64Array(columns.count);
      for (const line of timeline) {
        context.fillStyle = Theme.colour(line.cause);
        context.beginPath();
        for (let place = 0; place < columns.count; place++) {
          const events = line.events[place];
          if (!events) continue;
          const high = y(floor[place] + events);
          context.rect(left + place * step, high, step > 3 ? step - 1 : step + 0.3, y(floor[place]) - high);
          floor[place] += events;
        }
        context.fill();
      }
      context.fillStyle = Theme.colour("bad");
      for (const { from, until } of this.outages) {
        context.fillRect(from, 0, Math.max(until - from, 2), 5);
        context.globalAlpha = 0.12;
        context.fillRect(from, 5, Math.max(until - from, 2), bottom - 5);
        context.globalAlpha = 1;
      }
      lost_over_time.forEach((lost, place) => { if (lost) context.fillRect(left + place * step, 0, Math.max(step, 2), 5); });
      this.paintTime(context);
    }
  }

  function niceLimit(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10].find((step) => step * power >= value) * power;
  }

  /** Rows of cells over time, the more the hotter, by logarithm. */
  class HeatMap extends TimeChart {
    rows() { return []; }
    row(y) {
      const rows = this.rows(this.data);
      const place = Math.floor((y - 2) / (this.bottom - 2) * rows.length);
      return rows[place];
    }
    tip(at) {
      const place = this.data ? this.column(at.x) : -1;
      const row = place < 0 ? null : this.row(at.y);
      return row ? `${row.title}\n${this.when(place)}: ${Format.count(row.events[place] || 0)} faults` + (row.note ? "\n" + row.note : "") : "";
    }
    paint(context) {
      const rows = this.rows(this.data);
      const { count } = this.data.columns;
      if (!rows.length || !count) return this.text(context, this.nothing, this.width / 2, this.height / 2, "center");
      const hottest = Math.log1p(rows.reduce((most, row) => row.events.reduce((a, b) => Math.max(a, b), most), 1));
      const image = new ImageData(count, rows.length);
      const pixels = new Uint32Array(image.data.buffer);
      rows.forEach((row, line) => row.events.forEach((events, place) => {
        pixels[line * count + place] = Theme.heat(events ? 0.14 + 0.86 * Math.log1p(events) / hottest : 0);
      }));
      const buffer = (this.buffer ||= document.createElement("canvas"));
      if (buffer.width !== count || buffer.height !== rows.length) [buffer.width, buffer.height] = [count, rows.length];
      buffer.getContext("2d").putImageData(image, 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(buffer, this.left, 2, this.right - this.left, this.bottom - 2);
      const height = (this.bottom - 2) / rows.length;
      const every = Math.ceil(13 * this.unit / height);
      context.fillStyle = Theme.colour("panel");
      rows.forEach((row, line) => { if (line && height > 7) context.fillRect(this.left, 2 + line * height - 0.5, this.right - this.left, 1); });
      rows.forEach((row, line) => { if (line % every === 0) this.text(context, row.label, this.left - 6, 2 + (line + 0.5) * height, "right", null, this.left - 10); });
      this.paintTime(context);
    }
  }

  class Latency extends HeatMap {
    get left() { return 56 * this.unit; }
    get nothing() { return this.data.sum.events ? "this source does not tell how long faults take" : "no faults yet"; }
    rows(data) {
      const used = data.latency.map((row, place) => (row.events.length ? place : -1)).filter((place) => place >= 0);
      if (!used.length) return [];
      return data.latency.slice(used[0], used.at(-1) + 1).reverse().map((row) => ({
        label: Format.time(row.until_ns / 2), title: `${Format.time(row.until_ns / 2)} to ${Format.time(row.until_ns)}`, events: row.events,
      }));
    }
    /** The step below which a part of the faults stay. */
    static quantile(data, part) {
      const sums = data.latency.map((row) => row.events.reduce((a, b) => a + b, 0));
      const all = sums.reduce((a, b) => a + b, 0);
      let sum = 0;
      for (let place = 0; place < sums.length; place++) if ((sum += sums[place]) >= all * part && all) return data.latency[place].until_ns;
      return 0;
    }
    static note(data) {
      const half = Latency.quantile(data, 0.5);
      return half ? `half under ${Format.time(half)}, 99 % under ${Format.time(Latency.quantile(data, 0.99))}` : "";
    }
    summary(data) { return `Latency of faults over time. ${Latency.note(data)}.`; }
  }

  class Space extends HeatMap {
    get left() { return Math.min(150 * this.unit, this.width * 0.36); }
    get nothing() { return "no faults yet"; }
    rows(data) {
      // Those that took the most time, as in the table, and no more than have room for their names.
      const room = Math.max(3, Math.floor((this.bottom - 2) / (13 * this.unit)));
      return data.mappings.filter((row) => row.columns.length).sort((a, b) => b.time_ns - a.time_ns).slice(0, room).map((row) => ({
        label: Tables.mappingName(row), title: row.name || Tables.mappingName(row), events: row.columns,
        note: `${Format.count(row.events)} in all, ${Format.time(row.time_ns)}` + (row.region ? `, ${row.region}` : ""),
      }));
    }
    summary(data) {
      return "Faults over time by mapping. Most: " + data.mappings.slice(0, 5).map((row) => `${Tables.mappingName(row)} ${Format.count(row.events)}`).join(", ") + ".";
    }
  }

  return { Surface, Timeline, Latency, Space, showTip };
})();
