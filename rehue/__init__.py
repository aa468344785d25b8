"""Rehue for programs: the client of a site's HTTP API."""

from rehue.client import Client
from rehue.errors import ApiError, ColorizationError, RehueError, UnreachableError, WaitTimeoutError
from rehue.models import (
    Account,
    Batch,
    BatchItem,
    Job,
    ModelVersion,
    Photo,
    Quota,
    Suggestion,
    Uncertainty,
    Version,
)

__all__ = [
    "Account",
    "ApiError",
    "Batch",
    "BatchItem",
    "Client",
    "ColorizationError",
    "Job",
    "ModelVersion",
    "Photo",
    "Quota",
    "RehueError",
    "Suggestion",
    "Uncertainty",
    "UnreachableError",
    "Version",
    "WaitTimeoutError",
]
