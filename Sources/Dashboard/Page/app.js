"use strict";
// The page: what is looked at, the stream of news, and what is drawn of it.
(() => {
  const byId = (id) => document.getElementById(id);
  const given = JSON.parse(byId("data").textContent);
  /** A recording's page, which has all and asks nobody. */
  const inlined = given.views && given;
  const look = { device: "", process: "", causes: [], outcome: "", access: "", mode: "", last: inlined ? "" : given.last, from: "", until: "" };
  let [stream, paused, tab, retry] = [null, false, "processes", 0];
  /** What is drawn, what came last, the panels that are still to be drawn, and whether they shall all be at once. */
  let [view, newest, due, whole] = [null, null, [], true];

  Theme.begin();

  // MARK: What is looked at

  function read() {
    for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
      if (key === "cause") look.causes = value.split(",").filter((name) => Theme.causes[name]);
      else if (key === "tab" && tables[value]) tab = value;
      else if (key in look && key !== "causes" && (!inlined || key === "process")) look[key] = value;
    }
  }

  function parameters() {
    const parameters = new URLSearchParams();
    for (const key of ["device", "process", "outcome", "access", "mode", "last", "from", "until"]) if (look[key] !== "") parameters.set(key, look[key]);
    if (look.causes.length) parameters.set("cause", look.causes.join(","));
    if (look.from !== "") parameters.delete("last");
    return parameters;
  }

  function change(changes) {
    Object.assign(look, changes);
    const kept = parameters();
    if (tab !== "processes") kept.set("tab", tab);
    try { history.replaceState(null, "", "#" + kept); } catch { /* not from a file */ }
    whole = true;
    if (paused) pause(false);
    connect();
  }

  const choose = (id) => change({ process: String(id) === look.process ? "" : String(id) });

  // MARK: News

  function connect() {
    if (inlined) return take(inlined.views[look.process ? "process=" + look.process : ""] || inlined.views[""]);
    clearTimeout(retry);
    if (stream) stream.close();
    stream = new EventSource("api/stream?" + parameters());
    stream.onmessage = (event) => take(JSON.parse(event.data));
    stream.onerror = () => {
      banner("faultline serve does not answer; trying again");
      setState("waiting", "no connection");
      if (stream.readyState === EventSource.CLOSED) explain();
    };
  }

  /** A refusal tells the stream's scripts nothing of its reason. */
  async function explain() {
    retry = setTimeout(connect, 3000);
    const answer = await fetch("api/snapshot?" + parameters()).catch(() => null);
    if (answer && !answer.ok) banner(await answer.text());
  }

  function take(news) {
    if (paused) return;
    newest = news;
    news.seconds = Math.max(news.columns.count * news.columns.width_ns, 1) / 1e9;
    if (look.from === "" && look.last !== "") news.seconds = Math.max(Math.min(news.seconds, news.now_ns / 1e9), news.columns.width_ns / 1e9);
    const reasons = { live: "", waiting: news.reason || "waiting for the device", ended: news.reason && "incomplete: " + news.reason };
    banner(reasons[news.state]);
    setState(news.state, { live: "live", waiting: "waiting for device", ended: news.reason ? "recording, incomplete" : "recording" }[news.state]);
    if (whole || !due.length) begin();
  }

  /** A panel a frame, so that no frame takes long, but all at once where something else is looked at. What comes meanwhile is drawn afterwards. */
  function begin() {
    view = newest;
    due = whole ? [] : [...panels];
    if (whole) draw();
    else requestAnimationFrame(drawNext);
    whole = false;
  }

  function drawNext() {
    if (due.length) due.shift()();
    if (due.length) requestAnimationFrame(drawNext);
    else if (view !== newest) begin();
  }

  function banner(text) {
    byId("banner").hidden = !text;
    if (byId("banner").textContent !== text) byId("banner").textContent = text;
  }

  function setState(state, text) {
    byId("state").className = "pill " + (paused ? "" : state);
    const shown = paused ? "paused" : text;
    if (byId("state").textContent !== shown) byId("state").textContent = shown;
  }

  function pause(on) {
    paused = on;
    byId("pause").setAttribute("aria-pressed", on);
    byId("pause").textContent = on ? "Go on" : "Pause";
    clearTimeout(retry);
    if (on && stream) stream.close();
    if (on) setState("", "");
    else connect();
  }

  // MARK: Panels

  const charts = {
    timeline: new Charts.Timeline("timeline", inlined ? null : (from, until) => change({ from: String(from), until: String(until) })),
    latency: new Charts.Latency("latency"), space: new Charts.Space("space"),
    flame: new Flame("flame", (text) => { byId("flame-focus").textContent = text; }, (zoomed) => { byId("unzoom").hidden = !zoomed; }),
  };
  const pidNote = (row) => String(row.pid);
  const tables = {
    processes: new Tables.Table(byId("table"), "Processes", [
      Tables.named("name", "process", (row) => row.package || row.name, pidNote, (row) => choose(row.id)), ...Tables.sums], "time_ns"),
    threads: new Tables.Table(byId("table"), "Threads", [
      Tables.named("thread", "thread", (row) => row.thread, (row) => `${row.tid}  ${row.tid === row.pid ? "" : row.name}`), ...Tables.sums], "time_ns"),
    mappings: new Tables.Table(byId("table"), "Files and memory", [
      Tables.named("name", "file or memory", Tables.mappingName, (row) => (row.name ? row.region || "" : "")), ...Tables.sums], "time_ns"),
  };
  const plain = (key, title, width, show, text = true) => ({ key, title, width, text, value: show, show });
  const newestTable = new Tables.Table(byId("newest"), "Newest faults", [
    plain("time", "time", "7.6rem", (row) => Format.moment(view, row.time_ns, true)),
    plain("thread", "thread", "", (row) => `${row.thread || row.process}  ${row.tid}`),
    plain("access", "access", "5.4rem", (row) => row.access || ""),
    { key: "cause", title: "cause", width: "9.6rem", text: true, value: (row) => row.cause || "", cell: (row, cell) => {
      const cause = row.cause || "unknown";
      if (cell.dataset.cause === cause) return;
      cell.dataset.cause = cause;
      if (!cell.firstChild) cell.append(Tables.make("i", "dot"), "");
      cell.firstChild.style.background = `var(--${cause})`;
      cell.lastChild.data = Theme.causes[cause];
    } },
    plain("took", "took", "4.8rem", (row) => (row.latency_ns == null ? "" : Format.time(row.latency_ns)), false),
    plain("where", "where", "", (row) => (row.mapping ? Format.file(row.mapping) : row.region || row.address)),
    plain("function", "by", "", (row) => row.function),
  ], "");

  /** The figures last: what they say is in every panel then. */
  const panels = [
    () => charts.timeline.set(view), drawLatency, drawSpace, drawFlame, drawTable, drawNewest, drawDevice, drawFilters, drawFigures,
  ];

  function draw() {
    if (view) for (const panel of panels) panel();
  }

  function drawFigures() {
    const { sum } = view;
    const recent = recentRate();
    figure("rate", recent, Format.short(recent));
    figure("events", sum.events, Format.short(sum.events), Format.count(sum.events));
    figure("major", sum.major, Format.short(sum.major), Format.count(sum.major));
    figure("time", sum.time_ns, Format.time(sum.time_ns));
    figure("lost", view.lost, view.lost ? Format.short(view.lost) : "none", `${Format.count(view.lost)} in ${view.gaps} gaps`);
    byId("losses").classList.toggle("some", view.lost > 0);
  }

  function drawLatency() {
    charts.latency.set(view);
    note("latency", Charts.Latency.note(view));
  }

  function drawSpace() {
    charts.space.set(view);
    note("space", view.process ? `of ${view.process.name} ${view.process.pid}` : "of all processes; choose one in the table");
  }

  function drawFlame() {
    charts.flame.search = searched();
    charts.flame.set(view);
    note("flame", view.has_stacks ? "stacks, root on top" : "faulting functions; --stacks shows who called them");
  }

  const note = (panel, text) => Tables.write(byId(panel + "-note"), text);

  function figure(id, value, text, title) {
    const element = byId(id);
    element.dataset.value = value;
    element.title = title || "";
    Tables.write(element, text);
  }

  /** Over the last two seconds; over everything where nothing goes on. */
  function recentRate() {
    const { count, width_ns } = view.columns;
    if (view.state !== "live" || look.from !== "") return view.sum.events / view.seconds;
    const columns = Math.min(count, Math.max(2, Math.round(2e9 / width_ns)));
    const events = view.timeline.reduce((sum, line) => sum + line.events.slice(count - columns).reduce((a, b) => a + b, 0), 0);
    const seconds = Math.max((view.now_ns - view.columns.start_ns - (count - columns) * width_ns) / 1e9, 0.1);
    return Math.round(events / seconds);
  }

  function drawFilters() {
    const host = byId("causes");
    const shown = Object.keys(Theme.causes).filter((name) => look.causes.includes(name) || host.querySelector(`[data-cause=${name}]`) || view.by_cause.some((share) => share.name === name));
    for (const name of shown) {
      const share = view.by_cause.find((share) => share.name === name);
      const button = host.querySelector(`[data-cause=${name}]`) || addCause(host, name);
      button.setAttribute("aria-pressed", look.causes.includes(name));
      button.lastChild.textContent = share ? Format.part(share.events / (view.sum.events || 1)) : "";
      button.dataset.value = share ? share.events : 0;
      button.title = share ? `${Format.count(share.events)} faults, ${Format.time(share.time_ns)}` : "";
    }
    for (const key of ["outcome", "access", "mode"]) byId(key).value = look[key];
    for (const button of byId("ranges").children) button.setAttribute("aria-pressed", look.from === "" && button.dataset.last === look.last);
    byId("chosen").hidden = !view.process;
    if (view.process) byId("chosen").textContent = `${view.process.package || view.process.name} ${view.process.pid}  ✕`;
    byId("zoomed").hidden = look.from === "";
    if (look.from !== "") byId("zoomed").textContent = `${Format.moment(view, Number(look.from))} – ${Format.moment(view, Number(look.until))}  ✕`;
    const devices = byId("device");
    if (devices.children.length !== view.devices.length) {
      devices.replaceChildren(...view.devices.map((name) => new Option(name, name)));
      devices.disabled = view.devices.length < 2;
    }
    devices.value = view.device;
  }

  function addCause(host, name) {
    const button = Tables.make("button");
    button.dataset.cause = name;
    button.style.setProperty("--color", `var(--${name})`);
    button.append(Tables.make("i"), Theme.causes[name], Tables.make("b"));
    button.disabled = Boolean(inlined);
    button.addEventListener("click", () => change({ causes: look.causes.includes(name) ? look.causes.filter((other) => other !== name) : [...look.causes, name] }));
    const order = Object.keys(Theme.causes);
    host.insertBefore(button, [...host.children].find((other) => order.indexOf(other.dataset.cause) > order.indexOf(name)) || null);
    return button;
  }

  const searched = () => byId("search").value.trim().toLowerCase();
  const matcher = (text) => (...names) => !text || names.some((name) => (name || "").toLowerCase().includes(text));

  /** Why a table is empty. */
  const nothing = (ended) => (searched() ? `nothing here has “${searched()}”` : view.state === "ended" ? ended : "nothing here yet");

  function drawTable() {
    const matches = matcher(searched());
    const rows = {
      processes: () => view.processes.filter((row) => matches(row.name, row.package, String(row.pid)))
        .map((row) => ({ ...row, key: row.id, chosen: String(row.id) === look.process, title: `${row.name} ${row.package}` })),
      threads: () => view.threads.filter((row) => matches(row.thread, row.name, String(row.tid))).map((row) => ({ ...row, key: row.pid + "/" + row.tid, title: `${row.thread}, thread of ${row.name}` })),
      mappings: () => view.mappings.filter((row) => matches(row.name, row.region)).map((row) => ({ ...row, key: row.name + "\n" + row.region, title: row.name || row.region })),
    };
    for (const name of Object.keys(tables)) byId("t-" + name).setAttribute("aria-selected", name === tab);
    byId("table").setAttribute("aria-labelledby", "t-" + tab);
    tables[tab].show();
    tables[tab].set(rows[tab](), view, nothing("nothing here"));
  }

  function drawNewest() {
    const matches = matcher(searched());
    newestTable.show();
    newestTable.set(view.newest.filter((row) => matches(row.process, row.thread, row.mapping, row.function)).map((row, place) => ({ ...row, key: place })), view, nothing("nothing here of the last faults, which alone are kept one by one"));
    note("newest", view.state === "live" ? "some of them, when they are many" : "");
  }

  // MARK: Device

  let factsShown = "";
  function drawDevice() {
    const { session, agent } = view;
    const facts = !session ? [] : [
      ["device", view.device], ["kernel", `${session.kernel} ${session.arch}`], ["CPUs", `${session.cpus}, pages of ${session.page_size / 1024} KiB`],
      ["source", `${session.source}, ${session.transport}` + (session.sample > 1 ? `, one in ${session.sample}` : "")],
      ["began", new Date(view.began_ms).toLocaleString("en-GB")],
      ...(agent ? [["agent", `${Format.time(agent.cpu_ns)} of CPU time, ${Format.bytes(agent.resident_bytes)}, ${Format.bytes(agent.bytes_sent)} sent`]] : []),
      ["lost", view.lost ? `${Format.count(view.lost)} faults in ${view.gaps} gaps` : "nothing"],
      ...(view.outages.length ? [["interrupted", `${view.outages.length === 1 ? "once" : `${view.outages.length} times`}, for ${Format.time(view.outages.reduce((sum, outage) => sum + outage.until_ns - outage.since_ns, 0))}`]] : []),
      ...(view.state === "ended" && view.reason ? [["incomplete", view.reason]] : []),
      ...(view.held_back ? [["held back", `${Format.count(view.held_back)} by the rate limit`]] : []),
      ...session.missing.map((gap) => ["no " + gap.column, gap.reason]),
    ];
    const text = JSON.stringify(facts);
    if (text === factsShown) return;
    factsShown = text;
    byId("facts").replaceChildren(...facts.map(([name, value]) => {
      const line = Tables.make("div");
      line.append(Tables.make("dt", "", name), Tables.make("dd", "", value));
      return line;
    }));
    const checks = session?.preflight?.checks || [];
    byId("checks").hidden = !checks.length;
    const order = { fail: 0, warn: 1, unknown: 2, pass: 3 };
    byId("checks").replaceChildren(...[...checks].sort((a, b) => order[a.status] - order[b.status]).map((check) => {
      const line = Tables.make("li", check.status);
      line.title = check.remedy || "";
      line.append(Tables.make("b", "", check.status), Tables.make("span", "", `${check.id}: ${check.found}`));
      return line;
    }));
  }

  // MARK: Hands

  function show(name) { tab = name; change({}); draw(); }
  for (const name of Object.keys(tables)) byId("t-" + name).addEventListener("click", () => show(name));
  byId("p-who").querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const names = Object.keys(tables);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    show(names[(names.indexOf(tab) + step + names.length) % names.length]);
    byId("t-" + tab).focus();
  });
  for (const key of ["outcome", "access", "mode", "device"]) byId(key).addEventListener("change", (event) => change({ [key]: event.target.value, ...(key === "device" ? { process: "" } : {}) }));
  byId("ranges").addEventListener("click", (event) => { if (event.target.dataset.last != null) change({ last: event.target.dataset.last, from: "", until: "" }); });
  byId("search").addEventListener("input", draw);
  byId("pause").addEventListener("click", () => pause(!paused));
  byId("theme").addEventListener("click", theme);
  byId("chosen").addEventListener("click", () => change({ process: "" }));
  byId("zoomed").addEventListener("click", () => change({ from: "", until: "" }));
  byId("unzoom").addEventListener("click", () => charts.flame.zoom([]));
  byId("help").addEventListener("click", () => byId("keys").showModal());

  function theme() { Theme.toggle(); nameTheme(); draw(); }
  function nameTheme() { byId("theme").textContent = Theme.name() === "dark" ? "Light" : "Dark"; }

  function escape() {
    if (charts.flame.path.length) charts.flame.zoom([]);
    else if (look.from !== "") change({ from: "", until: "" });
    else if (look.process) change({ process: "" });
    else change({ causes: [], outcome: "", access: "", mode: "" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
    const typing = event.target.matches("input, select");
    if (event.key === "Escape") { if (typing) { byId("search").value = ""; event.target.blur(); draw(); } else escape(); return; }
    if (typing || (event.key === " " && event.target.matches("button"))) return;
    const ranges = byId("ranges").children;
    const action = {
      " ": () => inlined || pause(!paused), "/": () => byId("search").focus(), "?": () => byId("keys").showModal(), d: theme,
      p: () => show("processes"), t: () => show("threads"), f: () => show("mappings"),
      1: () => ranges[0].click(), 2: () => ranges[1].click(), 3: () => ranges[2].click(), 4: () => ranges[3].click(),
    }[event.key.toLowerCase()];
    if (action) { event.preventDefault(); action(); }
  });

  if (inlined) {
    for (const id of ["ranges", "pause", "zooming"]) byId(id).hidden = true;
    for (const id of ["outcome", "access", "mode"]) byId(id).parentElement.hidden = true;
  }
  nameTheme();
  byId("data").remove();
  read();
  if (inlined || String(parameters()) !== (given.last && "last=" + given.last)) return connect();
  take(given.view);
  retry = setTimeout(connect, 500);
})();
