"""Records real faults and compares what each export's own reader makes of them with the report: check.py FAULTLINE WORKLOAD FOLDER."""
import csv
import os
import re
import subprocess
import sys
from collections import Counter

import files
from expected import Expected, leaf
from perfetto_trace import PerfettoTrace

failures = []


def same(what, ours, theirs):
    if ours != theirs:
        failures.append(what)
        print(f"  FAILED {what}\n    exported {str(ours)[:600]}\n    expected {str(theirs)[:600]}")
    else:
        print(f"  {what}: {str(ours) if isinstance(ours, int) else 'same'}")


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


MIXED = "fork 3 name 1 write 997 kernel 101 cow 53 coldfile 31 segv 7 efault 5 seven 211 program other read 89".split()

# What is recorded: options and the workload's phases.
RECORDINGS = {
    "instructions": ([], MIXED),
    "stacks": (["--stacks", "--kernel-stacks"], MIXED),
    "sampled": (["--sample", "7"], MIXED),
    "losses": (["--buffer", "8K"], ["again", "200000"]),
}


def record(faultline, workload, path, options, phases):
    command = [faultline, "trace", "--local", "--quiet", "--output", path, *options, "--", workload, *phases]
    subprocess.run(command, check=True, capture_output=True)


# MARK: Consumers


def perfetto(path, expected):
    trace = PerfettoTrace(path)
    keys = ("time_ns", "pid", "tid", "comm", "process", "address", "ip", "cpu", "mode", "access", "outcome", "latency_ns", "cause")
    same("events", len(trace.faults), expected.total)
    same("each event", [tuple(fault.get(key) for key in keys) for fault in trace.faults],
         [tuple(event[key] for key in keys) for event in expected.events])
    same("mappings", trace.counts("mapping"), Counter(event["mapping"] and event["mapping"]["name"] for event in expected.events))
    same("stacks' leaves", [fault["stack"][0] for fault in trace.faults if fault["stack"]],
         [leaf(event) for event in expected.events if event.get("stack") != [] or event.get("kernel_stack")] if "stack" in expected.events[0] else [])
    causes = {name or "": count for name, count in trace.counts("cause").items()}
    same("causes", causes, {name if name in causes else "": count for name, count in expected.counts("cause").items()})
    same("counters", sum(value for name, value in trace.counters.items() if name != "lost"), expected.total * expected.weight)
    same("lost", (trace.lost, trace.counters.get("lost", 0)), (expected.lost, expected.lost))
    same("clock", trace.clocks[6] <= expected.events[0]["time_ns"], True)


def pprof(path, expected):
    for index, unit, total, leaves in (
        ("faults", "", expected.total, expected.leaves), ("latency", "ns", expected.latency_ns, expected.leaf_latency)):
        total, leaves = total * expected.weight, expected.weighed(leaves)
        top = run("go", "tool", "pprof", "-top", "-symbolize=none", "-nodecount=100000", "-nodefraction=0", f"-unit={unit or 'count'}",
                  f"-sample_index={index}", path)
        flat = Counter()
        for line in top.splitlines():
            row = re.match(rf" *(\d+){unit} +[\d.]+% +[\d.]+% +\d+{unit} +[\d.]+% +(.*?)(?: \(inline\))?$", line)
            if row:
                flat[row[2]] += int(row[1])
        shown = re.search(r"of (\d+)\w* total", top)
        same(f"pprof -top {index}", int(shown[1]) if shown else None, total)
        same(f"pprof -top {index} by function", +flat, +leaves)
    samples = re.findall(r"^ +(\d+) +(\d+): [\d ]+$", run("go", "tool", "pprof", "-raw", "-symbolize=none", path), re.MULTILINE)
    same("pprof -raw", [sum(int(sample[place]) for sample in samples) for place in (0, 1)], [expected.total * expected.weight, expected.latency_ns * expected.weight])


def folded(path, expected):
    processes, leaves = Counter(), Counter()
    for line in open(path):
        stack, count = line.rstrip("\n").rsplit(" ", 1)
        if stack != "[lost]":
            processes[stack.split(";")[0]] += int(count)
            leaves[stack.split(";")[-1].removesuffix("_[k]")] += int(count)
    same("folded", sum(processes.values()), expected.total * expected.weight)
    same("folded by process", processes, expected.weighed(expected.by_process))
    same("folded by leaf", leaves, expected.weighed(expected.leaves))


def sqlite(path, expected):
    def ask(query):
        return [tuple(row.split("|")) for row in run("sqlite3", path, query).splitlines()]

    same("sqlite intact", ask("PRAGMA integrity_check; PRAGMA foreign_key_check"), [("ok",)])
    same("sqlite faults", ask("SELECT count(*), sum(latency_ns) FROM faults"), [(str(expected.total), str(expected.latency_ns or ""))])
    same("sqlite losses", ask("SELECT ifnull(sum(count), 0) FROM losses"), [(str(expected.lost),)])
    for view, column in (("process", "process"), ("mapping", "mapping")):
        rows = ask(f"SELECT ifnull({column}, ''), sum(faults) FROM faults_by_{view} GROUP BY 1")
        ours = Counter({name: int(count) for name, count in rows})
        theirs = Counter(event[view] and (event[view] if view == "process" else event[view]["name"]) or "" for event in expected.events)
        same(f"sqlite by {view}", ours, theirs)
    if "stack" not in expected.events[0]:  # The instruction is the leaf.
        functions = ask("SELECT function, sum(faults) FROM faults_by_function GROUP BY 1")
        same("sqlite by function", Counter({name: int(count) for name, count in functions}), +expected.leaves)
    same("sqlite by cause", {name: int(count) for name, count in ask("SELECT ifnull(cause, ''), faults FROM faults_by_cause")},
         Counter(event["cause"] or "" for event in expected.events))
    same("sqlite details", int(ask("SELECT count(*) FROM fault_details")[0][0]), expected.total)
    for query in re.findall(r"```sql\n(.*?)```", open("docs/exports.md").read(), re.DOTALL):
        same(f"sqlite answers {query.split()[1]}…", len(ask(query)) > 0, True)


def rows(path, expected):
    with open(path, newline="") as file:
        table = list(csv.DictReader(file))
    same("csv", sum(int(row["count"]) for row in table if row["event"] == "fault"), expected.total * expected.weight)
    same("csv by process", Counter(row["process"] for row in table if row["event"] == "fault"), expected.by_process)
    same("csv by process id", Counter(int(row["pid"]) for row in table if row["event"] == "fault"), expected.by_pid)


CONSUMERS = {"perfetto": perfetto, "pprof": pprof, "folded": folded, "sqlite": sqlite, "csv": rows}


def main(faultline, workload, folder):
    for name, (options, phases) in RECORDINGS.items():
        recording = os.path.join(folder, f"{name}.flt")
        record(faultline, workload, recording, options, phases)
        expected = Expected(faultline, recording)
        print(f"== {name}: {expected.total} faults, {expected.lost} lost")
        if expected.total == 0 or (name == "losses") != (expected.lost > 0):
            failures.append(f"{name}: {expected.total} faults and {expected.lost} lost are not what this recording is for")
        same("json by function", Counter(map(leaf, expected.events)), +expected.leaves)
        for format, read in CONSUMERS.items():
            output = os.path.join(folder, f"{name}.{format}")
            run(faultline, "export", recording, "--to", format, "--output", output)
            read(output, expected)
    print("== files")
    files.check(same, faultline, os.path.join(folder, "losses.flt"), folder)
    if failures:
        sys.exit("Tests/Exports: these differ: " + ", ".join(failures))


main(*sys.argv[1:])
