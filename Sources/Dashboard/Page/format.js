"use strict";
// Numbers and times for people.
const Format = (() => {
  const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

  function short(number) {
    if (number < 10) return number === Math.round(number) ? String(number) : number.toFixed(1);
    if (number < 10000) return whole.format(number);
    for (const [unit, name] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (number >= unit) return (number / unit).toFixed(number >= 100 * unit ? 0 : number >= 10 * unit ? 1 : 2) + name;
    }
    return whole.format(number);
  }

  function time(ns) {
    if (!ns) return "0";
    for (const [unit, name] of [[3.6e12, "h"], [6e10, "min"], [1e9, "s"], [1e6, "ms"], [1e3, "µs"]]) {
      if (ns >= unit) return (ns / unit).toPrecision(3).replace(/\.?0+$/, (zeros) => (zeros.includes(".") ? "" : zeros)) + " " + name;
    }
    return ns + " ns";
  }

  const bytes = (count) => (count >= 1 << 30 ? (count / (1 << 30)).toFixed(1) + " GiB" : count >= 1 << 20 ? (count / (1 << 20)).toFixed(1) + " MiB" : Math.round(count / 1024) + " KiB");
  const two = (number) => String(number).padStart(2, "0");

  return {
    short, time, bytes,
    count: (number) => whole.format(number),
    /** In little room. */
    part: (part) => (part >= 0.0995 ? Math.round(part * 100) + "%" : part >= 0.0005 ? (part * 100).toFixed(1) + "%" : "<0.1%"),
    percent: (part) => (part * 100).toFixed(1) + " %",
    /** A moment: by the clock while the trace runs, since its beginning where it is a recording. */
    moment(view, ns, fine) {
      if (view.state === "ended") return (ns / 1e9).toFixed(fine ? 6 : view.columns.width_ns < 1e8 ? 2 : 1) + " s";
      const date = new Date(view.began_ms + ns / 1e6);
      return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}` + (fine ? "." + String(date.getMilliseconds()).padStart(3, "0") : "");
    },
    file: (path) => path.slice(path.lastIndexOf("/") + 1) || path,
  };
})();
