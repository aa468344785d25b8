"""Every room that has jobs."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.dashboard.jobs import batches, laboratory, studio
from webapp.dashboard.jobs.rows import STATES, Room

ROOMS = {room.name: room for room in (studio.ROOM, batches.ROOM, laboratory.ROOM)}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many jobs of a room there are in each state."""

    room: Room
    states: dict[str, int]


def count_jobs() -> list[Counted]:
    """Count the jobs of every room by state."""
    counted = []
    for room in ROOMS.values():
        found = room.count()
        counted.append(Counted(room, {state: found.get(state, 0) for state in STATES}))
    return counted
