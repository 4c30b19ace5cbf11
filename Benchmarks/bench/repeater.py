"""An agent that repeats a recording's frames at a steady rate: a source that costs next to nothing."""

import itertools
import os
import select
import socket
import struct
import threading
import time

HEAD = struct.Struct("<IHH")
START, STOP = 0x02, 0x03
HELLO, STARTED, BATCH = 0x81, 0x82, 0x83
# Whose time stands first in the payload: round, mappings, mapped, forked, executed, exited, process.
TIMED = (0x84, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F)
TOKEN = "repeated-for-the-benchmark"


class Repeater:
    """Listens on loopback and serves one controller after the other until its `with` block ends."""

    def __init__(self, recording, rate):
        """`rate`: events a second, by the trace's own time and by the clock."""
        frames = list(_frames(recording))
        self._greeting = [next(frame for frame in frames if frame[0] == kind) for kind in (HELLO, STARTED)]
        self._body = [frame for frame in frames if frame[0] == BATCH or frame[0] in TIMED]
        times = [_time(*frame) for frame in self._body if frame[0] == BATCH]
        self._first, self._span = times[0], times[-1] - times[0] + 1
        self._events = sum(_count(payload) for kind, payload in self._body if kind == BATCH)
        self._turn_s = self._events / rate  # the whole of it
        self.sent = 0  # events, to the controller that there is

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.place = "127.0.0.1:%d" % self._socket.getsockname()[1]
        self._is_over = False
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_over = True
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while not self._is_over:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                try:
                    self._talk(connection)
                except OSError:
                    pass  # the controller has gone

    def _talk(self, connection):
        controller = Controller(connection)
        connection.sendall(_frame(*self._greeting[0]))
        while START not in controller.says(1):
            pass
        connection.sendall(_frame(*self._greeting[1]))
        began, number, self.sent = time.monotonic(), 0, 0
        for turn in itertools.count():
            for kind, payload in self._body:
                connection.sendall(_frame(kind, self._retimed(kind, payload, turn, number)))
                if kind == BATCH:
                    number, self.sent = number + 1, self.sent + _count(payload)
                    ahead = began + self.sent / self._events * self._turn_s - time.monotonic()
                    if self._is_over or STOP in controller.says(max(ahead, 0)):
                        return

    def _retimed(self, kind, payload, turn, number):
        """A frame at its moment of this turn. Within a batch the events keep their distances, which are some milliseconds."""
        part = (_time(kind, payload) - self._first) / self._span
        moment = self._first + int((turn + part) * self._turn_s * 1e9)
        if kind == BATCH:
            return struct.pack("<QQ", number, moment) + payload[16:]
        return struct.pack("<Q", max(moment, 0)) + payload[8:]


class Controller:
    """The other side."""

    def __init__(self, connection):
        self._connection, self._rest = connection, b""

    def says(self, seconds):
        """Waits so long, and tells the types of the messages that have come until then, at once where one is `start`."""
        kinds, end = [], time.monotonic() + seconds
        while select.select([self._connection], [], [], max(end - time.monotonic(), 0))[0]:
            piece = self._connection.recv(1 << 16)
            if not piece:
                raise OSError("closed")
            self._rest += piece
            kinds += self._kinds()
            if START in kinds:
                break
        return kinds

    def _kinds(self):
        while len(self._rest) >= HEAD.size:
            length, kind, _ = HEAD.unpack_from(self._rest)
            if len(self._rest) < HEAD.size + length:
                return
            self._rest = self._rest[HEAD.size + length:]
            yield kind


def _frames(path):
    """Of a recording: type and payload. Its checksums are the controller's business."""
    with open(path, "rb") as file:
        while len(head := file.read(HEAD.size)) == HEAD.size:
            length, kind, _ = HEAD.unpack(head)
            yield kind, file.read(length)
            file.seek(4, os.SEEK_CUR)


def _frame(kind, payload):
    return HEAD.pack(len(payload), kind, 0) + payload


def _time(kind, payload):
    return struct.unpack_from("<Q", payload, 8 if kind == BATCH else 0)[0]


def _count(batch):
    return struct.unpack_from("<I", batch, 16)[0]
