"""What the host that this process runs on can do."""

from __future__ import annotations

import ctypes
import importlib.util
from functools import lru_cache

_LIBRARIES = ("libcuda.so.1", "nvcuda.dll")


@lru_cache(maxsize=1)
def has_cuda() -> bool:
    """Tell whether networks can run on a CUDA device here: there is one, and torch is installed.

    The driver is asked, since importing torch takes seconds. A process that was asked must not
    fork children that use the device.
    """
    return importlib.util.find_spec("torch") is not None and _devices() > 0


def _devices() -> int:
    for name in _LIBRARIES:
        try:
            driver = ctypes.CDLL(name)
        except OSError:
            continue
        count = ctypes.c_int()
        if driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0:
            return count.value
    return 0
