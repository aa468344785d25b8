"""Run the project's checks one after the other, all of them, and end with a plain summary.

``python -m scripts.check lint test``: one group or several; ``coverage`` is the third.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PROGRAMS = Path(PYTHON).parent

# The scale-out profile as an operator would run it; nothing is connected to.
SCALE_OUT = {
    "ALLOWED_HOSTS": "rehue.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://rehue.example.org",
    "DATABASE_URL": "postgres://rehue@127.0.0.1:1/rehue",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "only-for-this-check-7f0b1d5c93e2a84610fd7c2b9e35a4d8c6",
    "TRUST_PROXY": "1",
}


@dataclass(frozen=True)
class Step:
    """One check: a command whose exit status says whether it passed.

    Attributes:
        quiet: what the command prints is shown only if it fails.
    """

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    quiet: bool = False

    def run(self) -> bool:
        """Run the command."""
        print(f"\n── {self.name}", flush=True)
        finished = subprocess.run(
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE if self.quiet else None,
            stderr=subprocess.STDOUT if self.quiet else None,
            check=False,
        )
        if self.quiet and finished.returncode != 0:
            sys.stdout.buffer.write(finished.stdout)
        return finished.returncode == 0


def tool(name: str, *arguments: str) -> list[str]:
    """A program of this virtual environment."""
    return [str(PROGRAMS / name), *arguments]


def manage(*arguments: str) -> list[str]:
    """A command of manage.py."""
    return [PYTHON, "manage.py", *arguments]


# Two processes, each with a database of its own; tests/conftest.py says what stays together.
PYTEST = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadscope"]

GROUPS = {
    "lint": [
        Step("Python style", tool("ruff", "check")),
        Step("Python format", tool("ruff", "format", "--check")),
        Step("Python types", tool("mypy")),
        Step("import rules", tool("lint-imports")),
        Step("no imports up or around", [PYTHON, "-m", "scripts.arrows"], quiet=True),
        Step("migrations are made", manage("makemigrations", "--check", "--dry-run")),
        Step(
            "scale-out settings",
            manage("check", "--deploy", "--fail-level", "WARNING"),
            SCALE_OUT,
        ),
        Step("workflows", [PYTHON, "-m", "jactionlint", "--shellcheck="]),
        Step("TypeScript", [PYTHON, "-m", "scripts.npm", "run", "check", "--silent"]),
    ],
    "test": [
        Step("Python tests", [*PYTEST, "--durations=20", "--durations-min=5"]),
        Step("frontend tests", [PYTHON, "-m", "scripts.npm", "test", "--silent"], quiet=True),
    ],
    # The tests once more, which watching makes slower; the floors stand beside what they measure,
    # in pyproject.toml and frontend/package.json.
    "coverage": [
        Step("Python coverage", [*PYTEST, "--cov", "--cov-report=term", "--cov-report=xml"]),
        Step("frontend coverage", [PYTHON, "-m", "scripts.npm", "run", "coverage", "--silent"]),
    ],
}


def main(groups: list[str]) -> int:
    """Run the groups' steps; return 0 only if every one passed."""
    rows = []
    for step in (step for group in groups for step in GROUPS[group]):
        begin = time.monotonic()
        passed = step.run()
        rows.append((step.name, passed, time.monotonic() - begin))
    print("\n── Summary")
    for name, passed, seconds in rows:
        print(f"  {'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {name}")
    failed = [name for name, passed, _ in rows if not passed]
    total = sum(seconds for *_, seconds in rows)
    verdict = f"{len(failed)} of {len(rows)} checks failed" if failed else "All checks passed"
    print(f"{verdict} in {total:.0f} s.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["lint", "test"]))
