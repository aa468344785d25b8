"""Runs: trainings as the site knows them, started here or from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from training.datasets import check_sources, pictures_of
from training.models import Measurement, Run
from training.publishing import draft_of_run
from training.pulse import Pulse, WorkStopped, working
from training.work import send_to_worker

log = structlog.get_logger(__name__)


class RunRefused(Exception):
    """The run cannot be made or begun; the message says why."""


def create_run(
    *,
    recipe: dict[str, Any],
    data: Sequence[str],
    val: Sequence[str] = (),
    device: str = "cpu",
    folder: Path | None = None,
    actor: AbstractUser | None = None,
) -> Run:
    """Make the row of a training; it waits until somebody claims it.

    Args:
        recipe: what to do, checked and as plain JSON; its name is the run's.
        data: names of data sets, or paths of tars and folders of pictures.
        val: the same for the pictures to choose the best step by; ``data``'s own if empty.
        device: ``cpu`` or ``cuda``.
        folder: for its files; one in ``RUN_DIR`` if left out.
        actor: who asks.

    Raises:
        DataError: there are no pictures to learn from, or none to choose by.
        RunRefused: there is a run of that name.
    """
    check_sources(data=data, val=val)
    try:
        with transaction.atomic():
            return Run.objects.create(
                name=recipe["name"],
                recipe=recipe,
                data=list(data),
                val=list(val),
                folder=str(folder.resolve() if folder else recipe["name"]),
                device=device,
                actor_id=actor.pk if actor else None,
            )
    except IntegrityError:
        message = gettext(
            "There is a run %(name)s already: resume it, or give the recipe another name."
        )
        raise RunRefused(message % {"name": recipe["name"]}) from None


def request_run(**wanted: Any) -> Run:
    """Make a run and have a worker take it; arguments and errors as :func:`create_run`'s."""
    run = create_run(**wanted)
    send_to_worker(run)
    return run


def folder_of_run(run: Run) -> Path:
    """Return the folder of a run's files."""
    return Path(settings.RUN_DIR) / run.folder


def execute_run(run: Run, *, supervised: bool = False, workers: int = 1) -> None:
    """Train in this process until the run ends, then export what it learnt as a draft.

    Args:
        run: a queued run; one that has a checkpoint goes on from it.
        supervised: a parent process waits; when that has gone, the run is queued again.
        workers: processes that prepare batches.

    Raises:
        WorkRefused: somebody works on it already, or it has ended.
        TrainingError: it failed; the row says so too. Likewise ``DataError``.
    """
    from training.learning.fit import Stopped, fit  # torch: for workers, never for web processes
    from training.learning.folder import STATE
    from training.learning.recipe import check_recipe

    folder = folder_of_run(run)
    with working(run, supervised=supervised) as pulse:
        train, val, data = pictures_of(run)
        try:
            fit(
                check_recipe(run.recipe),
                train,
                val,
                folder,
                resume=(folder / STATE).exists(),
                device=run.device,
                workers=workers,
                data=data,
                watch=RunWatch(run, pulse),
            )
        except Stopped as stopped:
            raise WorkStopped from stopped
        draft_of_run(run, folder=folder)
    run.refresh_from_db()


class RunWatch:
    """Keeps what a training tells of itself."""

    def __init__(self, run: Run, pulse: Pulse) -> None:
        self._run = run
        self._pulse = pulse

    def stepped(self, step: int, steps: int) -> bool:
        """A step is done; returns whether to go on."""
        return self._pulse.stepped(step, steps)

    def measured(self, step: int, values: dict[str, float], best: dict[str, float]) -> None:
        """Keep the figures of a step."""
        Measurement.objects.update_or_create(run=self._run, step=step, defaults={"values": values})
        self._pulse.show(best=best)
