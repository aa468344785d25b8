"""Reading the audit log."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from webapp.audit.models import Entry


def find_entries(
    *, action: str = "", actor: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Entry]:
    """Return entries with who caused them, the newest first; one query.

    Args:
        action: one of :class:`Entry.Action`; all if empty.
        actor: part of a user's name or address.
        since: the first day.
        until: the last day.
    """
    entries = Entry.objects.select_related("actor")
    if action:
        entries = entries.filter(action=action)
    if actor:
        words = actor.replace("\0", "")
        entries = entries.filter(
            Q(actor__username__icontains=words) | Q(actor__email__icontains=words)
        )
    if since:
        entries = entries.filter(created__date__gte=since)
    if until:
        entries = entries.filter(created__date__lte=until)
    return entries
