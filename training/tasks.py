"""The lab's Celery tasks: a worker of the queue ``training`` minds a process."""

from __future__ import annotations

import structlog
from celery import shared_task

from training.models import ModelVersion
from training.registry import sample_pictures
from training.registry.versions import ModelUnusableError
from training.runs.claims import TASK, requeue
from training.runs.process import supervise

log = structlog.get_logger(__name__)


@shared_task(name=TASK, acks_late=False)  # the row is the truth: a lost message is sent again
def work(kind: str, work_id: str) -> None:
    """Do queued work in a process of its own."""
    supervise(kind, work_id)


@shared_task(name="training.requeue")
def requeue_work() -> None:
    """Take up work whose process has gone."""
    requeue()


@shared_task(name=sample_pictures.TASK)
def show_samples(version_id: str) -> None:
    """Colour the sample photographs with a model version."""
    model_version = ModelVersion.objects.get(pk=version_id)
    try:
        sample_pictures.show_samples(model_version=model_version)
    except ModelUnusableError as error:
        log.warning("samples_not_coloured", model=model_version.name, error=str(error))
