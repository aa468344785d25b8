"""What this app has of a user: the answers that are kept for requests sent again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models.functions import Length, Substr

from webapp.api.models import IdempotencyRecord
from webapp.common.hooks import StoredRows, UserDataProvider


def storage() -> Iterator[StoredRows]:
    """Yield the recorded answers."""
    rows = IdempotencyRecord.objects.annotate(guest_key=Substr("actor", len("guest.") + 1))
    yield StoredRows(rows=rows, size=Length("body"), user="owner", guest="guest_key")


PROVIDER = UserDataProvider(name="api", storage=storage)
