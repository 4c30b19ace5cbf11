"""Where everything is played: namespaces of our own, in which every temporary file is ours, and a loopback whose buffers are small."""

import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FAULTLINE = ROOT / "build/bin/faultline"
AGENT = ROOT / f"build/agents/{os.uname().machine}/faultline-agent"
COUNTED = ROOT / "build/tests/counted"
TRACEFS = Path("/sys/kernel/tracing")

# Empty at the beginning; what is there later has been left behind.
TEMPORARY = [Path(path) for path in ("/tmp", "/dev/shm", "/data/local/tmp") if Path(path).is_dir()]
WORK = Path("/mnt")  # recordings and the like
COUNT = WORK / "counted"  # what the workload tells

_ENTERED = "FAULTLINE_CHAOS_STAGE"


class Missing(Exception):
    """This machine lacks what the scenarios need."""


def enter():
    """Goes on in the namespaces. What is mounted and set there is seen by nobody else, and goes with the last process."""
    if os.environ.get(_ENTERED) != "1":
        _check()
        os.environ[_ENTERED] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--net", "--propagation", "private", sys.executable, "-B", *sys.argv])
    for folder in [*TEMPORARY, WORK]:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "chaos", folder], check=True)
    COUNT.touch()
    _set_up_loopback()
    _build()


def _set_up_loopback():
    """With the usual buffers an agent would not feel for ten seconds that nobody reads."""
    flags = struct.pack("16sH14x", b"lo", 1)  # struct ifreq with IFF_UP
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, flags)  # SIOCSIFFLAGS
    Path("/proc/sys/net/ipv4/tcp_wmem").write_text("4096 65536 65536")
    Path("/proc/sys/net/ipv4/tcp_rmem").write_text("4096 65536 65536")


def _check():
    if os.geteuid() != 0:
        raise Missing("it traces and breaks this machine: run it as root")
    for program in (FAULTLINE, AGENT):
        if not program.exists():
            raise Missing(f"there is no {program.relative_to(ROOT)}; 'make release' builds it")
    if any(ROOT.is_relative_to(folder) for folder in [*TEMPORARY, WORK]):
        raise Missing(f"the sources must not lie below {', '.join(map(str, [*TEMPORARY, WORK]))}, which it covers; move them")


def _build():
    COUNTED.parent.mkdir(parents=True, exist_ok=True)
    source = Path(__file__).parents[1] / "counted.c"
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-pthread", "-o", COUNTED, source], check=True)
