"""The parts of the benchmarks, one responsibility a module."""

import sys
from pathlib import Path

# The browser tier's Chromium, controller and devices serve here, too.
sys.path.append(str(Path(__file__).resolve().parents[2] / "Tests" / "Browser"))
