"""Why a batch is not made, or not changed."""

from __future__ import annotations


class InvalidBatchError(Exception):
    """What came makes no batch; nothing of it was kept. ``str()`` of it tells the user why.

    Args:
        status: the HTTP status that fits, 4xx.
        code: a stable word for programs.
        message: a sentence in the user's language.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class BatchStatusError(Exception):
    """The batch is not where this could be done; ``str()`` of it says so."""
