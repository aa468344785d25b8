"""Which function does which kind of work, in the process that a worker started for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from training.runs.evaluations import execute_evaluation
from training.runs.runs import execute_run
from training.runs.searches import execute_search

EXECUTORS: dict[str, Callable[[Any], Any]] = {
    "evaluation": execute_evaluation,
    "run": lambda run: execute_run(run, supervised=True),
    "search": lambda search: execute_search(search, supervised=True),
}
