"""The studio's Celery tasks: claim, do one thing, report, release."""

from __future__ import annotations

import uuid

from celery import shared_task

from webapp.studio import inference, predictions
from webapp.studio.leases import claimed


@shared_task(name="studio.colorize", soft_time_limit=60, time_limit=90)
def colorize(job_id: str) -> None:
    """Make a photo's chroma map with its newest hints."""
    with claimed(uuid.UUID(job_id)) as lease:
        if lease is not None:
            inference.colorize(lease)


@shared_task(name="studio.render", soft_time_limit=300, time_limit=330)
def render(job_id: str) -> None:
    """Make a photo's full-size result."""
    with claimed(uuid.UUID(job_id)) as lease:
        if lease is not None:
            inference.render(lease)


@shared_task(name="studio.predict", soft_time_limit=60, time_limit=90)
def predict(request_id: str) -> None:
    """Answer somebody who wants to know what the network thinks of a photo."""
    with predictions.claimed(uuid.UUID(request_id)) as request:
        if request is not None:
            predictions.answer(request=request, prediction=inference.prediction(request))


@shared_task(name="studio.warm_up")
def warm_up() -> None:
    """Load the live model into this worker."""
    inference.warm_up()
