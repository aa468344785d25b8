"""Rehue for programs: the client of a site's HTTP API."""

from rehue.client import Client
from rehue.errors import ApiError, ColouringFailed, RehueError, TimedOut, Unreachable
from rehue.things import (
    Account,
    Batch,
    BatchItem,
    Doubt,
    Job,
    ModelVersion,
    Photo,
    Quota,
    Suggestion,
    Version,
)

__all__ = [
    "Account",
    "ApiError",
    "Batch",
    "BatchItem",
    "Client",
    "ColouringFailed",
    "Doubt",
    "Job",
    "ModelVersion",
    "Photo",
    "Quota",
    "RehueError",
    "Suggestion",
    "TimedOut",
    "Unreachable",
    "Version",
]
