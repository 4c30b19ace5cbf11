"""Sums of windows.

Windows are short, many and in random order, so that the quarter of them that the machine disturbed least is like for
like between variants, and so are the others: quartiles are compared with the same quartile of doing nothing.
"""

import statistics

QUIET, MEDIAN, NOISY = range(3)


def quartiles(values):
    values = list(values)
    if len(values) < 2:
        return values * 3
    return statistics.quantiles(values, n=4, method="inclusive")


def added_ns(runs, baseline, threads, field="quiet_ns"):
    """What a variant adds to each fault, in its quiet, median and noisy quartile."""
    return _added(runs.windows[threads], baseline.windows[threads], field)


def added_of_kind_ns(runs, baseline, kind):
    """The same, for another kind of fault, by its mean."""
    return _added(runs.kinds[kind], baseline.kinds[kind], "cpu_ns")


def _added(windows, nothing, field):
    traced, base = (quartiles(getattr(window.touched, field) for window in each) for each in (windows, nothing))
    return [with_tool - without for with_tool, without in zip(traced, base)]


def median_or_none(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def tool_cpu_ns_per_fault(runs, threads):
    """By process name: the median over the windows."""
    windows = runs.windows[threads]
    names = {name for window in windows for name in window.tool_cpu_ns}
    return {
        name: statistics.median(window.tool_cpu_ns.get(name, 0) / window.touched.faults for window in windows)
        for name in names
    }


def peak_rss_bytes(runs):
    """By process name: the highest of all rounds."""
    names = {name for peaks in runs.peak_rss for name in peaks}
    return {name: max(peaks.get(name, 0) for peaks in runs.peak_rss) for name in names}


def share_seen(runs):
    """Events that came, of the faults that the workload made."""
    pairs = [(ending.events, made) for ending, made in zip(runs.endings, runs.faults) if ending.events is not None]
    return sum(events for events, _ in pairs) / sum(made for _, made in pairs) if pairs else None


def share_lost(runs):
    """By the tool's own count."""
    known = [ending for ending in runs.endings if ending.lost is not None and ending.events is not None]
    total = sum(ending.events + ending.lost for ending in known)
    return sum(ending.lost for ending in known) / total if total else None
