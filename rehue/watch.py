"""A watched folder: what is put into it is coloured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rehue.errors import RehueError
from rehue.local import Outcome
from rehue.messages import gettext
from rehue.plan import NoPhotosError, Plan, make_plan

SECONDS = 2.0


def watch(
    source: Path,
    plan_options: dict[str, object],
    output: Path,
    colorize: Callable[[Plan], Outcome],
    report: Callable[[Outcome], object],
    *,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Colour what comes into a folder until interrupted; what failed is tried when it changes.

    A photo is taken when it has not changed between two looks: it may still be written. What
    cannot be done is reported once.

    Raises:
        RehueError: the folder is not there.
    """
    if not source.is_dir():
        raise RehueError(gettext("%(path)s is no folder.") % {"path": source})
    seen: dict[str, list[object]] = {}
    failed: dict[str, list[object]] = {}
    shown: dict[str, str] = {}
    while True:
        plan, problems = _look(source, output, plan_options)
        news = {name: why for name, why in problems.items() if shown.get(name) != why}
        shown = problems
        marks = {task.name: task.mark for task in plan.tasks}
        ready = [
            task
            for task in plan.tasks
            if seen.get(task.name) == task.mark and failed.get(task.name) != task.mark
        ]
        seen = marks
        if ready or news:
            outcome = colorize(replace(plan, tasks=ready, done=[], refused=news))
            failed |= {task.name: task.mark for task in ready if task.name in outcome.failed}
            report(outcome)
        sleep(SECONDS)


def _look(
    source: Path, output: Path, plan_options: dict[str, object]
) -> tuple[Plan, dict[str, str]]:
    """Return what there is to do now, and what cannot be done and why."""
    try:
        plan = make_plan(source, output, **plan_options)  # type: ignore[arg-type] # the parser made them
    except NoPhotosError:
        return Plan(), {}
    except FileNotFoundError:  # a photo went between two lines; the next look sees it
        return Plan(), {}
    except RehueError as error:  # hints that cannot be used, perhaps: they can be mended
        return Plan(), {str(source): str(error)}
    return plan, plan.refused
