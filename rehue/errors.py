"""What can go wrong between a program and a site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RehueError(Exception):
    """Something went wrong; ``str()`` of it is a sentence for people."""


class UnreachableError(RehueError):
    """The site did not answer, or what answered is no Rehue site."""


class ApiError(RehueError):
    """The site refused; ``str()`` of it is the site's own sentence.

    Attributes:
        status: the HTTP status.
        code: a stable word for programs, such as ``quota``.
        problem: the whole problem document.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or f"Error {status}."))
        self.status = status
        self.code = str(problem.get("code", ""))
        self.problem = dict(problem)


class ColorizationError(RehueError):
    """The site could not colour a photo; ``str()`` of it says why."""


class WaitTimeoutError(RehueError):
    """Something was waited for, and took longer than the caller wanted to wait."""
