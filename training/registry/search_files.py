"""The files of a search in the site's storage: Optuna's table of trials, and its plots."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from training.models import Search

TRIALS = "trials.csv"


def trials_csv(search: Search) -> str:
    """Return Optuna's table of a search's trials as CSV; empty before the first has ended."""
    try:
        with default_storage.open(_key(search, TRIALS)) as file:
            return str(file.read().decode())
    except FileNotFoundError:
        return ""


def store_trials(search: Search, csv: str) -> None:
    """Keep a search's table of trials in place of an older one."""
    key = _key(search, TRIALS)
    default_storage.delete(key)
    default_storage.save(key, ContentFile(csv.encode()))


def store_plot(search: Search, name: str, theme: str, svg: bytes) -> str:
    """Keep one of a search's plots; returns its storage key."""
    return default_storage.save(_key(search, f"{name}-{theme}.svg"), ContentFile(svg))


def read_plot(key: str) -> str:
    """Return the SVG of a plot by its storage key."""
    with default_storage.open(key) as file:
        return str(file.read().decode())


def _key(search: Search, name: str) -> str:
    return f"laboratory/searches/{search.pk}/{name}"
