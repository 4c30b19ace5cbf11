"use strict";
// Colours, and what the causes are called.
const Theme = (() => {
  const causes = {
    zero_fill: "first touch", copy_on_write: "copy on write", file: "page cache", file_read: "storage read", swap_in: "swap in",
    shared_memory: "shared memory", protection: "protection", stack_growth: "stack growth", bad_access: "bad access", unknown: "not known",
  };
  const ramps = {
    dark: [[21, 27, 35], [24, 52, 88], [26, 98, 140], [37, 154, 150], [126, 205, 110], [250, 231, 90]],
    light: [[255, 255, 255], [219, 234, 249], [146, 197, 235], [62, 142, 208], [32, 84, 160], [38, 28, 96]],
  };
  let colours = {};
  let ramp = [];

  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };

  function apply(name) {
    document.documentElement.dataset.theme = name;
    const style = getComputedStyle(document.documentElement);
    colours = {};
    for (const key of ["text", "dim", "panel", "line", "grid", "accent", "hover", "bad", ...Object.keys(causes)]) colours[key] = style.getPropertyValue("--" + key).trim();
    ramp = Array.from({ length: 256 }, (_, place) => {
      const stops = ramps[name], at = place / 255 * (stops.length - 1), low = Math.min(Math.floor(at), stops.length - 2);
      const [red, green, blue] = stops[low].map((from, part) => Math.round(from + (stops[low + 1][part] - from) * (at - low)));
      return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
    });
  }

  const name = () => document.documentElement.dataset.theme;
  return {
    causes,
    begin() { apply(stored() || (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark")); },
    name,
    toggle() {
      const next = name() === "dark" ? "light" : "dark";
      try { localStorage.setItem("theme", next); } catch { /* a file's page may keep nothing */ }
      apply(next);
    },
    colour: (key) => colours[key] || colours.unknown,
    /** The colour of a part of the whole, 0 to 1, as a pixel of an image: its bytes are red, green, blue and opacity. */
    heat: (part) => ramp[Math.max(0, Math.min(255, Math.round(part * 255)))],
  };
})();
