"""What is known of a model version or a run, as a list of labels and values."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from colorizer.model import WEIGHTS, files_of
from training.models import ModelVersion
from training.registry.versions import folder_of, has_distribution

Fact = tuple[str, str]
_NOT_LEARNT = ("__metadata__", "running_mean", "running_var", "num_batches_tracked")
_HEADER_LENGTH = 8
_LONGEST_HEADER = 10_000_000


def model_metadata(model_version: ModelVersion) -> list[Fact]:
    """Return what the card and the files of ``model_version`` say; what they do not is left out."""
    card = model_version.card
    folder = folder_of(model_version)
    parameters = _parameters(folder / WEIGHTS)
    training = card.get("training", {})
    predicts = _("suggested colours, uncertainty") if has_distribution(model_version) else ""
    rows = [
        (_("Network"), model_version.net),
        (_("Parameters"), f"{parameters:,}" if parameters else ""),
        (_("Sees a photo at"), f"{card['size']} px" if "size" in card else ""),
        (_("Predictions"), predicts),
        *recipe_metadata(training.get("recipe", {})),
        (_("Steps"), f"{training['steps']:,}" if "steps" in training else ""),
        (_("File"), _file_size(folder, card.get("net", {}))),
        ("SHA-256", model_version.sha256),
        (_("Licence"), str(card.get("licence", ""))),
    ]
    return [(label, value) for label, value in rows if value]


def recipe_metadata(recipe: dict[str, Any]) -> list[Fact]:
    """Return the settings of a training that are usually asked for."""
    stages = recipe.get("stages", [])
    rows = [
        (_("Recipe"), recipe.get("name", "")),
        (_("Optimiser"), recipe.get("optimiser", "")),
        (_("Learning rate"), f"{recipe['learning_rate']:g}" if "learning_rate" in recipe else ""),
        (_("Batch"), _each(stages, "batch")),
        (_("Crop"), _each(stages, "crop")),
        (_("Loss"), _each(stages, "loss")),
        (_("Epochs"), _each(stages, "epochs")),
    ]
    return [(label, value) for label, value in rows if value]


def data_of(card: dict[str, Any]) -> list[Fact]:
    """Return what a card says of its pictures, split by split."""
    data = card.get("data", {})
    labels = {
        "train": _("Learnt from"),
        "learnt_from": _("Learnt from"),
        "val": _("Chosen by"),
        "chosen_by": _("Chosen by"),
        "test": _("Scored on"),
        "terms": _("Terms"),
    }
    return [
        (label, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for key, label in labels.items()
        if (value := data.get(key))
    ]


def _each(stages: list[dict[str, Any]], key: str) -> str:
    """One setting of all stages, in order, without repeating itself."""
    values = [str(stage[key]) for stage in stages if stage.get(key) is not None]
    return ", ".join(dict.fromkeys(values))


def _file_size(folder: Path, net: dict[str, Any]) -> str:
    """The size of the graphs that serve; empty where one has gone."""
    graphs = [name for name in files_of(net) if name != WEIGHTS]
    try:
        return filesizeformat(sum((folder / name).stat().st_size for name in graphs))
    except OSError:
        return ""


def _parameters(path: Path) -> int | None:
    """Count what was learnt, from the header of a safetensors file; None where it has gone.

    Source: https://huggingface.co/docs/safetensors (eight bytes of length, then JSON).
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_HEADER_LENGTH), "little")
            header: dict[str, Any] = json.loads(file.read(min(length, _LONGEST_HEADER)))
    except (OSError, ValueError):
        return None
    return sum(
        int(math.prod(tensor["shape"]))
        for name, tensor in header.items()
        if name.rpartition(".")[2] not in _NOT_LEARNT
    )
