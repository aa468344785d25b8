"""The studio's Celery tasks: claim, do one thing, report, release."""

from __future__ import annotations

import uuid

from celery import shared_task

from webapp.studio import inference
from webapp.studio.leases import held
from webapp.studio.opinions import answer, asked


@shared_task(name="studio.colorize", soft_time_limit=60, time_limit=90)
def colorize(job_id: str) -> None:
    """Make a photo's chroma map with its newest hints."""
    with held(uuid.UUID(job_id)) as lease:
        if lease is not None:
            inference.colorize(lease)


@shared_task(name="studio.render", soft_time_limit=300, time_limit=330)
def render(job_id: str) -> None:
    """Make a photo's full-size result."""
    with held(uuid.UUID(job_id)) as lease:
        if lease is not None:
            inference.render(lease)


@shared_task(name="studio.give_opinion", soft_time_limit=60, time_limit=90)
def give_opinion(ask_id: str) -> None:
    """Answer somebody who wants to know what the network thinks of a photo."""
    with asked(uuid.UUID(ask_id)) as ask:
        if ask is not None:
            answer(ask=ask, opinion=inference.opinion(ask))


@shared_task(name="studio.warm_up")
def warm_up() -> None:
    """Load the live model into this worker."""
    inference.warm_up()
