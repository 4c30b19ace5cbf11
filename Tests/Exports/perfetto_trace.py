"""Reads a trace by Perfetto's own schema and rules: what is interned holds until the sequence's state is cleared."""
from collections import Counter

from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as schema


class PerfettoTrace:
    def __init__(self, path):
        self.tracks, self.faults, self.counters, self.lost = {}, [], {}, 0
        self.interned, self.clocks = None, {}
        with open(path, "rb") as file:
            trace = schema.Trace.FromString(file.read())
        for packet in trace.packet:
            self.take(packet)

    def take(self, packet):
        if packet.sequence_flags & schema.TracePacket.SEQ_INCREMENTAL_STATE_CLEARED:
            self.interned = {}
        assert self.interned is not None, "the first packet clears nothing"
        for field, entries in packet.interned_data.ListFields():
            self.interned.setdefault(field.name, {}).update({entry.iid: entry for entry in entries})
        if packet.HasField("clock_snapshot"):
            self.clocks = {clock.clock_id: clock.timestamp for clock in packet.clock_snapshot.clocks}
            assert packet.clock_snapshot.primary_trace_clock == schema.BUILTIN_CLOCK_BOOTTIME
        if packet.HasField("track_descriptor"):
            self.tracks[packet.track_descriptor.uuid] = packet.track_descriptor
        if packet.HasField("track_event"):
            self.take_event(packet.timestamp, packet.track_event)

    def take_event(self, time, event):
        track = self.tracks[event.track_uuid]
        if event.type == schema.TrackEvent.TYPE_COUNTER:
            self.counters[track.name] = event.counter_value
            return
        assert event.type == schema.TrackEvent.TYPE_INSTANT
        arguments = {self.name("debug_annotation_names", item.name_iid): self.value(item) for item in event.debug_annotations}
        if self.name("event_categories", event.category_iids[0]) == "page_fault":
            process = self.tracks[track.parent_uuid].process
            assert process.pid == track.thread.pid
            self.faults.append({
                "name": self.name("event_names", event.name_iid), "time_ns": time, "pid": process.pid, "tid": track.thread.tid,
                "comm": track.thread.thread_name, "process": process.process_name, "stack": self.stack(event), **arguments})
        elif self.name("event_names", event.name_iid) == "faults lost":
            self.lost += arguments["count"]

    def name(self, table, number):
        return self.interned[table][number].name

    def text(self, table, number):
        return self.interned[table][number].str.decode()

    def value(self, item):
        kind = item.WhichOneof("value")
        if kind == "string_value_iid":
            return self.text("debug_annotation_string_values", item.string_value_iid)
        value = getattr(item, kind)
        return hex(value) if kind == "pointer_value" else value

    def stack(self, event):
        """Functions, the leaf first."""
        if not event.callstack_iid:
            return []
        frames = [self.interned["frames"][number] for number in self.interned["callstacks"][event.callstack_iid].frame_ids]
        for frame in frames:
            mapping = self.interned["mappings"][frame.mapping_id]
            self.text("mapping_paths", mapping.path_string_ids[0])
        return [self.text("function_names", frame.function_name_id) for frame in reversed(frames)]

    def counts(self, key):
        return Counter(fault.get(key) for fault in self.faults)
