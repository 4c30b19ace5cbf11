"""A loopback proxy for one connection that can be stalled, slowed and cut."""

import socket
import struct
import threading
import time

_CHUNK = 4096


class Proxy:
    """Hands on what it reads, in both directions, as long as it is let."""

    def __init__(self, port):
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.rate = None  # bytes a second from the agent; None: as fast as it goes
        self.was_used = False
        self._may_go_on, self._ends, self._is_cut = threading.Event(), [], False
        self._may_go_on.set()

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.go_on()
        self.cut()

    def stall(self):
        self._may_go_on.clear()

    def go_on(self):
        self._may_go_on.set()

    def cut(self):
        """Ends everything with a reset, as a cable does that is pulled out, and answers nobody any more."""
        self._is_cut = True
        for end in [*self._ends, self._listener]:
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def _serve(self):
        try:
            controller, _ = self._listener.accept()
            agent = socket.create_connection(("127.0.0.1", self._to))
        except OSError:
            return
        self.was_used = True
        self._ends += [controller, agent]
        if self._is_cut:
            return self.cut()
        threading.Thread(target=self._hand_on, args=(controller, agent, False), daemon=True).start()
        self._hand_on(agent, controller, True)

    def _hand_on(self, source, sink, is_slowed):
        try:
            while data := source.recv(_CHUNK):
                self._may_go_on.wait()
                sink.sendall(data)
                if is_slowed and self.rate:
                    time.sleep(len(data) / self.rate)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
