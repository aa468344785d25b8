"""How the dashboard writes states, sources, tasks and times."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

LabelText = str | Promise

STATES: dict[str, LabelText] = {
    "queued": _("waiting"),
    "running": _("running"),
    "failed": _("failed"),
}
KINDS: dict[str, LabelText] = {
    "chroma": _("colouring"),
    "render": _("full-size result"),
    "batch": _("batch"),
    "run": _("training run"),
    "search": _("hyper-parameter search"),
    "evaluation": _("evaluation"),
}
CATEGORIES: dict[str, LabelText] = {
    "photos": _("Photos"),
    "versions": _("Full-size results"),
    "batches": _("Batches"),
    "uploads": _("Uploads"),
    "exports": _("Copies of people's data"),
    "models": _("Models"),
    "runs": _("Training runs"),
    "datasets": _("Data sets"),
    "database": _("Database"),
    "other": _("Other files"),
}
USERS: dict[str, LabelText] = {
    "": _("all"),
    "active": _("active"),
    "closed": _("closed"),
    "leaving": _("being deleted"),
    "staff": _("staff"),
}
CHECKS: dict[str, LabelText] = {
    "database": _("Database"),
    "migrations": _("Migrations"),
    "broker": _("Broker"),
    "worker": _("Worker"),
    "model": _("Model"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def word(name: str, words: dict[str, LabelText]) -> LabelText:
    """Return the word for a name; the name itself where there is none."""
    return words.get(name, name)


def ago(moment: datetime | None) -> str:
    """Say how long ago something was."""
    if moment is None:
        return gettext("never")
    seconds = int((timezone.now() - moment).total_seconds())
    if seconds < _MINUTE:
        seconds = max(0, seconds)
        return ngettext("%d second ago", "%d seconds ago", seconds) % seconds
    if seconds < _HOUR:
        minutes = seconds // _MINUTE
        return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    if seconds < _DAY:
        hours = seconds // _HOUR
        return ngettext("%d hour ago", "%d hours ago", hours) % hours
    days = seconds // _DAY
    return ngettext("%d day ago", "%d days ago", days) % days
