"""Runs `faultline` for the tests, and workloads whose faults are known."""
import json
import os
import re
import subprocess
import tempfile
import threading
import time
import urllib.request

FAULTLINE = os.environ["FAULTLINE_UNDER_TEST"]
WORKLOAD = os.environ["FAULTLINE_WORKLOAD"]


class Served:
    """`faultline serve`, until its `with` block ends."""

    def __init__(self, *options, environment=None):
        self.options, self.environment = options, environment or {}

    def __enter__(self):
        self.process = subprocess.Popen(
            [FAULTLINE, "serve", *self.options, *([] if "--listen" in self.options else ["--listen", "127.0.0.1:0"])],
            stderr=subprocess.PIPE, text=True, env={**os.environ, **self.environment})
        self.said = []
        for line in self.process.stderr:
            self.said.append(line)
            if found := re.search(r"http://\S+(?=,)", line):
                self.address = found[0]
                break
        else:
            raise RuntimeError(f"faultline serve ended: {self.said}")
        self.reader = threading.Thread(target=lambda: self.said.extend(self.process.stderr), daemon=True)
        self.reader.start()
        return self

    def __exit__(self, *_):
        self.process.send_signal(2)
        self.status = self.process.wait(20)
        self.reader.join(10)
        self.process.stderr.close()

    def get(self, path, headers=None):
        request = urllib.request.Request(self.address.split("?")[0].rstrip("/") + path, headers=headers or {})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()

    def snapshot(self, query=""):
        return json.loads(self.get("/api/snapshot" + (f"?{query}" if query else "")))

    def await_live(self):
        until(lambda: self.snapshot()["state"] == "live", "the trace begins")

    def settled(self, query=""):
        """The snapshot when nothing has changed for a second."""
        before = -1
        while (now := self.snapshot(query))["sum"]["events"] != before:
            before = now["sum"]["events"]
            time.sleep(1)
        return now


def until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.1)


def workload(*phases):
    subprocess.run([WORKLOAD, *map(str, phases)], check=True, stdout=subprocess.DEVNULL)


def faultline(*arguments):
    done = subprocess.run([FAULTLINE, *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def scratch():
    return tempfile.TemporaryDirectory(prefix="faultline-browser-")
