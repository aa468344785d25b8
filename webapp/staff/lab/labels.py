"""How the laboratory's staff pages write durations, figures and states."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from training.models import ModelVersion, Work


def clock(seconds: float) -> str:
    """Write a duration as hours, minutes and seconds; frontend/src/core/clock.ts does too."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def figures_of(measured: Mapping[str, float]) -> list[tuple[str, str]]:
    """Write the figures of a step, each under its heading."""
    headings = {
        "step": (gettext("Step"), "d"),
        "psnr": (gettext("PSNR, dB"), ".2f"),
        "ssim": (gettext("SSIM"), ".3f"),
    }
    return [
        (heading, format(value, form))
        for key, value in measured.items()
        for heading, form in (headings.get(key, (key, ".4g")),)
    ]


def status_word(work: Work) -> str:
    """Say where work stands."""
    if work.cancel_asked and work.status == Work.Status.RUNNING:
        return gettext("stopping")
    words = {
        Work.Status.QUEUED: gettext("waiting"),
        Work.Status.RUNNING: gettext("running"),
        Work.Status.DONE: gettext("done"),
        Work.Status.FAILED: gettext("failed"),
        Work.Status.CANCELLED: gettext("cancelled"),
    }
    return words[Work.Status(work.status)]


def state_word(model_version: ModelVersion) -> str:
    """Say where a model version stands."""
    words = {
        ModelVersion.State.DRAFT: gettext("draft"),
        ModelVersion.State.PUBLISHED: gettext("published"),
        ModelVersion.State.LIVE: gettext("live"),
        ModelVersion.State.RETIRED: gettext("retired"),
    }
    return words[ModelVersion.State(model_version.state)]
