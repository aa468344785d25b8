"""Requests that are sent again where that is safe, and errors in the site's words."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from rehue.errors import ApiError, UnreachableError

ATTEMPTS = 6
MAX_WAIT = 90.0
_FIRST_WAIT = 0.5
_AGAIN = {429, 502, 503, 504}
_SAFE = {"GET", "HEAD", "PUT", "DELETE"}


class Transport:
    """Talks to one site.

    A request is sent again after a lost connection, and where the site says when to come back.
    Every POST carries an ``Idempotency-Key``, so that what arrived twice is done once.
    """

    def __init__(
        self,
        http: httpx.Client,
        *,
        sleep: Callable[[float], None] = time.sleep,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._http = http
        self._sleep = sleep
        self._attempts = attempts

    def send(
        self,
        method: str,
        path: str,
        *,
        files: Callable[[], dict[str, tuple[str, BinaryIO]]] | None = None,
        again: bool | None = None,
        **options: Any,
    ) -> httpx.Response:
        """Send a request and return what the site answers.

        Args:
            method: of HTTP.
            path: the address on the site.
            files: opens what is uploaded, anew for each attempt.
            again: whether it may be sent again; by its method when left out.
            options: further ones of :meth:`httpx.Client.request`.

        Raises:
            ApiError: the site refused.
            UnreachableError: it did not answer.
        """
        headers = dict(options.pop("headers", {}))
        if method == "POST":
            headers.setdefault("Idempotency-Key", secrets.token_urlsafe(18))
        may_repeat = method in _SAFE or method == "POST" if again is None else again
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts or not may_repeat
            try:
                response = self._once(method, path, files, headers, options)
            except httpx.TransportError as error:
                if last:
                    raise self._unreachable(error) from error
                self._sleep(_FIRST_WAIT * 2**attempt)
                continue
            wait = self._wait(response, attempt)
            if response.status_code < 400:
                return response
            if last or wait is None:
                raise _error(response)
            self._sleep(wait)
        raise AssertionError("unreachable")

    def download(self, path: str, sink: BinaryIO, **options: Any) -> int:
        """Write what stands at ``path`` into ``sink``, in pieces; return how many bytes.

        Raises:
            ApiError: the site refused.
            UnreachableError: it did not answer, or stopped in the middle.
        """
        for attempt in range(1, self._attempts + 1):
            sink.seek(0)
            sink.truncate()
            last = attempt == self._attempts
            try:
                with self._http.stream("GET", path, **options) as response:
                    if response.status_code < 400:
                        return sum(sink.write(piece) for piece in response.iter_bytes())
                    response.read()
                    wait = self._wait(response, attempt)
            except httpx.TransportError as error:
                if last:
                    raise self._unreachable(error) from error
                wait = _FIRST_WAIT * 2**attempt
            else:
                if last or wait is None:
                    raise _error(response)
            self._sleep(wait)
        raise AssertionError("unreachable")

    def save(self, path: str, to: Path, **options: Any) -> Path:
        """Save what stands at ``path`` as a file, whole or not at all; return the file's path.

        Raises:
            ApiError: the site refused.
            UnreachableError: it did not answer, or stopped in the middle.
        """
        fresh = to.with_name(f".{to.name}.new")
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            with fresh.open("wb") as sink:
                self.download(path, sink, **options)
            fresh.replace(to)
        finally:
            fresh.unlink(missing_ok=True)
        return to

    def _once(
        self,
        method: str,
        path: str,
        files: Callable[[], dict[str, tuple[str, BinaryIO]]] | None,
        headers: dict[str, str],
        options: dict[str, Any],
    ) -> httpx.Response:
        opened = files() if files is not None else None
        try:
            return self._http.request(method, path, files=opened, headers=headers, **options)
        finally:
            for _, file in (opened or {}).values():
                file.close()

    def _wait(self, response: httpx.Response, attempt: int) -> float | None:
        """Return the seconds until it makes sense to ask again; None if it makes none."""
        retry_after = response.headers.get("Retry-After", "")
        if retry_after.isdigit():
            return min(float(retry_after), MAX_WAIT)
        # A quota is a 429 without Retry-After: waiting does not help.
        may_pass = response.status_code in _AGAIN - {429}
        return min(_FIRST_WAIT * 2**attempt, MAX_WAIT) if may_pass else None

    def _unreachable(self, error: Exception) -> UnreachableError:
        return UnreachableError(f"{self._http.base_url} does not answer: {error}")


def _error(response: httpx.Response) -> ApiError | UnreachableError:
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        return UnreachableError(
            f"{response.request.url} answered {response.status_code} {response.reason_phrase}, "
            "and not as a Rehue site does."
        )
    return ApiError(response.status_code, problem)
