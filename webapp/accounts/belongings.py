"""What each room keeps for a user, so that accounts can move, hand out and delete it.

A room says so once, in its ``AppConfig.ready``. Rows that hang on the user by a foreign key need
no word here: they go with the user, and the export finds them by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from webapp.accounts.models import User

Stored = tuple[str, str | bytes]


def _no_files(user: User) -> Iterable[Stored]:
    return ()


def _nothing_to_adopt(user: User, guest_key: str) -> None:
    """Guests keep nothing in this room."""


def _nothing_to_delete(user: User) -> None:
    """Rows are all there is in this room."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """What one room does with a user's things.

    Attributes:
        files: their files, each as a name in the export and a storage key, or the bytes.
        adopt: give a guest's things to a user.
        delete: delete what would stay behind when the user's rows go: files.
    """

    name: str
    files: Callable[[User], Iterable[Stored]] = _no_files
    adopt: Callable[[User, str], None] = _nothing_to_adopt
    delete: Callable[[User], None] = _nothing_to_delete


_rooms: dict[str, Room] = {}


def register(room: Room) -> None:
    """Remember a room."""
    _rooms[room.name] = room


def rooms() -> Iterator[Room]:
    """Yield every room that keeps something."""
    yield from _rooms.values()
