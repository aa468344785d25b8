"""What one photo costs from file to file, measured in a process of its own.

``python -m training.evaluation.measure`` reads an encoded photo from standard input and prints
seconds and memory as JSON. A fresh process, for a process's peak of memory only ever rises. The
peak is that of its own address space (``VmHWM`` on Linux): the usual ``ru_maxrss`` starts there
with the peak of the parent, and tracemalloc sees nothing of what C libraries allocate.
"""

import io
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from colorizer.color import Bytes, Pixels
from colorizer.model import ModelError
from colorizer.prepared import shrink
from training.evaluation.methods import SIZE, Subject, load
from training.processes import ProcessFailedError, ProcessTimeoutError, run_module

PILLOW = "pillow"
REPEATS = 3
SECONDS = 600
_STATUS = Path("/proc/self/status")
_MIB = 1024.0**2


def measure(content: bytes, subject: Subject | None) -> dict[str, float]:
    """Open a photo, colour it without hints (or, as Pillow, resize it) and write it as JPEG.

    Args:
        content: the photo's file.
        subject: a network; None for Pillow's own work, which reduces the photo to a network's
            size and enlarges it back.

    Returns:
        ``seconds``, the median of three after a warm-up, on one thread; and ``memory``, the peak
        in MiB above what the process held when everything was loaded.

    Raises:
        ModelError: the process failed.
    """
    arguments = [PILLOW] if subject is None else [subject.name, str(subject.path), subject.sha256]
    try:
        measured = run_module(
            "training.evaluation.measure", *arguments, given=content, seconds=SECONDS, threads=1
        )
    except ProcessTimeoutError:
        raise ModelError(f"Measuring {arguments[0]} took over {SECONDS} seconds.") from None
    except ProcessFailedError as error:
        raise ModelError(f"Measuring {arguments[0]} failed: {error or 'it crashed'}") from None
    figures: dict[str, float] = json.loads(measured)
    return figures


def _work(arguments: list[str]) -> Callable[[Bytes], Pixels]:
    if arguments == [PILLOW]:
        return _there_and_back
    name, path, sha256 = arguments
    return load(Subject(name, Path(path), sha256)).colorize


def _there_and_back(rgb: Bytes) -> Bytes:
    size = rgb.shape[1], rgb.shape[0]
    small = Image.fromarray(shrink(rgb, SIZE))
    return np.asarray(small.resize(size, Image.Resampling.BICUBIC))


def _from_file_to_file(content: bytes, work: Callable[[Bytes], Pixels]) -> bytes:
    rgb = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    file = io.BytesIO()
    Image.fromarray(work(rgb)).save(file, "JPEG", quality=95, subsampling=0)
    return file.getvalue()


def _memory(key: str) -> float:
    """Bytes that this process holds (``VmRSS``), or has held at most (``VmHWM``)."""
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith(f"{key}:"):
                return 1024.0 * int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak) if sys.platform == "darwin" else 1024.0 * peak


def main() -> None:
    """Measure what the command line names."""
    work = _work(sys.argv[1:])
    warm = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(warm, "JPEG")
    _from_file_to_file(warm.getvalue(), work)
    content = sys.stdin.buffer.read()
    before = _memory("VmRSS")
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        _from_file_to_file(content, work)
        seconds.append(time.perf_counter() - started)
    memory = (_memory("VmHWM") - before) / _MIB
    sys.stdout.write(json.dumps({"seconds": statistics.median(seconds), "memory": memory}))


if __name__ == "__main__":
    main()
