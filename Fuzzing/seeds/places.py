"""Where things are."""

import platform
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAULTLINE = ROOT / "build" / "bin" / "faultline"
AGENT = ROOT / "build" / "agents" / platform.machine() / "faultline-agent"


def texts(path):
    """What stands in the long strings of a Swift file."""
    for text in re.findall(r'"""\n(.*?)\n *"""', (ROOT / path).read_text(), re.S):
        yield textwrap.dedent(text.replace("\\\n", "")).replace("\\r", "\r").encode() + b"\n"
