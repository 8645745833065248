"""Waiting for what another process or thread does: as long as a slow machine needs, no longer."""

import time
from collections.abc import Callable

# In seconds; it only costs them where something fails.
PATIENCE = 60


def wait_until(is_so: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, "it does not come to that"
        time.sleep(0.02)
