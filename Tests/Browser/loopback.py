"""This machine as adb devices: Debian's adbd on ports of loopback, and an adb server of our own that knows only these."""
import os
import pathlib
import platform
import socket
import subprocess
import tempfile
import time

LAB = pathlib.Path(__file__).resolve().parents[2] / "android" / "vm" / "lab"
DEBIAN = {"x86_64": "amd64", "aarch64": "arm64"}


class Loopback:
    """So many devices, until its `with` block ends."""

    def __init__(self, count=1):
        self._count = count

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._system = f"{self._folder.name}/system"
        subprocess.run([LAB, "adbd", DEBIAN[platform.machine()], self._system], check=True)
        server, *ports = free_ports(1 + self._count)
        self.environment = os.environ | {"ANDROID_ADB_SERVER_PORT": str(server)}
        self.serials = [f"127.0.0.1:{port}" for port in ports]
        self._daemons = {}
        try:
            for serial in self.serials:
                self.plug(serial)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.adb("kill-server")
        for serial in list(self._daemons):
            self.pull(serial)
        self._folder.cleanup()

    @property
    def serial(self):
        return self.serials[0]

    def plug(self, serial):
        """Starts the device's adbd, and waits until it answers."""
        libraries = f"{self._system}/usr/lib/{platform.machine()}-linux-gnu"
        self._daemons[serial] = subprocess.Popen(
            [f"{self._system}/usr/bin/adbd"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env=os.environ | {"ADBD_PORT": serial.rsplit(":", 1)[1], "LD_LIBRARY_PATH": f"{libraries}/android:{libraries}"})
        for _ in range(100):
            self.adb("connect", serial)
            if self.shell("echo here", serial).stdout.strip() == "here":
                return
            time.sleep(0.1)
        raise TimeoutError(f"adbd does not answer at {serial}")

    def pull(self, serial):
        """Kills the device's adbd: to adb the device is gone."""
        daemon = self._daemons.pop(serial)
        daemon.kill()
        daemon.wait()

    def adb(self, *words):
        return subprocess.run(["adb", *words], capture_output=True, text=True, env=self.environment)

    def shell(self, line, serial=None):
        return self.adb("-s", serial or self.serial, "shell", line)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
