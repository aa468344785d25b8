"""Runs: trainings as the site knows them, started here or from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from training.models import Measurement, Run
from training.registry.data_sets import check_sources, pictures_of
from training.registry.publishing import draft_of_run
from training.runs.claims import send_to_worker
from training.runs.heartbeat import Heartbeat, WorkStoppedError, claimed

log = structlog.get_logger(__name__)


class RunError(Exception):
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
    """Make the row of a training; it waits until a process claims it.

    Args:
        recipe: what to do, checked and as plain JSON; its name is the run's.
        data: names of data sets, or paths of tars and folders of pictures.
        val: the same for the pictures to choose the best step by; ``data``'s own if empty.
        device: ``cpu`` or ``cuda``.
        folder: for its files; one in ``RUN_DIR`` if left out.
        actor: who asks.

    Raises:
        DataError: there are no pictures to learn from, or none to choose by.
        RunError: there is a run of that name.
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
        raise RunError(message % {"name": recipe["name"]}) from None


def request_run(**arguments: Any) -> Run:
    """Make a run and have a worker take it; arguments and errors as :func:`create_run`'s."""
    run = create_run(**arguments)
    send_to_worker(run)
    return run


def execute_run(run: Run, *, supervised: bool = False, workers: int = 1) -> None:
    """Train in this process until the run ends, then export what it learnt as a draft.

    Args:
        run: a queued run; one that has a checkpoint goes on from it.
        supervised: a parent process waits; when that has gone, the run is queued again.
        workers: processes that prepare batches.

    Raises:
        WorkStateError: another process works on it, or it has ended.
        TrainingError: it failed; the row says so too. Likewise ``DataError``.
    """
    from training.learning.fit import (  # torch: for workers, never for web processes
        TrainingStoppedError,
        fit,
    )
    from training.learning.folder import STATE
    from training.learning.recipe import check_recipe

    folder = run.path
    with claimed(run, supervised=supervised) as heartbeat:
        train, val, data = pictures_of(run)
        try:
            best = fit(
                check_recipe(run.recipe),
                train,
                val,
                folder,
                resume=(folder / STATE).exists(),
                device=run.device,
                workers=workers,
                data=data,
                callback=RunCallback(run, heartbeat),
            )
        except TrainingStoppedError as stopped:
            raise WorkStoppedError from stopped
        heartbeat.show(best=best)  # a run that came from elsewhere may have measured nothing here
        draft_of_run(run, folder=folder)
    run.refresh_from_db()


class RunCallback:
    """Keeps what a training tells of itself."""

    def __init__(self, run: Run, heartbeat: Heartbeat) -> None:
        self._run = run
        self._pulse = heartbeat

    def stepped(self, step: int, steps: int) -> bool:
        """A step is done; returns whether to go on."""
        return self._pulse.stepped(step, steps)

    def measured(self, step: int, values: dict[str, float], best: dict[str, float]) -> None:
        """Keep the figures of a step."""
        Measurement.objects.update_or_create(run=self._run, step=step, defaults={"values": values})
        self._pulse.show(best=best)
