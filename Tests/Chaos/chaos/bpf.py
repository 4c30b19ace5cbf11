"""The BPF objects that the kernel has, by bpf(2)."""

import ctypes
import errno
import os
import platform

_NUMBER = {"x86_64": 321, "aarch64": 280}[platform.machine()]
# enum bpf_cmd: BPF_PROG_GET_NEXT_ID, BPF_MAP_GET_NEXT_ID, BPF_LINK_GET_NEXT_ID
_NEXT_ID = {"prog": 11, "map": 12, "link": 31}

_libc = ctypes.CDLL(None, use_errno=True)


class _Attributes(ctypes.Structure):
    _fields_ = [("start_id", ctypes.c_uint32), ("next_id", ctypes.c_uint32), ("open_flags", ctypes.c_uint32), ("rest", ctypes.c_uint8 * 116)]


def loaded():
    """All of them, as ("prog", 12)."""
    return {(kind, number) for kind, command in _NEXT_ID.items() for number in _ids(command)}


def _ids(command):
    attributes = _Attributes()
    while _libc.syscall(_NUMBER, command, ctypes.byref(attributes), ctypes.sizeof(attributes)) == 0:
        yield attributes.next_id
        attributes.start_id = attributes.next_id
    if ctypes.get_errno() not in (errno.ENOENT, errno.EINVAL):  # the last one has been seen; the kernel has no links
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
