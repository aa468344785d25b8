"""What people name to have it scored: model versions, runs, and folders of either."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from colorizer.model import ModelError
from training.evaluation.methods import Subject, is_scorable, name_apart, open_subject
from training.models import ModelVersion, Run
from training.registry.versions import folder_of


def find_subjects(names: Sequence[str]) -> list[Subject]:
    """Find the networks that ``names`` stand for, each with a name of its own.

    Args:
        names: of registered model versions or of runs, or folders of models or runs.

    Raises:
        ModelError: a name stands for nothing, or what it stands for cannot be read.
    """
    return name_apart([_find(name) for name in names])


def _find(name: str) -> Subject:
    model_version = ModelVersion.objects.filter(name=name).first()
    if model_version is not None:
        return open_subject(folder_of(model_version), name)
    run = Run.objects.filter(name=name).first()
    if run is not None:
        if run.publication_id is not None:
            raise ModelError(f"Of the run {name} only its figures came; its weights are elsewhere.")
        if not is_scorable(run.path):
            raise ModelError(f"The run {name} has no weights yet.")
        return open_subject(run.path, name)
    if not is_scorable(Path(name)):
        raise ModelError(
            f"{name} is neither a registered model version, nor a run, nor a folder of either."
        )
    return open_subject(Path(name))
