"""What each app has of a user, so that accounts can count, move, hand out and delete it.

An app says so once, in its ``AppConfig.ready``. Rows that hang on the user by a foreign key need
no word here: they go with the user, and the export finds them by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

Stored = tuple[str, str | bytes]


def _no_files(user: Any) -> Iterable[Stored]:
    return ()


def _nothing_to_adopt(user: Any, guest_key: str) -> None:
    """Guests have nothing in this app."""


def _nothing_to_delete(user: Any) -> None:
    """Rows are all there is in this app."""


def _nothing_to_count(actor: Any) -> int:
    return 0


def _no_rows() -> Iterable[StoredRows]:
    return ()


@dataclass(frozen=True, kw_only=True)
class StoredRows:
    """Rows that count towards quotas, and how to find those of one actor or of every user.

    Attributes:
        rows: all that count, whoever they are of.
        size: the bytes of one, as a field or an expression.
        user: the path to the user; null in rows of guests.
        guest: the path to the guest's key; empty where guests have none.
    """

    rows: QuerySet[Any]
    size: str | Combinable
    user: str
    guest: str = ""


@dataclass(frozen=True, kw_only=True)
class UserDataProvider:
    """What one app does with a user's data; users and actors are those of the app accounts.

    Attributes:
        name: of the app.
        files: a user's files, each as a name in the export and a storage key, or the bytes.
        adopt: give a guest's data to a user.
        delete: delete what would stay behind when the user's rows go: files.
        storage: the rows whose bytes count towards quotas; :mod:`webapp.accounts.quota` adds up.
        uploads_counted: the uploads that count towards it: those a user has, or those of a
            guest's last 24 hours.
    """

    name: str
    files: Callable[[Any], Iterable[Stored]] = _no_files
    adopt: Callable[[Any, str], None] = _nothing_to_adopt
    delete: Callable[[Any], None] = _nothing_to_delete
    storage: Callable[[], Iterable[StoredRows]] = _no_rows
    uploads_counted: Callable[[Any], int] = _nothing_to_count


_providers: dict[str, UserDataProvider] = {}


def register(provider: UserDataProvider) -> None:
    """Remember what an app has of users."""
    _providers[provider.name] = provider


def providers() -> Iterator[UserDataProvider]:
    """Yield every provider, in the order of the floors."""
    yield from _providers.values()
