"""What every export must come to, by the report and by the recording's JSON lines."""
import json
import subprocess
from collections import Counter


def leaf(event):
    """The function that an event's stack ends in, as exports call it."""
    for key in ("kernel_stack", "stack"):
        if key not in event:
            continue
        if event[key] is None:
            return "[stack lost]"
        if event[key]:
            return frame_name(event[key][0], "mapping")
    code = event["ip_mapping"]
    return frame_name(code, "name") if code else "[unknown]"


def frame_name(frame, mapping):
    if frame["symbol"]:
        return frame["symbol"]
    if not frame[mapping]:
        return "[unknown]"
    file = frame[mapping].rstrip("/").split("/")[-1]
    return file if file.startswith("[") else f"[{file}]"


def exported_name(group):
    """What exports call a function that the report calls `file!function`, or by its file alone."""
    if "!" in group:
        return group.split("!", 1)[1]
    return group if group.startswith("[") else f"[{group.split('/')[-1]}]"


class Expected:
    def __init__(self, faultline, recording):
        self.reports = {by: self.report(faultline, recording, by) for by in ("process", "cause", "mapping", "function")}
        lines = subprocess.run([faultline, "export", recording, "--to", "json", "--output", "-"], check=True, capture_output=True)
        lines = [json.loads(line) for line in lines.stdout.splitlines()]
        self.events = [line for line in lines if "time_ns" in line]
        self.lost = sum(line["lost"]["count"] for line in lines if "lost" in line)
        self.summary = lines[-1]["summary"]
        # How many faults an event stands for.
        self.weight = self.summary["sample"]
        self.latency_ns = sum(event["latency_ns"] or 0 for event in self.events)
        self.leaves, self.leaf_latency = Counter(), Counter()
        for group in self.reports["function"]["groups"]:
            self.leaves[exported_name(group["name"])] += group["events"]
            self.leaf_latency[exported_name(group["name"])] += group["fault_time_ns"] or 0

    @staticmethod
    def report(faultline, recording, by):
        answer = subprocess.run([faultline, "report", recording, "--by", by, "--top", "0", "--json"], check=True, capture_output=True)
        return json.loads(answer.stdout)

    def counts(self, by):
        """The report's groups: events by name."""
        groups = Counter()
        for group in self.reports[by]["groups"]:
            groups[group["name"]] += group["events"]
        return groups

    @property
    def by_process(self):
        """Events by their process's name at the time; a report's group bears the last one."""
        return Counter(event["process"] for event in self.events)

    @property
    def by_pid(self):
        """The report's groups: events by process id."""
        groups = Counter()
        for group in self.reports["process"]["groups"]:
            groups[group["pid"]] += group["events"]
        return groups

    def weighed(self, counts):
        """Counts of faults, where those of events are given."""
        return Counter({name: count * self.weight for name, count in counts.items()})

    @property
    def total(self):
        return self.reports["process"]["summary"]["events"]
