"""Evaluations: scorings as the site knows them, started here or from the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext

from colorizer.hints import Controls
from training.evaluation.protocols import PROTOCOLS, Cell, Protocol
from training.models import Evaluation, ModelVersion, Run, Score
from training.registry.data_sets import resolve_sources
from training.registry.scores import save_scores
from training.runs.claims import send_to_worker
from training.runs.heartbeat import WorkStoppedError, claimed

if TYPE_CHECKING:
    from training.evaluation.methods import Subject

SITE_PROCESSES = 1


class EvaluationError(Exception):
    """The evaluation cannot be made or begun; the message says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluation found: its table, the networks in it, and on which pictures."""

    results: dict[str, list[Cell]]
    subjects: Sequence[Subject]
    facts: dict[str, Any]


def request_evaluation(
    *,
    protocol: str,
    subjects: Sequence[str],
    data: Sequence[str],
    limit: int | None = None,
    actor: AbstractUser | None = None,
) -> Evaluation:
    """Have a worker score networks beside the training-free rows.

    Args:
        protocol: a name of :data:`training.evaluation.protocols.PROTOCOLS`.
        subjects: names of model versions or runs; none scores the training-free rows alone.
        data: names of data sets, or paths of tars and folders of pictures.
        limit: score so many pictures only.
        actor: who asks.

    Raises:
        DataError: the pictures are not there.
        EvaluationError: there is no such protocol, model version or run.
    """
    if protocol not in PROTOCOLS:
        message = gettext("There is no protocol %(name)s; there are %(known)s.")
        raise EvaluationError(message % {"name": protocol, "known": ", ".join(PROTOCOLS)})
    for name in subjects:
        versions = ModelVersion.objects.filter(name=name)
        runs = Run.objects.filter(name=name, publication=None)
        if not versions.exists() and not runs.exists():
            message = gettext("%(name)s is neither a model version nor a run.")
            raise EvaluationError(message % {"name": name})
    resolve_sources(data)
    evaluation = Evaluation.objects.create(
        name=f"{protocol}-{timezone.now():%Y%m%d-%H%M%S-%f}",
        protocol=protocol,
        subjects=list(subjects),
        data=list(data),
        limit=limit,
        actor_id=actor.pk if actor else None,
    )
    send_to_worker(evaluation)
    return evaluation


def execute_evaluation(evaluation: Evaluation, *, supervised: bool = True) -> None:
    """Score in this process; the results are kept as scores.

    Args:
        evaluation: a queued evaluation.
        supervised: a parent process waits; when that has gone, the evaluation is queued again.

    Raises:
        WorkStateError: another process works on it, or it has ended.
        DataError: it failed; the row says so too. Likewise ``ModelError``.
    """
    protocol = PROTOCOLS[evaluation.protocol]
    with claimed(evaluation, supervised=supervised) as heartbeat:

        def callback(done: int, total: int) -> None:
            if not heartbeat.stepped(done, total):
                raise WorkStoppedError

        outcome = play(
            protocol=protocol,
            names=evaluation.subjects,
            data=evaluation.data,
            limit=evaluation.limit,
            processes=SITE_PROCESSES,
            callback=callback,
        )
        evaluation.scores.set(keep(protocol=protocol, outcome=outcome))


def play(
    *,
    protocol: Protocol,
    names: Sequence[str],
    data: Sequence[str],
    limit: int | None,
    processes: int,
    callback: Callable[[int, int], object],
    controls: Mapping[str, Controls] | None = None,
) -> Outcome:
    """Score networks beside the training-free rows, under one protocol.

    Args:
        protocol: what to measure.
        names: of model versions or runs, or folders of either.
        data: names of data sets, or paths of tars and folders of pictures.
        limit: score so many pictures only.
        processes: to share the pictures between.
        callback: called with the number of pictures done and of all; what it raises ends all.
        controls: by name, those that each network also colours with, in a row of its own.

    Raises:
        DataError: the pictures cannot be used.
        ModelError: a network cannot be loaded.
    """
    from training.data.pictures import fingerprint
    from training.evaluation.evaluate import SPLIT, evaluate, pictures_for
    from training.registry.subjects import find_subjects

    subjects = find_subjects(names)
    sources = resolve_sources(data)
    pictures = pictures_for(protocol, sources, limit)
    facts = {
        "pictures": len(pictures),
        "data": ", ".join(source.name for source in sources),
        "data_sha256": fingerprint(sources, SPLIT),
    }
    results = evaluate(
        protocol, pictures, subjects, controls=controls, processes=processes, callback=callback
    )
    return Outcome(results, subjects, facts)


def keep(*, protocol: Protocol, outcome: Outcome) -> list[Score]:
    """Keep the rows of an outcome as scores."""
    return save_scores(
        protocol=protocol, results=outcome.results, subjects=outcome.subjects, **outcome.facts
    )
