"use strict";
// Tables that can be sorted; rows that stay keep their elements.
const Tables = (() => {
  const mappingName = (row) => (row.name ? Format.file(row.name) : row.region || "unknown");
  const make = (tag, kind, text) => {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text != null) element.textContent = text;
    return element;
  };

  /** Sets a text where it is another one. The node stays, which spares the browser to make a box for it anew. */
  const write = (element, text) => {
    const node = element.firstChild;
    if (!node) element.textContent = text;
    else if (node.data !== text) node.data = text;
  };

  /** Rows are made for what is in sight, and so many more when one scrolls towards their end. None is lower than so many pixels. */
  const [portion, lowest] = [40, 18];

  /** Columns: { key, title, text, value(row), cell(row, td), width } */
  class Table {
    constructor(host, label, columns, sort) {
      // Copies, for tables share columns and each has headings of its own.
      this.columns = columns.map((column) => ({ ...column }));
      this.sort = { key: sort, down: true };
      this.table = make("table");
      this.table.setAttribute("aria-label", label);
      const head = this.table.createTHead().insertRow();
      const group = make("colgroup");
      for (const column of this.columns) {
        const size = make("col");
        if (column.width) size.style.width = column.width;
        group.append(size);
        head.append(this.heading(column));
      }
      this.table.prepend(group);
      this.body = this.table.createTBody();
      this.empty = make("p", "empty");
      this.host = host;
      this.rows = new Map();
      this.list = [];
      this.room = 0;
      new ResizeObserver(([{ contentRect }]) => this.grow(Math.ceil(contentRect.height / lowest))).observe(host);
      host.addEventListener("scroll", () => { if (host.scrollTop + 2 * host.clientHeight > host.scrollHeight) this.grow(this.body.rows.length + portion); });
    }
    heading(column) {
      const cell = make("th", column.text ? "text" : "");
      cell.scope = "col";
      const button = make("button", "", column.title);
      if (!this.sort.key) button.disabled = true;
      button.addEventListener("click", () => {
        this.sort = { key: column.key, down: this.sort.key === column.key ? !this.sort.down : !column.text };
        this.draw();
      });
      cell.append(button);
      column.head = cell;
      return cell;
    }
    /** - why: what is said where there are no rows. */
    set(rows, context, why) { [this.list, this.context] = [rows, context]; write(this.empty, why); this.draw(); }
    show() { if (this.host.firstChild !== this.table) this.host.replaceChildren(this.table, this.empty); }
    grow(room) {
      if (room <= this.room) return;
      this.room = room;
      if (this.host.firstChild === this.table && this.list.length > this.body.rows.length) this.draw();
    }
    draw() {
      const { key, down } = this.sort;
      const column = this.columns.find((column) => column.key === key);
      for (const other of this.columns) other.head.setAttribute("aria-sort", other !== column ? "none" : down ? "descending" : "ascending");
      const list = [...this.list];
      this.table.setAttribute("aria-rowcount", list.length + 1);
      if (column) list.sort((a, b) => {
        const [left, right] = [column.value(a), column.value(b)];
        const order = typeof left === "string" ? left.localeCompare(right) : left - right;
        return down ? -order : order;
      });
      const kept = new Map();
      list.slice(0, this.room).forEach((row, place) => {
        const key = row.key;
        const element = this.rows.get(key) || this.row();
        kept.set(key, element);
        this.fill(element, row);
        if (this.body.children[place] !== element) this.body.insertBefore(element, this.body.children[place] || null);
      });
      for (const [key, element] of this.rows) if (!kept.has(key)) element.remove();
      this.rows = kept;
      this.empty.hidden = list.length > 0;
    }
    row() {
      const row = make("tr");
      for (const column of this.columns) row.append(make("td", (column.text ? "text" : "") + (column.width ? "" : " rest")));
      return row;
    }
    fill(element, row) {
      element.classList.toggle("chosen", Boolean(row.chosen));
      this.columns.forEach((column, place) => {
        const cell = element.children[place];
        if (column.cell) return column.cell(row, cell, this.context);
        write(cell, column.show(row, this.context));
      });
    }
  }

  const sums = [
    { key: "events", title: "faults", width: "5.6rem", value: (row) => row.events, cell: (row, cell, view) => {
      cell.className = "share";
      cell.dataset.value = row.events;
      const part = (row.events / (view.sum.events || 1) * 100).toFixed(1) + "%";
      if (cell.dataset.part !== part) cell.style.setProperty("--part", cell.dataset.part = part);
      write(cell, Format.short(row.events));
    } },
    { key: "rate", title: "/s", width: "4.2rem", value: (row) => row.events, show: (row, view) => Format.short(row.events / view.seconds) },
    { key: "major", title: "major", width: "4.2rem", value: (row) => row.major, cell: (row, cell) => {
      cell.classList.toggle("major", row.major > 0);
      cell.dataset.value = row.major;
      write(cell, row.major ? Format.short(row.major) : "–");
    } },
    { key: "time_ns", title: "time", width: "5rem", value: (row) => row.time_ns, show: (row) => Format.time(row.time_ns) },
  ];

  const named = (key, title, name, note, choose) => ({
    key, title, text: true, value: name, cell: (row, cell) => {
      const [text, extra] = [name(row), note(row)];
      if (cell.dataset.text === text && cell.dataset.extra === extra) return;
      [cell.dataset.text, cell.dataset.extra, cell.title] = [text, extra, row.title || text];
      if (cell.children.length) return void (write(cell.firstChild, text), write(cell.lastChild, extra && "  " + extra));
      const label = make(choose ? "button" : "span", "", text);
      if (choose) label.addEventListener("click", () => choose(cell.row));
      cell.replaceChildren(label, make("small", "", extra && "  " + extra));
    },
  });
  const withRow = (column) => ({ ...column, cell: (row, cell, view) => { cell.row = row; column.cell(row, cell, view); } });

  return { Table, make, write, mappingName, sums, named: (...rest) => withRow(named(...rest)) };
})();
