"""The disk full while something is written."""

import subprocess

from . import leftovers, stage
from .programs import Counted, Program, opened, trace

_SMALL = stage.WORK / "small"


class _Disk:
    """A tmpfs that soon is full."""

    def __init__(self, size):
        self._size = size

    def __enter__(self):
        _SMALL.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self._size}", "chaos", _SMALL], check=True)
        return _SMALL

    def __exit__(self, *_):
        subprocess.run(["umount", _SMALL], check=True)
        _SMALL.rmdir()


def play(lab):
    """a disk that fills under a recording, a recording agent, an export and a page"""
    for size in ("64k", "1m") if lab.quick else ("4k", "64k", "256k", "1m", "3m"):
        _recorder(lab, size)
        _recording_agent(lab, size)
    _little_room(lab)
    _exports(lab)


def _fill(disk):
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            return filler


def _recorder(lab, size):
    before = leftovers.Before()
    with _Disk(size) as disk:
        recording = disk / "full.flt"
        # For longer than it takes to fill the disk: it is ended with the trace.
        ended = trace("--output", recording, "--min-free", "1", command=Counted("flood", "30000", "2").command).ended()
        _look(lab, f"recording onto {size}", recording, ended)
    lab.leaves_nothing(before, f"recording onto {size}: nothing is left")


def _recording_agent(lab, size):
    before, work = leftovers.Before(), Program(Counted("flood", "4000", "2").command)
    with _Disk(size) as disk:
        recording = disk / "full.flt"
        ended = Program([stage.AGENT, "record", "--output", recording, "--min-free", "1", "--max-size", "64M"]).ended()
        _look(lab, f"agent recording onto {size}", recording, ended)
    work.ended()
    lab.leaves_nothing(before, f"agent recording onto {size}: nothing is left")


def _look(lab, what, recording, ended):
    lab.check(f"{what}: one sentence and status 1", ended.status == 1 and ended.failed_in_one_sentence, str(ended))
    if recording.exists():
        problem, events = opened(recording)
        lab.check(f"{what}: it opens up to its last whole frame", not problem, problem or f"{events:,} events")


def _little_room(lab):
    """Less free than --min-free wants from the beginning."""
    before = leftovers.Before()
    with _Disk("1m") as disk:
        ended = trace("--output", disk / "none.flt", command=Counted("touch", "1000").command).ended()
        lab.check("less free than --min-free: one sentence and a status", ended.failed_in_one_sentence, str(ended))
    lab.leaves_nothing(before, "less free than --min-free: nothing is left")


def _exports(lab):
    recording = stage.WORK / "whole.flt"
    trace("--output", recording, command=Counted("storm", "400").command).ended()
    before = leftovers.Before()
    for format in ("perfetto", "pprof", "folded", "csv", "json", "sqlite", "html"):
        with _Disk("16k") as disk:
            filler, output = _fill(disk), disk / "output"
            command = ["report", recording, "--html", output] if format == "html" else ["export", recording, "--to", format, "--output", output]
            ended = Program([stage.FAULTLINE, *command]).ended()
            left = [path.name for path in disk.iterdir() if path != filler]
            lab.check(f"{format} onto a full disk: one sentence, a status, no draft", ended.failed_in_one_sentence and not left,
                      f"{ended}, left {left}")
    recording.unlink()
    lab.leaves_nothing(before, "exports onto a full disk: nothing is left")
