"""Python loads this where PYTHONPATH names its folder: it shifts the clock of the process."""

import os
import time
from datetime import datetime, timedelta

from django.utils import timezone

_SECONDS = float(os.environ["CLOCK_SHIFT_SECONDS"])
_time, _now = time.time, timezone.now


def _shifted_time() -> float:
    return _time() + _SECONDS


def _shifted_now() -> datetime:
    return _now() + timedelta(seconds=_SECONDS)


time.time, timezone.now = _shifted_time, _shifted_now
