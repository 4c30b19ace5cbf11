"""What faultline promises of itself, and whether it was so."""

import statistics
from dataclasses import dataclass

from . import stats
from .plan import THREADS

MIB = 1 << 20


@dataclass
class Target:
    text: str
    found: str
    met: bool


def judge(runs, checks):
    """`runs`: by key."""
    return [
        *_cost(runs), *_peers(runs), *_count(runs), *_outcome(runs), *_stacks(runs), *_ring(runs), _loss(checks),
        *_agent(runs["faultline"], checks), _sent(runs), _decoding(checks), _exporting(checks), _start(checks), *_recording(checks),
    ]


def ratio(runs, key, threads):
    """How many times the empty program's cost on the same hook a variant adds; None where that is not known."""
    floor = runs[key].variant.floor
    if not floor or not runs[key].windows[threads] or not runs[floor].windows[threads]:
        return None
    return _over(runs, key, floor, threads)


def _over(runs, key, least_key, threads):
    """How many times what one variant adds another adds."""
    if not runs[key].windows[threads] or not runs[least_key].windows[threads]:
        return None
    cost, least = (stats.added_ns(runs[each], runs["baseline"], threads)[stats.QUIET] for each in (key, least_key))
    return cost / least if least > 0 else None


def _at_most(limit, text, found, threads):
    return Target(
        f"{text}, {threads} thread{'s' * (threads > 1)}", f"{found:.2f} x" if found and found > 0 else "not measured",
        bool(found) and 0 < found <= limit)


def _cost(runs):
    for key, hook in (("faultline_plain", "tp_btf"), ("perf_bpf_plain", "PAGE_FAULTS")):
        for threads in THREADS:
            text = f"a fault without its outcome costs at most 3 x the empty program, {hook}"
            yield _at_most(3, text, ratio(runs, key, threads), threads)


def _peers(runs):
    for threads in THREADS:
        text = "a fault without its outcome costs at most 0.5 x what it costs perf record, which does not tell it either"
        yield _at_most(0.5, text, _over(runs, "faultline_plain", "perf_record", threads), threads)
    for threads in THREADS:
        text = "a fault that is counted costs at most what bpftrace's count() costs"
        yield _at_most(1, text, _over(runs, "stat_plain", "bpftrace_count", threads), threads)


def _count(runs):
    for key, hook in (("stat_plain", "tp_btf"), ("stat_perf_bpf_plain", "PAGE_FAULTS")):
        for threads in THREADS:
            text = f"a fault that is counted without its outcome costs at most 1.7 x the empty program, {hook}"
            yield _at_most(1.7, text, ratio(runs, key, threads), threads)


def _outcome(runs):
    for key, hook in (("faultline", "tp_btf"), ("perf_bpf", "PAGE_FAULTS")):
        for threads in THREADS:
            text = f"outcome and latency make it at most 2.5 x as dear, {hook}"
            plain = "faultline_plain" if key == "faultline" else "perf_bpf_plain"
            yield _at_most(2.5, text, _over(runs, key, plain, threads), threads)


def _stacks(runs):
    for key, floor, hook in (("faultline", "floor_tp_btf", "tp_btf"), ("perf_bpf", "floor_perf_event", "PAGE_FAULTS")):
        for threads in THREADS:
            pairs = ((f"{key}_stacks", key), (f"{floor}_stack", floor))
            ours, least = (_between(runs, more, less, threads) for more, less in pairs)
            text = f"stacks add at most 1.15 x what bpf_get_stackid adds to an empty program, {hook}"
            yield _at_most(1.15, text, ours / least if ours and least else None, threads)


def _between(runs, more, less, threads):
    """How many nanoseconds one variant adds beyond what another adds; None where that is not known."""
    if not runs[more].windows[threads] or not runs[less].windows[threads]:
        return None
    high, low = (stats.added_ns(runs[each], runs["baseline"], threads)[stats.QUIET] for each in (more, less))
    return high - low


def _ring(runs):
    for threads in THREADS:
        text = "perf's ring costs at most what it costs perf record"
        yield _at_most(1, text, _over(runs, "perf_ring_plain", "perf_record", threads), threads)


def _loss(checks):
    lost, events = checks.loss.lost, checks.loss.events
    met = lost == 0 and events is not None and events >= checks.loss_faults
    peer = checks.peer_loss
    found = (
        f"{lost} lost of {checks.loss_faults:,} ({checks.loss_rate:,.0f}/s); "
        f"bpftrace's printf: {peer.lost or 0:,} lost of {checks.peer_loss_faults:,}")
    return Target("nothing is lost while two threads only fault", found, met)


def _agent(faultline, checks):
    cpu = [stats.tool_cpu_ns_per_fault(faultline, threads).get("faultline-agent") for threads in THREADS]
    known = [value for value in cpu if value is not None]
    yield Target(
        "the agent takes at most 40 ns of CPU an event", ", ".join(f"{value:.0f}" for value in known),
        bool(known) and max(known) <= 40)
    yield Target(
        "an idle agent takes at most 0.3 % of one core", f"{checks.idle_share:.2%}", checks.idle_share <= 0.003)
    rss = stats.peak_rss_bytes(faultline).get("faultline-agent", 0)
    yield Target("the agent takes at most 16 MiB of memory", f"{rss / MIB:.1f} MiB", 0 < rss <= 16 * MIB)
    for arch, size in checks.agent_bytes.items():
        yield Target(f"the agent's file is below 2 MiB, {arch}", f"{size / MIB:.2f} MiB", size < 2 * MIB)


def _sent(runs):
    sizes = [stats.median_or_none(ending.bytes_per_event for ending in runs[key].endings) for key in ("faultline", "perf_bpf")]
    known = [size for size in sizes if size is not None]
    return Target(
        "an event takes at most 10 bytes on the wire", ", ".join(f"{size:.1f}" for size in known), bool(known) and max(known) <= 10)


def _decoding(checks):
    slowest = min(checks.decoded_per_second.values())
    return Target(
        "one core decodes and counts 10 million events a second", f"{slowest / 1e6:.1f} million", slowest >= 10_000_000)


def _exporting(checks):
    rates = checks.exported_per_second
    found = ", ".join(f"{name} {rate / 1e6:.2f} million" for name, rate in rates.items())
    return Target("one core turns 1 million events a second into a Perfetto trace", found, rates["perfetto"] >= 1_000_000)


def _recording(checks):
    found = checks.recording
    yield Target(
        "recording takes at most 30 ns of the controller's CPU an event", f"{found['record_ns']:.1f} ns", found["record_ns"] <= 30)
    yield Target(
        "a recording of the workload's kinds in turn takes at most 10 bytes an event",
        f"{checks.mixed_bytes_per_event:.1f} bytes ({found['bytes_per_event']:.1f} of faults at random)", checks.mixed_bytes_per_event <= 10)
    slowest = min(found["reported_per_second"].values())
    yield Target("one core reports 10 million events a second", f"{slowest / 1e6:.1f} million", slowest >= 10_000_000)
    yield Target(
        f"{found['events']:,} events are reported in less than 256 MiB", f"{found['peak_bytes'] / MIB:.0f} MiB",
        found["peak_bytes"] < 256 * MIB)


def _start(checks):
    found = checks.first_event_ms["faultline_json"]
    took = statistics.median(found)
    return Target(
        "the first event comes within 100 ms of the start", f"{took:.0f} ms ({min(found):.0f} to {max(found):.0f})", took <= 100)
