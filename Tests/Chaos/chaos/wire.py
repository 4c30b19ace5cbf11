"""As much of the protocol as it takes to break it (docs/protocol.md), and the golden vectors to be bent."""

import socket
import struct
from pathlib import Path

from .programs import TOKEN

_VECTORS = Path(__file__).parents[2] / "Vectors"
_OPEN = 0x01
_MAGIC, _VERSION = 0x4C544C46, 2


def frame(kind, payload):
    return struct.pack("<IHH", len(payload), kind, 0) + payload


def opening(token=TOKEN):
    return frame(_OPEN, struct.pack("<IIH", _MAGIC, _VERSION, len(token)) + token.encode() + b"\0")


def vector(name):
    """The bytes of a golden vector."""
    lines = (_VECTORS / f"{name}.hex").read_text().splitlines()
    return bytes.fromhex(" ".join(line.partition("#")[0] for line in lines))


def vectors():
    return {path.stem: vector(path.stem) for path in sorted(_VECTORS.glob("*.hex"))}


def bent(data, random):
    """The same with a few bytes changed, cut or doubled."""
    data = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(data))
        data[place] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))
    cut = random.randrange(len(data))
    return bytes(random.choice((data, data[:cut], data + data[cut:])))


def connected(port):
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def said(connection, within_s=5):
    """What comes until the other side closes or says nothing for so long."""
    connection.settimeout(within_s)
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except OSError:
        pass
    return data
