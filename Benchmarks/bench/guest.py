"""An emulated arm64 device with as many CPUs as one likes: more than this machine has, each with rings of its own."""

import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from loopback import free_ports

from . import build

LAB = build.ROOT / "android" / "vm" / "lab"
TOKEN = "of-the-benchmark"
BOOT_S = 180
# One agent after the other, each for one controller.
START = """#!/bin/sh
export FAULTLINE_TOKEN=$(cat token)
while :; do ./faultline-agent serve --listen 0.0.0.0:7001; done
"""


@contextmanager
def guest(cpus):
    """Where its agent listens."""
    with tempfile.TemporaryDirectory() as folder:
        image, [port] = _image(Path(folder)), free_ports(1)
        place = f"127.0.0.1:{port}"
        # The interrupt controller of old has eight CPUs at the most.
        words = [LAB, "boot", "bookworm", "arm64", image, "--forward", f"{port}:7001", "--", "-machine", "gic-version=3", "-smp", str(cpus)]
        emulator = subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _await_agent(place, emulator)
            yield place
        finally:
            emulator.kill()
            emulator.wait()


def controller(command, place, *options):
    """The words and the environment of a command that traces there."""
    return [str(build.FAULTLINE), command, "--connect", place, *options], {"FAULTLINE_TOKEN": TOKEN}


def _image(folder):
    payload, image = folder / "payload", folder / "image"
    payload.mkdir()
    shutil.copy(build.agent("aarch64"), payload / "faultline-agent")
    (payload / "token").write_text(TOKEN)
    (payload / "start").write_text(START)
    (payload / "start").chmod(0o755)
    subprocess.run([LAB, "image", "bookworm", "arm64", image, payload], check=True)
    return image


def _await_agent(place, emulator):
    """QEMU itself takes connections long before anybody in the guest does, so that an agent is known by what it says."""
    end = time.monotonic() + BOOT_S
    words, environment = controller("preflight", place)
    while time.monotonic() < end and emulator.poll() is None:
        if subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(1)
    raise build.Missing("the emulated device does not come up; try Tests/run vm")
