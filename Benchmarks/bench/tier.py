"""What the browser tier has for its own tests, with what is measured here."""

import os

from . import build

os.environ |= {"FAULTLINE_UNDER_TEST": str(build.FAULTLINE), "FAULTLINE_WORKLOAD": str(build.WORKLOAD)}
from controller import Served  # noqa: E402, F401
