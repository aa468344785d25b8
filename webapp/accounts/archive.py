"""All that the site has of a user, as a ZIP: rows as JSON, files as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.deletion import Collector
from zipstream import ZIP_STORED, ZipStream

from webapp.accounts.belongings import rooms
from webapp.accounts.models import User

# What opens a door is nobody's to carry around, its owner's neither.
SECRET_FIELDS = {"password", "session_key", "guest_key", "actor_key", "digest", "hash"}
SECRET_MODELS = {
    "account.emailconfirmation",
    "accounts.dataexport",
    "mfa.authenticator",
    "socialaccount.socialtoken",
}
CHUNK = 1024 * 1024

README = """Everything this site has of you.

rows.json holds what the database knows, table by table; passwords, keys and other secrets are left
out. The folders hold your files: photos as they were taken in, their hints, and what was made of
them.
"""


def pieces_of(user: User) -> Iterator[bytes]:
    """Yield the archive, piece by piece; it is never whole in memory."""
    archive = ZipStream(compress_type=ZIP_STORED)  # pictures do not get smaller
    archive.add(README, "README.txt")
    archive.add(json.dumps(rows_of(user), cls=DjangoJSONEncoder, indent=1), "rows.json")
    for room in rooms():
        for name, stored in room.files(user):
            if isinstance(stored, bytes):
                archive.add(stored, name)
            elif default_storage.exists(stored):
                archive.add(_read(stored), name)
    yield from archive


def rows_of(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return every row that would go with the user, by table, without secrets and pictures."""
    collector = Collector(using="default", origin=user)
    collector.collect([user])
    rows: dict[str, list[dict[str, Any]]] = {}
    for model, found in collector.data.items():
        rows.setdefault(model._meta.label_lower, []).extend(_told(row) for row in found)
    for query in collector.fast_deletes:
        names = [field.attname for field in query.model._meta.concrete_fields if _is_told(field)]
        rows.setdefault(query.model._meta.label_lower, []).extend(query.values(*names))
    return {label: rows[label] for label in sorted(rows) if label not in SECRET_MODELS}


def _told(row: models.Model) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {field.attname: getattr(row, field.attname) for field in fields if _is_told(field)}


def _is_told(field: models.Field[Any, Any]) -> bool:
    return field.name not in SECRET_FIELDS and not isinstance(field, models.BinaryField)


def _read(key: str) -> Iterator[bytes]:
    with default_storage.open(key) as file:
        while piece := file.read(CHUNK):
            yield piece
