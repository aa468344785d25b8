"""From a run to a model version that everyone may see: drafts, and publishing them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils.translation import gettext

from colorizer.model import ModelFolder, write_card
from training.models import ModelVersion, Run
from training.registry.sample_pictures import request_samples
from training.registry.signals import Change, audit
from training.registry.versions import ModelUnusableError, register, verify


def draft_of_run(run: Run, *, folder: Path) -> ModelVersion:
    """Export what a run learnt as a model folder, and register it as a draft.

    The export is checked against torch (:func:`training.learning.export.export_model`).

    Args:
        run: whose best weights.
        folder: of the run.

    Raises:
        TrainingError: there is nothing to export, or the export does not agree with torch.
        ModelUnusableError: the folder that came out cannot be used.
    """
    from training.learning.export import export_model  # torch: for workers, never for web processes

    facts = {"data": {"learnt_from": run.data, "chosen_by": run.val or run.data}}
    target = Path(settings.MODEL_DIR) / run.name
    export_model(folder, target, facts)
    return register(folder=target, stored_as=run.name, state=ModelVersion.State.DRAFT, run=run)


def publish(*, model_version: ModelVersion, actor: AbstractUser | None = None) -> None:
    """Let everyone see a draft with its scores; administrators may make it live then.

    Its card gets the scores that are known by now.

    Raises:
        ModelUnusableError: it is no draft, or its files are missing or damaged.
    """
    model_version.refresh_from_db()
    if model_version.state != ModelVersion.State.DRAFT:
        message = gettext("%(name)s is no draft: it has been published already.")
        raise ModelUnusableError(message % {"name": model_version.name})
    folder = verify(model_version)
    card = ModelFolder.open(folder).card
    card.facts["scores"] = scores_for_card(model_version)
    with transaction.atomic():
        write_card(folder, card)
        model_version.card = card.to_json()
        model_version.state = ModelVersion.State.PUBLISHED
        model_version.save(update_fields=["card", "state"])
        audit(actor, model_version, Change.PUBLISHED)
    request_samples([model_version])


def scores_for_card(model_version: ModelVersion) -> list[dict[str, Any]]:
    """Return the scores of a version as its card tells them."""
    return [
        {
            "protocol": score.protocol,
            "data": score.data,
            "data_sha256": score.data_sha256,
            "pictures": score.pictures,
            "code_version": score.code_version,
            "figures": score.figures,
        }
        for score in model_version.scores.all()
    ]
