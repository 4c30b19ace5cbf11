"""The dashboard as people see it: a real browser, real faults, real recordings."""
import json
import os
import signal
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from chromium import Chromium
from controller import FAULTLINE, Served, faultline, scratch, until, workload
from loopback import Loopback

PICTURES = os.environ["FAULTLINE_PICTURES"]
AGENT = os.path.join(os.path.dirname(FAULTLINE), "..", "agents", os.uname().machine, "faultline-agent")
ONLY_WORKLOAD = ["--local", "--comm", "faults*"]


# How many charts each frame draws: each clears its canvas first.
DRAWINGS = """
const drawn = new Map();
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  const frame = document.timeline.currentTime;
  drawn.set(frame, (drawn.get(frame) || 0) + 1);
  clear.apply(this, box);
};
"""


def shows(page, events):
    """Waits until the page has that many faults in sight."""
    page.wait(f"document.getElementById('events').dataset.value === '{events}'")


# Scrolls, for rows are made when they are scrolled to.
ALL_ROWS = """(() => {
  const host = document.getElementById('table');
  host.scrollTop = host.scrollHeight;
  return host.querySelectorAll('tbody tr').length + 1 === Number(host.firstChild.getAttribute('aria-rowcount'));
})()"""


def rows(page, tab):
    """What a table shows: name, faults, major faults."""
    page.click(f"#t-{tab}")
    page.wait(f"document.querySelector('#t-{tab}').getAttribute('aria-selected') === 'true'")
    page.wait(ALL_ROWS)
    return page.evaluate(
        "[...document.querySelectorAll('#table tbody tr')].map((row) => [row.cells[0].dataset.text, row.cells[0].dataset.extra,"
        " Number(row.cells[1].dataset.value), Number(row.cells[3].dataset.value)])")


def causes(page):
    return page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('#causes button')].map((button) => [button.dataset.cause, Number(button.dataset.value)]))")


class BrowserTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chromium = cls.enterClassContext(Chromium())

    def open(self, address, **shape):
        page = self.chromium.page(address, **shape)
        self.addCleanup(lambda: self.assert_clean(page, address))
        return page

    def assert_clean(self, page, address):
        """Nothing went wrong, and nothing was asked of anybody else."""
        page.close()
        self.assertEqual(page.problems, [])
        self.assertEqual([url for url in page.requests if not url.startswith(address.split("?")[0].split("#")[0])], [])


class KnownFaultsTests(BrowserTest):
    def test_known_faults_are_in_every_panel(self):
        served = self.enterContext(Served(*ONLY_WORKLOAD))
        served.await_live()
        page = self.open(served.address)
        workload("write", 5000, "read", 700, "kernel", 300, "cow", 200)
        now = served.settled()
        self.assertTrue(6400 <= now["sum"]["events"] <= 6600, now["sum"])
        shows(page, now["sum"]["events"])
        self.assertEqual(causes(page), {share["name"]: share["events"] for share in now["by_cause"]})
        self.assertGreaterEqual(causes(page)["zero_fill"], 5700)
        for tab in ("processes", "threads", "mappings"):
            self.assertEqual(sum(row[2] for row in rows(page, tab)), now["sum"]["events"], tab)
        for chart in ("timeline", "space", "flame"):
            self.assertTrue(page.evaluate(f"document.getElementById('{chart}').getAttribute('aria-label')"), chart)
        self.assertIn(f"{now['sum']['events']:,} faults", page.evaluate("document.getElementById('timeline').getAttribute('aria-label')"))
        self.assertGreaterEqual(page.evaluate("document.querySelectorAll('#newest tbody tr').length"), 10)
        self.assertGreater(page.evaluate("Number(document.querySelector('#newest table').getAttribute('aria-rowcount'))"), 20)
        self.assertIn("tracepoint", page.text("#facts"))
        self.assertEqual(page.text("#state"), "live")


class StackTests(BrowserTest):
    def test_who_called_the_faulting_function_is_in_the_flame_graph(self):
        served = self.enterContext(Served(*ONLY_WORKLOAD, "--stacks"))
        served.await_live()
        workload("seven", 500)
        until(lambda: '"seventh"' in json.dumps(served.snapshot()["stacks"]), "functions have names")
        page = self.open(served.address)
        page.wait("document.getElementById('flame').getAttribute('aria-label')")
        self.assertTrue(served.snapshot()["has_stacks"])
        page.evaluate("document.getElementById('flame').focus()")
        for key in ("ArrowDown", "ArrowDown", "ArrowDown"):
            page.key(key)
        self.assertIn("faults", page.text("#flame-focus"))
        page.key("Enter")
        page.wait("!document.getElementById('unzoom').hidden")
        page.key("Escape")
        page.wait("document.getElementById('unzoom').hidden")


class LiveTests(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.served = cls.enterClassContext(Served(*ONLY_WORKLOAD))
        cls.served.await_live()

    def test_a_cause_and_a_process_can_be_chosen(self):
        workload("write", 1000, "read", 400)
        page = self.open(self.served.address + "#last=")
        all_faults = self.served.settled()["sum"]["events"]
        shows(page, all_faults)
        page.click("#causes [data-cause=zero_fill]")
        shows(page, self.served.snapshot("cause=zero_fill")["sum"]["events"])
        self.assertIn("cause=zero_fill", page.evaluate("location.hash"))
        page.key("Escape")
        shows(page, all_faults)
        page.click("#table tbody tr td button")
        page.wait("!document.getElementById('chosen').hidden")
        chosen = self.served.snapshot("process=" + page.evaluate("new URLSearchParams(location.hash.slice(1)).get('process')"))
        shows(page, chosen["sum"]["events"])
        self.assertEqual(rows(page, "processes")[0][2], chosen["sum"]["events"])

    def test_keys_pause_search_and_change_the_theme(self):
        workload("write", 100)
        page = self.open(self.served.address)
        page.wait("document.getElementById('state').textContent === 'live'")
        page.key(" ", " ")
        page.wait("document.getElementById('state').textContent === 'paused'")
        before = page.text("#events")
        workload("write", 3000)
        time.sleep(1.5)
        self.assertEqual(page.text("#events"), before)
        page.key(" ", " ")
        page.wait("document.getElementById('state').textContent === 'live'")
        page.key("d", "d")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "light")
        page.key("/", "/")
        self.assertEqual(page.evaluate("document.activeElement.id"), "search")
        page.key("t", "t")
        self.assertEqual(page.evaluate("document.getElementById('search').value"), "t")
        page.evaluate("localStorage.clear()")

    def test_no_frame_draws_more_than_one_chart(self):
        workload("write", 200)
        page = self.open(self.served.address, first=DRAWINGS)
        page.wait("document.getElementById('state').textContent === 'live'")
        time.sleep(1)
        page.evaluate("drawn.clear()")
        time.sleep(2)
        frames = page.evaluate("[...drawn.values()]")
        self.assertGreaterEqual(len(frames), 8, "four charts, twice a second")
        self.assertEqual(max(frames), 1)

    def test_a_pointer_draws_no_chart(self):
        workload("write", 200)
        page = self.open(self.served.address, first=DRAWINGS)
        page.wait("document.querySelectorAll('#newest tbody tr').length > 0")
        page.key(" ", " ")
        page.wait("document.getElementById('state').textContent === 'paused'")
        time.sleep(1)
        page.evaluate("drawn.clear()")
        for chart, cursor in (("timeline", "moment"), ("latency", "moment"), ("space", "moment"), ("flame", "frame")):
            x, y, width = page.evaluate(f"(({{ x, y, width }}) => [x, y, width])(document.getElementById('{chart}').getBoundingClientRect())")
            page.send("Input.dispatchMouseEvent", type="mouseMoved", x=x + width * 0.5, y=y + 8)
            page.wait(f"document.querySelector('#{chart} + .cursor.{cursor}') && !document.getElementById('tip').hidden")
        self.assertEqual(page.evaluate("drawn.size"), 0)

    def test_a_stretch_of_time_can_be_dragged(self):
        workload("write", 500)
        page = self.open(self.served.address + "#last=")
        shows(page, self.served.settled()["sum"]["events"])
        box = page.evaluate("(({ x, y, width, height }) => [x, y, width, height])(document.getElementById('timeline').getBoundingClientRect())")
        for kind, part in (("mousePressed", 0.5), ("mouseMoved", 0.7), ("mouseReleased", 0.9)):
            page.send("Input.dispatchMouseEvent", type=kind, x=box[0] + box[2] * part, y=box[1] + box[3] / 2, button="left", buttons=1, clickCount=1)
        page.wait("!document.getElementById('zoomed').hidden")
        self.assertIn("from=", page.evaluate("location.hash"))
        page.key("Escape")
        page.wait("document.getElementById('zoomed').hidden")

    def test_markup_in_a_name_is_text(self):
        name = "<img src=x>"
        workload("name", 7, "write", 50, "in", "/tmp", "file", name)
        page = self.open(self.served.address + "#last=&tab=mappings")
        page.wait(ALL_ROWS)
        page.wait(f"[...document.querySelectorAll('#table tbody td')].some((cell) => cell.dataset.text === '{name}')")
        self.assertEqual(page.evaluate("document.querySelectorAll('img').length"), 0)

    def test_a_device_that_goes_comes_back(self):
        page = self.open(self.served.address)
        page.wait("document.getElementById('state').textContent === 'live'")
        for agent in subprocess.run(["pgrep", "-P", str(self.served.process.pid)], capture_output=True, text=True).stdout.split():
            os.kill(int(agent), signal.SIGKILL)
        page.wait("!document.getElementById('banner').hidden")
        self.assertEqual(page.text("#state"), "waiting for device")
        page.wait("document.getElementById('banner').hidden", 60)
        workload("write", 800)
        self.assertTrue(page.wait("Number(document.getElementById('events').dataset.value) > 800"))

    def test_pictures(self):
        workload("write", 4000, "read", 700, "cow", 400, "kernel", 300, "in", "/tmp", "coldfile", 40, "warmfile", 200)
        for name, width, height in (("small", 400, 800), ("laptop", 1440, 900), ("large", 3840, 2160)):
            for theme in ("dark", "light"):
                page = self.open(self.served.address, width=width, height=height, dark=theme == "dark")
                page.wait("document.querySelectorAll('#newest tbody tr').length > 0")
                self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), theme)
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
                if width > 1000:
                    self.assertLessEqual(page.evaluate("document.documentElement.scrollHeight"), height)
                page.picture(f"{PICTURES}/live-{name}-{theme}.png")

    def test_ten_browsers_and_one_that_does_not_read_delay_nothing(self):
        place = self.served.address.split("/")[2]
        host, port = place.rsplit(":", 1)
        browsers = [socket.create_connection((host, int(port))) for _ in range(10)]
        stalled = socket.socket()
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect((host, int(port)))
        for number, browser in enumerate([*browsers, stalled]):
            browser.sendall(f"GET /api/stream?last={60 + number} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
            browser.settimeout(0.5)
        lost = self.served.snapshot()["lost"]
        workload("again", 1_000_000)
        end, closed = time.monotonic() + 120, False
        while not closed and time.monotonic() < end:
            for browser in browsers:
                try:
                    self.assertNotEqual(browser.recv(1 << 20), b"")
                except TimeoutError:
                    pass
            closed = self.connections(port, stalled.getsockname()[1]) == 0
        self.assertTrue(closed, "a browser that does not read was let go")
        self.assertEqual(self.served.snapshot()["lost"], lost)
        for browser in [*browsers, stalled]:
            browser.close()

    @staticmethod
    def connections(port, peer):
        """How many connections the server has with a peer."""
        def is_it(line):
            local, remote, state = (line.split()[place] for place in (1, 2, 3))
            return state == "01" and int(local.split(":")[1], 16) == int(port) and int(remote.split(":")[1], 16) == peer
        with open("/proc/net/tcp", encoding="ascii") as table:
            return sum(is_it(line) for line in list(table)[1:])


class RecordingTests(BrowserTest):
    """Each panel has the numbers that `report` has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.enterClassContext(scratch())
        cls.path = f"{cls.folder}/run.flt"
        subprocess.run(
            [FAULTLINE, "trace", "--local", "--quiet", "--output", cls.path, "--", os.environ["FAULTLINE_WORKLOAD"],
             "write", "3000", "cow", "500", "read", "250", "kernel", "125", "warmfile", "60", "fork", "3", "write", "200", "thread", "0", "read", "77"],
            check=True, capture_output=True)
        cls.reports = {by: json.loads(faultline("report", cls.path, "--json", "--top", "0", "--by", by)) for by in ("process", "thread", "mapping", "cause")}

    def groups(self, by):
        return sorted((group["events"], group["major"]) for group in self.reports[by]["groups"])

    def assert_agrees(self, page):
        summary = self.reports["process"]["summary"]
        shows(page, summary["events"])
        self.assertEqual(page.number("#major"), sum(group["major"] for group in self.reports["process"]["groups"]))
        self.assertEqual(page.number("#time"), sum(group["fault_time_ns"] for group in self.reports["process"]["groups"]))
        self.assertEqual(page.number("#lost"), summary["lost"])
        self.assertEqual(sorted(count for count in causes(page).values() if count), sorted(group["events"] for group in self.reports["cause"]["groups"]))
        self.assertEqual(sorted((row[2], row[3]) for row in rows(page, "processes")), self.groups("process"))
        self.assertEqual(sorted((row[2], row[3]) for row in rows(page, "threads")), self.groups("thread"))
        for table in ("processes", "threads", "mappings"):
            rows(page, table)
            self.assertEqual(page.text("#table th[aria-sort=descending]"), "time")
        by_name = {}
        for name, _, events, _ in rows(page, "mappings"):
            by_name[name] = by_name.get(name, 0) + events
        for group in self.reports["mapping"]["groups"]:
            if group["name"]:
                self.assertGreaterEqual(by_name[group["name"].rsplit("/", 1)[-1]], group["events"], group["name"])
        self.assertEqual(sum(by_name.values()), summary["events"])
        self.assertEqual(page.text("#state"), "recording")

    def test_serving_a_recording_agrees_with_its_report(self):
        served = self.enterContext(Served(self.path))
        until(lambda: served.snapshot()["state"] == "ended", "the recording is read")
        now = served.snapshot()
        self.assertEqual(sum(sum(line["events"]) for line in now["timeline"]), now["sum"]["events"])
        self.assertEqual(sum(sum(row["events"]) for row in now["latency"]), self.reports["process"]["latency"]["count"])
        self.assertEqual(now["stacks"]["events"], now["sum"]["events"])
        page = self.open(served.address)
        self.assert_agrees(page)
        page.picture(f"{PICTURES}/recording.png")

    def test_a_recording_that_is_cut_says_so(self):
        with open(self.path, "rb") as whole, open(f"{self.folder}/cut.flt", "wb") as cut:
            cut.write(whole.read()[:-100])
        served = self.enterContext(Served(f"{self.folder}/cut.flt"))
        until(lambda: served.snapshot()["state"] == "ended", "the recording is read")
        self.assertIn("in the middle of a frame", served.snapshot()["reason"])
        page = self.open(served.address)
        page.wait("!document.getElementById('banner').hidden")
        self.assertIn("incomplete: the rest is missing, as it ends in the middle of a frame", page.text("#banner"))
        self.assertEqual(page.text("#state"), "recording, incomplete")

    def test_a_pipe_is_read_and_a_signal_ends_the_wait_for_it(self):
        pipe = f"{self.folder}/pipe"
        os.mkfifo(pipe)
        waiting = subprocess.Popen([FAULTLINE, "serve", pipe, "--listen", "127.0.0.1:0"])
        with self.assertRaises(subprocess.TimeoutExpired):
            waiting.wait(2)
        waiting.terminate()
        self.assertEqual(waiting.wait(10), -signal.SIGTERM)
        # Writes most of it, and then nothing, without an end.
        writer = subprocess.Popen(["sh", "-c", 'exec 3> "$2"; head -c -100 "$1" >&3; exec sleep 60', "sh", self.path, pipe])
        try:
            with Served(pipe) as served:
                until(lambda: served.snapshot()["events"] > 0, "what has come is shown")
            self.assertEqual(served.status, 0)
        finally:
            writer.kill()
            writer.wait()

    def test_a_page_of_one_file_agrees_with_the_report_and_needs_nobody(self):
        faultline("report", self.path, "--html", f"{self.folder}/run.html")
        self.assertLess(os.path.getsize(f"{self.folder}/run.html"), 5 << 20)
        page = self.open(f"file://{self.folder}/run.html")
        self.assertTrue(page.evaluate("document.getElementById('zooming').hidden"), "it has all times together alone")
        self.assert_agrees(page)
        page.click("#t-processes")
        page.click("#table tbody tr td button")
        page.wait("!document.getElementById('chosen').hidden")
        dearest = max(self.reports["process"]["groups"], key=lambda group: group["fault_time_ns"])
        self.assertEqual(page.number("#events"), dearest["events"])
        page.picture(f"{PICTURES}/report.png")


class SeveralDevicesTests(BrowserTest):
    token = "0123456789abcdef0123"

    def agent(self, port=0):
        """An agent of this machine; its process and where it listens."""
        process = subprocess.Popen(
            [AGENT, "serve", "--listen", f"127.0.0.1:{port}"], stdout=subprocess.PIPE, text=True, env={**os.environ, "FAULTLINE_TOKEN": self.token})
        self.addCleanup(lambda: (process.kill(), process.wait(), process.stdout.close()))
        return process, process.stdout.readline().split()[1]

    def test_one_that_fails_stops_no_other_and_comes_back(self):
        (first, at), (_, beside) = self.agent(), self.agent()
        served = self.enterContext(Served(
            *[word for place in (at, beside, "127.0.0.1:1") for word in ("--connect", place)], "--comm", "faults*", environment={"FAULTLINE_TOKEN": self.token}))

        def state(place):
            now = served.snapshot(f"device={place}")
            self.assertEqual((now["device"], now["devices"]), (place, [at, beside, "127.0.0.1:1"]))
            return now["state"], now["reason"]

        until(lambda: state(at)[0] == state(beside)[0] == "live", "both are traced")
        self.assertEqual(state("127.0.0.1:1")[0], "waiting")
        self.assertIn("127.0.0.1:1", state("127.0.0.1:1")[1])
        first.kill()
        until(lambda: state(at)[0] == "waiting", "the loss is told")
        self.assertEqual(state(beside)[0], "live")
        self.agent(at.split(":")[1])
        until(lambda: state(at)[0] == "live", "it is back")
        workload("write", 500)
        until(lambda: all(served.snapshot(f"device={place}")["events"] >= 500 for place in (at, beside)), "both tell of the same faults")


class PhonesTests(BrowserTest):
    def test_each_is_told_apart_and_one_that_is_pulled_stops_no_other(self):
        phones = self.enterContext(Loopback(2))
        pulled, other = phones.serials
        served = self.enterContext(Served("--all", "--comm", "faults*", environment=phones.environment))

        def now(serial):
            return served.snapshot(f"device={serial}")

        def counted(serial):
            return sum(int(line.split()[-1]) for line in served.get("/metrics").splitlines() if f'faults_total{{device="{serial}"' in line and "lost" not in line)

        until(lambda: all(now(serial)["state"] == "live" for serial in phones.serials), "both are traced")
        page = self.open(f"{served.address}#device={pulled}")
        page.wait("document.getElementById('device').options.length === 2")
        self.assertCountEqual(page.evaluate("[...document.getElementById('device').options].map((option) => option.value)"), phones.serials)
        workload("write", 500)
        first = {serial: served.settled(f"device={serial}")["events"] for serial in phones.serials}
        self.assertEqual(first[pulled], first[other], "they are the same machine")
        self.assertGreaterEqual(first[pulled], 500)
        phones.pull(pulled)
        until(lambda: now(pulled)["state"] == "waiting", "the loss is told")
        page.wait("!document.getElementById('banner').hidden")
        workload("write", 300)
        second = served.settled(f"device={other}")["events"]
        self.assertGreaterEqual(second, first[other] + 300)
        self.assertEqual((now(pulled)["events"], now(other)["state"]), (first[pulled], "live"))
        phones.plug(pulled)
        until(lambda: now(pulled)["state"] == "live", "it is back")
        workload("write", 200)
        until(lambda: now(pulled)["events"] >= first[pulled] + 200, "it goes on")
        for serial in phones.serials:
            total = served.settled(f"device={serial}")
            self.assertEqual((total["sum"]["events"], counted(serial)), (total["events"], total["events"]))


class AccessTests(BrowserTest):
    def test_another_address_wants_a_token(self):
        served = self.enterContext(Served(*ONLY_WORKLOAD, "--listen", "0.0.0.0:0"))
        self.assertIn("?token=", served.address)
        self.assertNotIn("0.0.0.0", served.address)
        for path in ("/", "/api/snapshot", "/metrics"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                served.get(path)
            self.assertEqual(refused.exception.code, 401)
        token = served.address.split("token=")[1]
        self.assertIn("faultline_device_up", served.get("/metrics", {"Authorization": f"Bearer {token}"}))
        page = self.open(served.address)
        page.wait("document.getElementById('state').textContent === 'live'")
        self.assertNotIn("token", page.evaluate("location.href"))

    def test_a_foreign_name_leads_nowhere(self):
        with Served(*ONLY_WORKLOAD) as served:
            for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
                with self.assertRaises(urllib.error.HTTPError) as refused:
                    served.get("/api/snapshot", headers)
                self.assertIn(refused.exception.code, (421, 403))

    def test_an_end_in_order_leaves_no_agent(self):
        with Served(*ONLY_WORKLOAD) as served:
            served.await_live()
            agents = subprocess.run(["pgrep", "-P", str(served.process.pid)], capture_output=True, text=True).stdout.split()
            self.assertEqual(len(agents), 1)
        self.assertEqual(served.status, 0)
        until(lambda: not os.path.exists(f"/proc/{agents[0]}"), "the agent ends")


class PrometheusTests(unittest.TestCase):
    def test_promtool_and_a_real_server_take_the_metrics(self):
        with scratch() as folder, Served(*ONLY_WORKLOAD) as served:
            served.await_live()
            workload("write", 2000, "name", 3, "read", 300)
            events = served.settled()["events"]
            metrics = served.get("/metrics")
            checked = subprocess.run(["promtool", "check", "metrics"], input=metrics, text=True, capture_output=True)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))
            self.assertEqual(self.ask(folder, served, 'sum(faultline_page_faults_total{device="local"})'), events)
            with open("docs/grafana-dashboard.json", encoding="utf-8") as dashboard:
                used = {target["expr"] for panel in json.load(dashboard)["panels"] for target in panel["targets"]}
            for name in {word.split("{")[0].strip("(") for expression in used for word in expression.replace("(", " ").split() if "faultline_" in word}:
                self.assertIn(f"\n{name}", metrics, "what Grafana shows is there")

    def ask(self, folder, served, query):
        """What a Prometheus of our own says when it has scraped twice."""
        place = served.address.split("/")[2]
        with open("docs/monitoring/prometheus.yml", encoding="utf-8") as file:
            config = file.read().replace("127.0.0.1:8080", place).replace("5s", "1s").replace("rules.yml", os.path.abspath("docs/monitoring/rules.yml"))
        with open(f"{folder}/prometheus.yml", "w", encoding="utf-8") as file:
            file.write(config)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            def result():
                try:
                    address = f"http://127.0.0.1:{port}/api/v1/query?query=" + urllib.parse.quote(query)
                    with urllib.request.urlopen(address, timeout=5) as answer:
                        return json.load(answer)["data"]["result"]
                except OSError:
                    return []
            until(result, "Prometheus has scraped")
            return int(result()[0]["value"][1])
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    unittest.main(verbosity=2)
