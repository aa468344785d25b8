"""Hundreds of jobs while workers are killed, Redis is emptied, the database is away, and so on.

``python -m benchmarks.killing --jobs 500`` starts the scale-out profile as processes, asks for so
many full-size results for each fault, breaks something twice meanwhile, and prints what became of
the jobs and how long it took until a stroke and a result of somebody else were there again. Exit
status 1 if a job was lost or done twice, if files are left over, or a recovery took over 15 s.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.support.harness import FAULTS, breakable, run

RECOVERY_BAR = 15.0


def main() -> int:
    """Break everything, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=500, help="for each fault")
    parser.add_argument("--only", nargs="+", choices=FAULTS, default=list(FAULTS))
    arguments = parser.parse_args()
    missed = False
    heads = ("accepted", "done", "failed", "lost", "twice", "orphans", "recovery s", "all s")
    print(f"{'fault':20}" + "".join(f"{head:>11}" for head in heads))
    with tempfile.TemporaryDirectory() as folder, breakable(Path(folder) / "data") as broken:
        for name in arguments.only:
            begun = time.monotonic()
            outcome = run(broken, FAULTS[name], arguments.jobs)
            slowest = max(outcome.recoveries)
            missed |= not outcome.is_whole or slowest > RECOVERY_BAR
            counts = (outcome.accepted, outcome.done, outcome.failed, outcome.lost, outcome.twice,
                      outcome.orphans)  # fmt: skip
            line = "".join(f"{count:11}" for count in counts)
            took = time.monotonic() - begun
            print(f"{name:20}{line}{slowest:11.1f}{took:11.0f}", flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
