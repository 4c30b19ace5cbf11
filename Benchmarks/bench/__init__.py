"""The parts of Benchmarks/run, one responsibility a module."""
