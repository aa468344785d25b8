"""Rehue for programs: the client of a site's HTTP API."""

from rehue.client import Client
from rehue.errors import ApiError, ColouringFailed, RehueError, TimedOut, Unreachable
from rehue.things import Account, Batch, BatchItem, Job, ModelVersion, Photo, Quota, Version

__all__ = [
    "Account",
    "ApiError",
    "Batch",
    "BatchItem",
    "Client",
    "ColouringFailed",
    "Job",
    "ModelVersion",
    "Photo",
    "Quota",
    "RehueError",
    "TimedOut",
    "Unreachable",
    "Version",
]
