"""What is measured: nothing, the empty program on each hook, faultline in its ways, and its peers."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from . import build
from .tool import Ending


@dataclass(frozen=True)
class Variant:
    key: str
    label: str
    command: tuple = ()
    settle_s: float = 0.3  # from its start to when it surely traces
    keeps_output: bool = False
    ending: Callable[[str, str], Ending] = lambda output, errors: Ending()
    floor: str | None = None  # the empty program on the same hook
    is_floor: bool = False
    meets_kinds: bool = False  # also measured with the other kinds of faults
    prints_first: bool = False  # what it first writes to standard output is an event


BASELINE = Variant("baseline", "nothing")


def all_variants():
    return [*_floors(), *_faultline(), *_stat(), *peers()]


# The empty program


def _floors():
    hooks = {"tp_btf": "tp_btf", "tracepoint": "tracepoint", "perf_event": "PAGE_FAULTS event"}
    empty = {program: f"empty program, {name}" for program, name in hooks.items()}
    stacks = {f"{program}_stack": f"bare bpf_get_stackid, {hooks[program]}" for program in ("tp_btf", "perf_event")}
    ring = {"tp_btf_ring": "bare ring buffer with the time alone, tp_btf", "tp_btf_facts": "... with what an event tells, no filter, tp_btf"}
    return [
        Variant(
            f"floor_{program}", label, (build.FLOOR, build.FLOOR_OBJECT, program), is_floor=True, meets_kinds=program == "tp_btf")
        for program, label in (empty | ring | stacks).items()
    ]


# faultline


def faultline(*arguments):
    return (build.FAULTLINE, arguments[0], "--local", *arguments[1:])


def faultline_variant():
    """The one that the targets are about: faultline as it is started without options."""
    return _faultline()[0]


def _faultline():
    ways = (
        ("faultline", "faultline trace", ("--quiet",), "floor_tp_btf"),
        ("faultline_plain", "... --no-outcome", ("--quiet", "--no-outcome"), "floor_tp_btf"),
        ("faultline_stacks", "... --stacks", ("--quiet", "--stacks"), "floor_tp_btf"),
        ("faultline_perfbuf", "... --no-outcome --transport perfbuf",
         ("--quiet", "--no-outcome", "--transport", "perfbuf"), "floor_tp_btf"),
        ("perf_bpf", "... --source perf_bpf", ("--quiet", "--source", "perf_bpf"), "floor_perf_event"),
        ("perf_bpf_plain", "... --source perf_bpf --no-outcome",
         ("--quiet", "--source", "perf_bpf", "--no-outcome"), "floor_perf_event"),
        ("perf_bpf_stacks", "... --source perf_bpf --stacks", ("--quiet", "--source", "perf_bpf", "--stacks"),
         "floor_perf_event"),
        ("perf_ring", "... --source perf_ring", ("--quiet", "--source", "perf_ring"), None),
        ("perf_ring_plain", "... --source perf_ring --no-outcome",
         ("--quiet", "--source", "perf_ring", "--no-outcome"), None),
        ("filtered", "... --pid 1 (all filtered)", ("--quiet", "--pid", "1"), "floor_tp_btf"),
        ("filtered_comm", "... --exclude-comm workload (all filtered)",
         ("--quiet", "--exclude-comm", "workload"), "floor_tp_btf"),
        ("filtered_plain", "... --no-outcome --pid 1 (all filtered)",
         ("--quiet", "--no-outcome", "--pid", "1"), "floor_tp_btf"),
        ("filtered_perf", "... --source perf_bpf --pid 1 (all filtered)",
         ("--quiet", "--source", "perf_bpf", "--pid", "1"), "floor_perf_event"),
        ("faultline_json", "... --format json > /dev/null", ("--format", "json"), "floor_tp_btf"),
    )
    return [
        Variant(
            key, label, faultline("trace", *options), settle_s=0.6, ending=_faultline_ending, floor=floor,
            meets_kinds=key in ("faultline", "faultline_plain"), prints_first=key == "faultline_json")
        for key, label, options, floor in ways
    ]


def _stat():
    ways = (
        ("stat", "faultline stat", (), "floor_tp_btf"),
        ("stat_plain", "... --no-outcome", ("--no-outcome",), "floor_tp_btf"),
        ("stat_perf_bpf_plain", "... --source perf_bpf --no-outcome", ("--source", "perf_bpf", "--no-outcome"), "floor_perf_event"),
        ("stat_mapping", "... --by mapping", ("--by", "mapping"), "floor_tp_btf"),
    )
    return [
        Variant(
            key, label, faultline("stat", *options), settle_s=0.6, keeps_output=True,
            ending=lambda output, _: _faultline_ending(None, output), floor=floor, meets_kinds=key == "stat")
        for key, label, options, floor in ways
    ]


def _faultline_ending(_, errors):
    """The report on standard error: `1,234 page faults in 1.0 s (…), none lost, …`, `3.9 bytes an event sent`."""
    events = re.search(r"([\d,]+) page faults? in .*?, (?:none|([\d,]+)) lost", errors)
    size = re.search(r"([\d.]+) bytes an event sent", errors)
    if not events:
        return Ending()
    return Ending(_number(events[1]), _number(events[2] or "0"), float(size[1]) if size else None)


# Peers


def peers():
    return [_perf_record(), _perf_trace(), *_bpftrace(), _ftrace()]


def lossy_peer():
    """The one that loses events where faultline must not."""
    return next(variant for variant in peers() if variant.key == "bpftrace_printf")


def _perf_record():
    data = build.OUT / "perf.data"

    def ending(_, errors):
        stats = subprocess.run(["perf", "report", "--stats", "-i", data], capture_output=True, text=True).stdout
        size = data.stat().st_size
        data.unlink(missing_ok=True)
        events = re.search(r"SAMPLE events:\s+(\d+)", stats)
        lost = re.search(r"LOST(_SAMPLES)? events:|lost \d+ (chunks|events)", stats + errors)
        return _counted(int(events[1]) if events else None, None if lost else 0, size)

    command = ("perf", "record", "-q", "-a", "-e", "page-faults", "-c", "1", "-d", "-o", data)
    return Variant("perf_record", "perf record -e page-faults -c 1 -d", command, settle_s=0.8, ending=ending, meets_kinds=True)


def _perf_trace():
    """It says of chunks of events that they were lost, and not how many there were."""

    def ending(output, errors):
        chunks = re.search(r"LOST (\d+) events", output + errors)
        return _counted(output.count("fault ["), None if chunks else 0, len(output))

    command = ("perf", "trace", "-F", "all", "--no-syscalls", "-a", "-o", "/dev/stdout")
    return Variant(
        "perf_trace", "perf trace -F all", command, settle_s=0.8, keeps_output=True, ending=ending, meets_kinds=True, prints_first=True)


def _bpftrace():
    printf = 'printf("%llu %d %d %s %lx %lx %lx\\n", nsecs, pid, tid, comm, args->address, args->ip, args->error_code);'
    return [
        Variant(
            "bpftrace_printf", "bpftrace printf", _bpftrace_command(printf), settle_s=2, keeps_output=True,
            ending=_bpftrace_lines, meets_kinds=True, prints_first=True),
        Variant(
            "bpftrace_count", "bpftrace count() (no events)", _bpftrace_command("@ = count();"), settle_s=2,
            keeps_output=True, ending=_bpftrace_count, meets_kinds=True),
    ]


def _bpftrace_lines(output, errors):
    return _counted(output.count("\n") - len(_bpftrace_notes(output)), _bpftrace_lost(output + errors), len(output))


def _bpftrace_notes(output):
    """Lines that are no events: how many probes there are, and what it says of losses and at its end."""
    return re.findall(r"^(?:Attaching .*|Lost \d+ events|)$", output, re.MULTILINE)


def _ftrace():
    def ending(_, errors):
        counts = re.search(r"(\d+) events, (\d+) lost, (\d+) bytes", errors)
        return _counted(*map(int, counts.groups())) if counts else Ending()

    command = (build.FTRACE, "/sys/kernel/tracing")
    return Variant("ftrace", "ftrace's raw pipe (exceptions events)", command, ending=ending, meets_kinds=True, prints_first=True)


def _counted(events, lost, size):
    return Ending(events, lost, size / events if events else None)


def _bpftrace_command(action):
    return ("bpftrace", "-e", f"tracepoint:exceptions:page_fault_user {{ {action} }}")


def _bpftrace_lost(errors):
    return sum(map(int, re.findall(r"Lost (\d+) events", errors)))


def _bpftrace_count(output, _):
    count = re.search(r"@: (\d+)", output)
    return Ending(int(count[1]) if count else None, 0)


def _number(text):
    return int(text.replace(",", ""))
