"""Conversations of a real controller and a real agent, taken down between them, and recordings of real traces."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from . import places

TOKEN = "secret"  # the one that the target takes

# Short ones: what makes them different is what was asked for.
TRACES = {
    "plain": ["trace", "--count", "150", "--", "/bin/true"],
    "stacks": ["trace", "--stacks", "--kernel-stacks", "--count", "60", "--", "/bin/true"],
    "sampled": ["trace", "--sample", "7", "--no-outcome", "--no-symbols", "--", "/bin/true"],
    "perf-ring": ["trace", "--source", "perf_ring", "--count", "100", "--", "/bin/true"],
    "filtered": ["trace", "--comm", "tru[a-z]", "--comm", "sh*", "--exclude-uid", "7", "--access", "write", "--address",
                 "0x1000-0x7fffffffffff", "--min-latency", "1us", "--rate-limit", "5000", "--count", "50", "--", "/bin/true"],
    "counts": ["stat", "--interval", "100ms", "--", "/bin/sh", "-c", "sleep 0.2; /bin/true"],
    "threads": ["stat", "--by", "thread", "--", "/bin/sh", "-c", "/bin/true; /bin/true"],
    "places": ["stat", "--by", "mapping", "--", "/bin/true"],
    "checks": ["preflight"],
}

RECORDINGS = {
    "plain": ["--count", "150", "--", "/bin/true"],
    "stacks": ["--stacks", "--kernel-stacks", "--count", "60", "--", "/bin/true"],
    "no-outcome": ["--no-outcome", "--no-symbols", "--count", "100", "--", "/bin/true"],
    "perf-ring": ["--source", "perf_ring", "--count", "80", "--", "/bin/true"],
}


def seeds():
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        # The agent's path is in what it tells of its children.
        agent = shutil.copy(places.AGENT, here / "faultline-agent")
        for name, words in TRACES.items():
            said, asked = _conversation(agent, words)
            yield "agent-frames", name, said
            yield "controller-frames", name, asked
        os.environ["FAULTLINE_AGENT"] = str(agent)
        yield from _recordings(here)


def _recordings(here):
    for name, words in RECORDINGS.items():
        _record(here / f"{name}.flt", words)
    # One that goes on in other files.
    _record(here / "several.flt", ["--rotate-every", "1s", "--no-symbols", "--", "/bin/sh", "-c", "sleep 1.3; /bin/true; sleep 1.3"])
    for file in sorted(here.glob("*.flt")):
        yield "recording-files", file.name, file.read_bytes()
    # As its writer leaves it where it is killed.
    yield "recording-files", "cut.flt", (here / "plain.flt").read_bytes()[:-7]


def _record(path, words):
    _call(places.FAULTLINE, "trace", "--local", "--quiet", "--output", path, *words)


def _conversation(agent, words):
    """What an agent says and what its controller asks, while the controller runs with these words."""
    agent = subprocess.Popen([agent, "serve", "--listen", "127.0.0.1:0"], env={"FAULTLINE_TOKEN": TOKEN},
                             stdout=subprocess.PIPE, text=True)
    place = agent.stdout.readline().split()[-1]
    host, port = place.rsplit(":", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        between = _Between(server, (host, int(port)))
        command, *rest = words
        _call(places.FAULTLINE, command, "--connect", f"127.0.0.1:{server.getsockname()[1]}", *rest, env={**os.environ, "FAULTLINE_TOKEN": TOKEN})
        said, asked = between.taken()
    agent.wait()
    return said, asked


class _Between:
    """Carries the bytes of one connection in both directions and keeps them."""

    def __init__(self, server, target):
        self.kept = {"said": bytearray(), "asked": bytearray()}
        self.thread = threading.Thread(target=self._run, args=(server, target))
        self.thread.start()

    def taken(self):
        self.thread.join()
        return bytes(self.kept["said"]), bytes(self.kept["asked"])

    def _run(self, server, target):
        controller, agent = server.accept()[0], socket.create_connection(target)
        with controller, agent:
            back = threading.Thread(target=self._carry, args=(agent, controller, "said"))
            back.start()
            self._carry(controller, agent, "asked")
            back.join()

    def _carry(self, source, target, direction):
        try:
            while piece := source.recv(65536):
                self.kept[direction] += piece
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side has gone


def _call(*words, env=None):
    done = subprocess.run([str(word) for word in words], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"Fuzzing/corpora: {' '.join(map(str, words))} failed: {done.stderr}")
