"""Change the code in small ways and see whether tests notice: ``make mutants``.

``python -m scripts.mutants [--minutes 30] [NAME ...]`` runs mutmut on the numeric core and the
leases (``[tool.mutmut]`` in pyproject.toml) and prints the score of each file: the share of the
mutants that were tried which some test noticed. A run that time ends goes on where it stopped.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).resolve().parents[1]
NOTICED = ("killed", "timeout", "segfault", "caught by type check")


def main() -> int:
    """Run and print the scores; 1 if mutmut itself failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="the run may take")
    parser.add_argument("names", nargs="*", help="mutants, such as colorizer.kriging*")
    options = parser.parse_args()
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "2", *options.names]
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True) as running:
        try:
            failed = running.wait(60 * options.minutes) != 0
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            print(f"\nended after {options.minutes:g} minutes; call again to go on")
            failed = False
    for path in sorted((ROOT / "mutants").rglob("*.py.meta")):
        print_score(path)
    return int(failed)


def print_score(meta: Path) -> None:
    """Print one file's score, and the mutants that no test noticed."""
    codes = json.loads(meta.read_text())["exit_code_by_key"]
    if not codes:
        return
    statuses = {name: status_by_exit_code[code] for name, code in codes.items()}
    counts = Counter(statuses.values())
    noticed = sum(counts[status] for status in NOTICED)
    tried = len(statuses) - counts["not checked"] - counts["check was interrupted by user"]
    score = f"{noticed / tried:.0%}" if tried else "-"
    name = meta.relative_to(ROOT / "mutants").with_suffix("")
    print(f"{name}: {score} of {tried} tried, {len(statuses)} in all")
    for mutant, status in sorted(statuses.items()):
        if status in ("survived", "no tests", "suspicious"):
            print(f"  {status}: {mutant}")


if __name__ == "__main__":
    raise SystemExit(main())
