"""All scenarios by name, in the order in which they are played."""

from . import clock, cpus, descriptors, disk, flood, garbage, kills, memory, service, sockets, storm, tracefs

ALL = {
    "kills": kills.play,
    "sockets": sockets.play,
    "garbage": garbage.play,
    "descriptors": descriptors.play,
    "disk": disk.play,
    "memory": memory.play,
    "clock": clock.play,
    "cpus": cpus.play,
    "storm": storm.play,
    "tracefs": tracefs.play,
    "service": service.play,
    "flood": flood.play,
}
