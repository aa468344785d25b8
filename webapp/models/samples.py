"""Sample photographs as the pages show them: where each picture is, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from training.models import ModelVersion
from webapp.models.labels import PHOTOS, LabelText

GREY, UNHINTED, HINTED, ORIGINAL = "grey", "unhinted", "hinted", "original"


@dataclass(frozen=True, slots=True)
class Colored:
    """One photograph as one model coloured it: addresses of two pictures."""

    model: str
    unhinted: str
    hinted: str


@dataclass(frozen=True, slots=True)
class Photo:
    """One sample photograph: what it shows, the addresses of its pictures, the models' results."""

    words: LabelText
    grey: str
    original: str
    results: list[Colored] = field(default_factory=list)


def side_by_side(model_versions: Iterable[ModelVersion]) -> list[Photo]:
    """Return the sample photographs, each with the results of every model that coloured it."""
    photos: dict[str, Photo] = {}
    for model_version in model_versions:
        for name in sorted(model_version.samples):
            if name not in photos:
                grey = _address(model_version, name, GREY)
                original = _address(model_version, name, ORIGINAL)
                photos[name] = Photo(PHOTOS.get(name, name), grey, original)
            photos[name].results.append(
                Colored(
                    model_version.name,
                    _address(model_version, name, UNHINTED),
                    _address(model_version, name, HINTED),
                )
            )
    return list(photos.values())


def _address(model_version: ModelVersion, photo: str, kind: str) -> str:
    return reverse("model_sample", args=[model_version.name, f"{photo}-{kind}.webp"])
