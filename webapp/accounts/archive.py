"""All that the site has of a user, as a ZIP: rows as JSON, files as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.deletion import Collector

from webapp.accounts.models import User
from webapp.common.archives import new_archive, stored_pieces
from webapp.common.hooks import providers

# What opens a door is nobody's to carry around, its owner's neither.
SECRET_FIELDS = {"password", "session_key", "guest_key", "actor_key", "digest", "hash"}
SECRET_MODELS = {
    "account.emailconfirmation",
    "accounts.dataexport",
    "mfa.authenticator",
    "socialaccount.socialtoken",
}

README = """Everything this site has of you.

rows.json holds what the database knows, table by table; passwords, keys and other secrets are left
out. The folders hold your files: photos as they were taken in, their hints, and what was made of
them.
"""


def pieces_of(user: User) -> Iterator[bytes]:
    """Yield the archive, piece by piece; it is never whole in memory."""
    archive = new_archive()
    archive.add(README, "README.txt")
    archive.add(json.dumps(rows_of(user), cls=DjangoJSONEncoder, indent=1), "rows.json")
    for provider in providers():
        for name, stored in provider.files(user):
            if isinstance(stored, bytes):
                archive.add(stored, name)
            elif default_storage.exists(stored):
                archive.add(stored_pieces(stored), name)
    yield from archive


def rows_of(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return every row that would go with the user, by table, without secrets and pictures."""
    collector = Collector(using="default", origin=user)
    collector.collect([user])
    rows: dict[str, list[dict[str, Any]]] = {}
    for model, found in collector.data.items():
        rows.setdefault(model._meta.label_lower, []).extend(_exported(row) for row in found)
    for query in collector.fast_deletes:
        names = [
            field.attname for field in query.model._meta.concrete_fields if _is_exported(field)
        ]
        rows.setdefault(query.model._meta.label_lower, []).extend(query.values(*names))
    return {label: rows[label] for label in sorted(rows) if label not in SECRET_MODELS}


def _exported(row: models.Model) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {field.attname: getattr(row, field.attname) for field in fields if _is_exported(field)}


def _is_exported(field: models.Field[Any, Any]) -> bool:
    return field.name not in SECRET_FIELDS and not isinstance(field, models.BinaryField)
