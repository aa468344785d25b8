"""Sample photographs coloured by model versions, as the Models page shows them."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import structlog
from celery import current_app
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from training.models import ModelVersion
from training.processes import ProcessFailedError, ProcessTimeoutError, run_module
from training.registry.versions import ModelUnusableError, verify

TASK = "training.show_samples"
QUEUE = "default"
_SECONDS = 120
_ASK_AGAIN_SECONDS = 600

log = structlog.get_logger(__name__)


def show_samples(*, model_version: ModelVersion) -> None:
    """Colour the sample photographs with ``model_version``, and keep the pictures and their keys.

    Raises:
        ModelUnusableError: its files are missing or damaged, or it does not colour them.
    """
    folder = verify(model_version)
    samples: dict[str, dict[str, str]] = defaultdict(dict)
    with tempfile.TemporaryDirectory() as temporary:
        _color(folder, Path(temporary))
        for path in sorted(Path(temporary).glob("*.webp")):
            photo, _, kind = path.stem.rpartition("-")
            key = f"laboratory/samples/{model_version.pk}/{path.name}"
            default_storage.delete(key)  # some storages would keep both, under another name
            samples[photo][kind] = default_storage.save(key, ContentFile(path.read_bytes()))
    model_version.samples = samples
    model_version.save(update_fields=["samples"])


def request_samples(model_versions: Iterable[ModelVersion]) -> None:
    """Have a worker colour the samples that are missing, at most once in ten minutes a version.

    A broker that is away is logged and no error: the next visitor asks again.
    """
    for model_version in model_versions:
        request_key = f"{TASK}/{model_version.pk}"
        if model_version.samples or not cache.add(request_key, True, _ASK_AGAIN_SECONDS):
            continue
        try:
            current_app.send_task(TASK, args=[str(model_version.pk)], queue=QUEUE, retry=False)
        except Exception:  # every transport has its own family of errors
            log.exception("task_not_sent", task=TASK, model=model_version.name)


def _color(folder: Path, out: Path) -> None:
    """Run :mod:`training.registry.showcase` in a process of its own: it loads a runtime."""
    try:
        run_module("training.registry.showcase", str(folder), str(out), seconds=_SECONDS)
    except ProcessTimeoutError:
        raise ModelUnusableError(f"The model coloured no samples in {_SECONDS} seconds.") from None
    except ProcessFailedError as error:
        raise ModelUnusableError(str(error) or "The model's process crashed.") from None
