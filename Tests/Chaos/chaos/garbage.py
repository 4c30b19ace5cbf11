"""Garbage on the socket, towards the agent and towards the controller."""

import socket
import threading
import time

from . import leftovers, proc, stage, wire
from .programs import TOKEN, Agent, Counted, Program, trace, until

_HUGE = b"\xff\xff\xff\x7f\x01\x00\x00\x00"
_RESIDENT_KB = 32 * 1024


def play(lab):
    """random bytes, half frames, huge lengths and silence at the agent's port, and from a fake agent"""
    _strangers(lab, 100 if lab.quick else 1000)
    _after_the_token(lab, 20 if lab.quick else 300)
    _fake_agents(lab, 30 if lab.quick else 300)
    _live_view(lab, 3 if lab.quick else 8)


def _junk(random):
    """What a stranger may send."""
    return random.choice((
        random.randbytes(random.randint(1, 3000)),
        wire.opening()[: random.randint(1, len(wire.opening()) - 1)],
        _HUGE + random.randbytes(random.randint(0, 100)),
        wire.bent(random.choice([data for name, data in wire.vectors().items() if name != "open"]), random),
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"",
    ))


def _strangers(lab, count):
    """The right controller gets in whatever strangers do, and its trace is exact."""
    before, random = leftovers.Before(), lab.random("strangers")
    agent, work, open_ones = Agent(), Counted("flood", "1000", "2"), []
    descriptors = len(proc.files(agent.pid))
    for number in range(count):
        _press(agent.port, _junk(random), open_ones)
        if number % 100 == 0:
            lab.progress(f"{number} of {count} strangers with junk")
    _silent(agent.port, 1000, open_ones)
    resident_kb = proc.peak_kb(agent.pid)
    held = len(proc.files(agent.pid)) - descriptors
    ended = trace(port=agent.port, command=work.command).ended(30)
    for connection in open_ones:
        connection.close()
    lab.check("strangers: the controller is served beside them", ended.status == 0, f"{count} with junk, 1,000 without a word; {ended}")
    lab.exact("strangers: ", ended.summary, work.faults)
    lab.check("strangers: the agent stays small", resident_kb < _RESIDENT_KB and held <= 8, f"{resident_kb / 1024:.0f} MiB, {held} connections kept")
    ended = agent.ended(15)
    lab.check("strangers: the agent ends with its controller", ended.status == 0, str(ended))
    lab.leaves_nothing(before, "strangers: nothing is left")


def _press(port, data, open_ones):
    connection = wire.connected(port)
    try:
        connection.sendall(data)
    except OSError:
        return connection.close()
    if len(open_ones) < 300 and not data:
        open_ones.append(connection)
    else:
        connection.close()


def _silent(port, count, open_ones):
    """Connections without a word, all open as long as the agent lets them."""
    for _ in range(count):
        open_ones.append(wire.connected(port))


def _after_the_token(lab, count):
    """Who has the token may end the session with garbage, and not the agent's composure."""
    before, problems = leftovers.Before(), []
    for number in range(count):
        random = lab.random("after the token", number)
        agent = Agent()
        with wire.connected(agent.port) as connection:
            connection.sendall(wire.opening())
            connection.recv(65536)
            try:
                connection.sendall(_mischief(random))
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            wire.said(connection, 2)
        ended = agent.ended(20)
        if ended.status < 0 or ended.crashed or len(ended.errors.splitlines()) > 1:
            problems.append(f"round {number}: the agent ended with {ended}")
    lab.check("garbage after the token: the agent ends in order", not problems, "; ".join(problems[:3]) or f"{count} times")
    lab.leaves_nothing(before, "garbage after the token: nothing is left")


def _mischief(random):
    to_agent = [wire.vector(name) for name in ("open", "stop", "alive", "look", "symbolise")]
    start = _start()
    return b"".join(random.choice((
        lambda: random.randbytes(random.randint(1, 300)), lambda: _HUGE, lambda: start, lambda: wire.bent(start, random),
        lambda: wire.bent(random.choice(to_agent), random), lambda: random.choice(to_agent),
    ))() for _ in range(random.randint(1, 6)))


def _start():
    """A trace of everything, as a controller asks for it: all fields that are lists or limits are empty, sampleEvery is 1."""
    flags = b"\0\0\1\0" + b"\0"  # source, transport, wantsOutcome, stacks, no tally
    empty = lambda count: b"\0\0" * count
    who = empty(2) + b"\0" + empty(4)  # pids, excludedPids, followsChildren, uids, excludedUids, comms, excludedComms
    what = empty(2) + b"\0\0" + (1).to_bytes(4, "little")  # modes, accesses, present, addresses, sampleEvery
    rest = empty(3) + b"\0" * 8 + b"\0" * 4 + empty(1) + b"\0" * 8 + b"\0" * 4
    return wire.frame(0x02, flags + b"\0" * 8 + who + what + rest)


class _FakeAgent:
    """Says a few words to each who comes, and closes."""

    def __init__(self, words, first_hold_s=0):
        """The first connection is held open for so long after its words."""
        self._words, self._hold_s, self.served = words, first_hold_s, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
                connection.recv(4096)
                connection.sendall(next(self._words))
                self.served += 1
                time.sleep(self._hold_s if self.served == 1 else 0)
                connection.shutdown(socket.SHUT_WR)
                wire.said(connection, 2)
                connection.close()
            except StopIteration:
                return
            except OSError:
                if self._listener.fileno() < 0:
                    return

    def close(self):
        self._listener.close()


def _words(random):
    """Half of the time it begins well."""
    told = wire.vectors()
    from_agent = [data for name, data in told.items() if data[4] >= 0x80]
    begun = random.choice((b"", told["hello"], told["hello"] + told["started"], told["hello"] + told["started"]))
    return begun + b"".join(random.choice((
        lambda: random.randbytes(random.randint(1, 3000)), lambda: _HUGE, lambda: wire.bent(random.choice(from_agent), random),
        lambda: random.choice(from_agent), lambda: random.choice(from_agent),
    ))() for _ in range(random.randint(0, 8)))


def _fake_agents(lab, count):
    before, problems, recording = leftovers.Before(), [], stage.WORK / "fake.flt"
    for number in range(count):
        random = lab.random("fake", number)
        fake = _FakeAgent(iter([_words(random)]))
        ended = trace("--output", recording, port=fake.port).ended(40)
        fake.close()
        if recording.exists():
            read = Program([stage.FAULTLINE, "report", recording]).ended()
            recording.unlink()
            if read.crashed or read.status < 0:
                problems.append(f"round {number}: the report ended with {read}")
        if not ended.failed_in_one_sentence and not _said_goodbye(ended):
            problems.append(f"round {number}: the controller ended with {ended}")
    lab.check("a fake agent's garbage: the controller ends in one sentence", not problems, "; ".join(problems[:3]) or f"{count} times")
    lab.leaves_nothing(before, "a fake agent's garbage: nothing is left")


def _said_goodbye(ended):
    """Chance may have made a whole trace of it."""
    return ended.status == 0 and not ended.crashed and ended.summary.get("complete")


def _live_view(lab, count):
    """`serve` outlives what comes from the agent, once there has been a trace."""
    random, before = lab.random("live view"), leftovers.Before()
    good = wire.vector("hello") + wire.vector("started")
    fake = _FakeAgent(iter([good, *(_words(random) for _ in range(count))]), first_hold_s=3)
    view = Program([stage.FAULTLINE, "serve", "--connect", f"127.0.0.1:{fake.port}", "--listen", "127.0.0.1:0"], FAULTLINE_TOKEN=TOKEN)
    until(lambda: fake.served > count or not view.runs, "serve has come again", 120)
    time.sleep(0.5)
    runs = view.runs
    fake.close()
    view.send(2)
    ended = view.ended(15)
    lab.check("a fake agent's garbage: serve goes on", runs and ended.status == 0, f"{count} times" if runs else str(ended))
    lab.leaves_nothing(before, "a fake agent's garbage to serve: nothing is left")
