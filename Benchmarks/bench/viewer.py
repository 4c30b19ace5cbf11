"""The dashboard in a browser: what the page itself measures, and what its processes take."""

import http.server
import statistics
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass

from . import proc

# When the page shows numbers: the frame after the one in which they came.
OPENING = """
new MutationObserver((_, self) => {
  if (!document.getElementById('events')?.dataset.value) return;
  self.disconnect();
  requestAnimationFrame(() => { window.shownAt = performance.now(); });
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-value'] });
"""

PAINTED = "performance.getEntriesByName('first-contentful-paint').map((paint) => paint.startTime)[0]"
OPENED = "performance.getEntriesByName('first-contentful-paint').map((paint) => window.shownAt && [paint.startTime, window.shownAt])[0]"

COUNTING = """
(() => {
  const counts = window.counts = { seconds: {}, longest: 0, tasks: [], news: 0 };
  let before = performance.now();
  const frame = (now) => {
    const second = Math.floor(now / 1000);
    counts.seconds[second] = (counts.seconds[second] || 0) + 1;
    counts.longest = Math.max(counts.longest, now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => counts.tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: 'longtask' });
  new MutationObserver(() => { counts.news++; }).observe(document.getElementById('events'), { attributes: true, attributeFilter: ['data-value'] });
})()
"""

ROOM = "[...document.querySelectorAll('canvas')].map((one) => one.getBoundingClientRect()).map((box) => [box.x, box.y, box.width, box.height])"


@dataclass
class Opening:
    first_paint_ms: float
    with_data_ms: float
    empty_page_ms: float  # the first paint of a page of one word: what the browser itself takes here


@dataclass
class Smoothness:
    frames: list  # of each whole second
    longest_ms: float  # between two frames
    tasks_ms: list  # those of 50 ms and more
    news_per_second: float

    @property
    def median(self):
        return statistics.median(self.frames)


class OneWord(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>.</title><p>word")

    def log_message(self, *_):
        pass


@contextmanager
def empty_page():
    """The address of a page of one word."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OneWord) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def opening(chromium, address, empty):
    """Opens the page anew, as with nothing in the browser's cache, and the empty one before it."""
    bare = _opened(chromium, empty, PAINTED)
    return Opening(*_opened(chromium, address, OPENED), bare)


def _opened(chromium, address, what):
    page = chromium.page("about:blank", first=OPENING)
    page.send("Network.setCacheDisabled", cacheDisabled=True)
    page.send("Page.navigate", url=address)
    found = page.wait(what)
    page.close()
    return found


def smoothness(page, seconds, moves=False):
    """- moves: whether a pointer moves over the charts, each of which draws anew for it."""
    page.evaluate(COUNTING)
    if moves:
        _move(page, seconds)
    else:
        time.sleep(seconds)
    counts = page.evaluate("window.counts")
    frames = [count for _, count in sorted(counts["seconds"].items(), key=lambda pair: int(pair[0]))][1:-1]
    return Smoothness(frames, counts["longest"], counts["tasks"], counts["news"] / seconds)


def _move(page, seconds):
    boxes = page.evaluate(ROOM)
    end, step = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        x, y, width, height = boxes[step // 60 % len(boxes)]
        part = step % 60 / 60
        page.send("Input.dispatchMouseEvent", type="mouseMoved", x=x + width * part, y=y + height * part)
        step += 1
        time.sleep(1 / 60)


def renderer(chromium, page):
    """The page's own process, known by the work that it is given: there are others, of closed pages and to spare."""
    pids = processes(chromium)["renderer"]
    before = {pid: proc.cpu_ns(pid) for pid in pids}
    page.evaluate("for (const end = performance.now() + 300; performance.now() < end;);")
    return max(pids, key=lambda pid: proc.cpu_ns(pid) - before[pid])


def heap_bytes(page):
    return page.send("Runtime.getHeapUsage")["usedSize"]


def processes(chromium):
    """By kind: the browser's own, `renderer`, `gpu-process`, …"""
    kinds = {"browser": [chromium.process.pid]}
    for pid in proc.children(chromium.process.pid):
        kinds.setdefault(proc.option(pid, "--type=") or "browser", []).append(pid)
    return kinds
