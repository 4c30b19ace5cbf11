"""The targets, each with the most bytes that an input of it has."""

ALL = {
    "agent-frames": 16 << 10,
    "controller-frames": 8 << 10,
    "recording-files": 32 << 10,
    "kernel-dumps": 16 << 10,
    "kernel-files": 8 << 10,
    "process-files": 8 << 10,
    "symbol-files": 32 << 10,
    "filters": 1 << 10,
    "adb-answers": 4 << 10,
    "mangled-names": 1 << 10,
}
