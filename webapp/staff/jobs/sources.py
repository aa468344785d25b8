"""Every source that has jobs."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.staff.jobs import batches, lab, studio
from webapp.staff.jobs.rows import STATES, JobSource

SOURCES = {source.name: source for source in (studio.SOURCE, batches.SOURCE, lab.SOURCE)}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many jobs of a source there are in each state."""

    source: JobSource
    states: dict[str, int]


def count_jobs() -> list[Counted]:
    """Count the jobs of every source by state."""
    counted = []
    for source in SOURCES.values():
        found = source.count()
        counted.append(Counted(source, {state: found.get(state, 0) for state in STATES}))
    return counted
