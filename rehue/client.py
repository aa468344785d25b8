"""The client of a site's HTTP API."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self

import httpx

from colorizer.hints import HintSet
from colorizer.metadata.fields import Carry
from rehue.errors import ColorizationError, RehueError, WaitTimeoutError
from rehue.guests import GuestSession
from rehue.models import (
    Account,
    Batch,
    BatchItem,
    Job,
    ModelVersion,
    Photo,
    Suggestion,
    Uncertainty,
    Version,
)
from rehue.resumable import upload_in_pieces
from rehue.transport import Transport

Format = Literal["png", "jpeg", "webp", "tiff"]
Mark = Literal["none", "corner", "caption"]

SERVER = "http://127.0.0.1:8000"
_TIMEOUT = httpx.Timeout(60, connect=10, write=300)
_POLL_SECONDS = 0.25
_MAX_POLL_SECONDS = 3.0
_PAGE = 100


class Client:
    """A site, as a program uses it.

    ::

        with Client("https://rehue.example.org", token="rehue_...") as site:
            photo = site.upload("portrait.jpg")
            site.download(site.render(photo), "portrait-colour.png")

    Requests are sent again after a lost connection and when the site is busy; a POST that arrives
    twice is done once. What the site refuses is raised as :class:`rehue.ApiError`.

    Args:
        server: the site's address; from ``REHUE_SERVER`` when left out.
        token: a personal token; from ``REHUE_TOKEN`` when left out. Without one you are a guest,
            whose photos are kept for a day.
        http: a client to use in place of one of its own, as in tests.
        sleep: what to wait with, as in tests.
    """

    def __init__(
        self,
        server: str | None = None,
        *,
        token: str | None = None,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.server = (server or os.environ.get("REHUE_SERVER") or SERVER).rstrip("/")
        token = os.environ.get("REHUE_TOKEN", "") if token is None else token
        self._http = http or httpx.Client(timeout=_TIMEOUT)
        self._http.base_url = httpx.URL(self.server)
        self._http.follow_redirects = True  # files may lie in a store of their own
        self._sleep = sleep
        self.transport = Transport(self._http, sleep=sleep)
        if token:
            self._http.headers["Authorization"] = f"Bearer {token}"
        is_guest = "Authorization" not in self._http.headers
        self._guest = GuestSession(self._http, self.transport) if is_guest else None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Photos

    def upload(
        self, photo: str | Path | BinaryIO, *, name: str | None = None, page: int = 1
    ) -> Photo:
        """Upload a photo: a file's path, or an open file (with ``name``).

        Args:
            photo: the file.
            name: of it; the path's own when left out.
            page: of a PDF, from 1.

        Raises:
            ApiError: the site does not take it; its sentence says why.
        """
        if self._guest is not None:
            self._guest.begin()
        fields = {"page": str(page)} if page != 1 else None
        if isinstance(photo, str | Path):
            path = Path(photo)
            response = self.transport.send(
                "POST",
                "/api/photos",
                data=fields,
                files=lambda: {"file": (name or path.name, path.open("rb"))},
            )
        else:
            data = photo.read()
            response = self.transport.send(
                "POST",
                "/api/photos",
                data=fields,
                files=lambda: {"file": (name or "photo", io.BytesIO(data))},
            )
        return Photo.of(response.json())

    def photos(self, query: str = "") -> Iterator[Photo]:
        """Yield your photos, newest first; ``query`` looks for words in their titles."""
        for data in self._pages("/api/photos", {"q": query} if query else {}):
            yield Photo.of(data)

    def photo(self, photo_id: str) -> Photo:
        """Return one of your photos."""
        return Photo.of(self._get(f"/api/photos/{photo_id}"))

    def delete(self, photo: Photo | str) -> None:
        """Delete a photo as the site does: users' photos lie in the trash for a while."""
        self.transport.send("DELETE", f"/api/photos/{_id(photo)}")

    def hints(self, photo: Photo | str) -> HintSet:
        """Return the newest hint set of a photo."""
        return HintSet.parse(self._get(f"/api/photos/{_id(photo)}/hints")["hints"])

    def save_hints(self, photo: Photo | str, hints: HintSet | Mapping[str, Any]) -> int:
        """Save a whole hint set in place of the photo's; return its revision.

        Raises:
            ApiError: the hints cannot be used, or another window saved newer ones at that moment.
        """
        address = f"/api/photos/{_id(photo)}/hints"
        revision = int(self._get(address)["revision"]) + 1
        wish = {"revision": revision} | _with_hints(hints)
        # Not again after a lost answer: that would be refused as stale, though it was saved.
        self.transport.send("PUT", address, json=wish, again=False)
        return revision

    def suggest(
        self,
        photo: Photo | str,
        x: float,
        y: float,
        *,
        count: int = 6,
        hints: HintSet | Mapping[str, Any] | None = None,
    ) -> list[Suggestion]:
        """Return colours that suit a place of a photo, the likeliest first.

        Args:
            photo: which photo.
            x: of the place, relative to the width, in [0, 1].
            y: likewise, to the height.
            count: of the colours, at most.
            hints: to think the photo coloured with; its newest when left out.

        Raises:
            ApiError: ``no_opinions`` where the photo's model cannot tell.
        """
        ask = {"x": x, "y": y, "count": count} | _with_hints(hints)
        address = f"/api/photos/{_id(photo)}/suggestions"
        answer = self.transport.send("POST", address, json=ask).json()
        return [Suggestion.of(suggestion) for suggestion in answer["suggestions"]]

    def uncertainty(
        self, photo: Photo | str, *, hints: HintSet | Mapping[str, Any] | None = None
    ) -> Uncertainty:
        """Return how far off the colours of a photo may be; ``hints`` as with :meth:`suggest`.

        Raises:
            ApiError: ``no_opinions`` where the photo's model cannot tell.
        """
        address = f"/api/photos/{_id(photo)}/uncertainty"
        return Uncertainty.of(self.transport.send("POST", address, json=_with_hints(hints)).json())

    def render(self, photo: Photo | str, *, timeout: float | None = 600.0) -> Version:
        """Have a photo coloured at full size with its newest hints, and wait for it.

        Raises:
            ColorizationError: the site could not colour it.
            WaitTimeoutError: that took longer than ``timeout`` seconds.
        """
        photo_id = _id(photo)
        response = self.transport.send("POST", f"/api/photos/{photo_id}/renders")
        job = self.wait_for(Job.of(response.json()), timeout=timeout)
        if job.status != "done" or job.version_id is None:
            raise ColorizationError(job.error or f"The colouring ended as {job.status}.")
        for version in self.versions(photo_id):
            if version.id == job.version_id:
                return version
        raise ColorizationError("The result was deleted as soon as it was made.")

    def job(self, job_id: str) -> Job:
        """Return a job as it stands."""
        return Job.of(self._get(f"/api/jobs/{job_id}"))

    def wait_for(self, job: Job, *, timeout: float | None = 600.0) -> Job:
        """Return ``job`` as it has ended.

        Raises:
            WaitTimeoutError: that took longer than ``timeout`` seconds.
        """
        for _ in self._polls(timeout, f"Job {job.id}"):
            if job.has_ended:
                break
            job = self.job(job.id)
        return job

    def versions(self, photo: Photo | str) -> Iterator[Version]:
        """Yield the finished full-size results of a photo, newest first."""
        for data in self._pages(f"/api/photos/{_id(photo)}/versions"):
            yield Version.of(data)

    def download(
        self,
        version: Version | str,
        to: str | Path,
        *,
        format: Format = "png",
        quality: int = 95,
        metadata: Carry | None = None,
        mark: Mark = "none",
    ) -> Path:
        """Save a full-size result as a file, whole or not at all; return its path.

        Args:
            version: the result, or its id.
            to: the file's place.
            format: of the file.
            quality: of JPEG and WebP, 1 to 100.
            metadata: what it carries of the photo's; as the account prefers when left out.
            mark: where it says visibly that a model coloured it.
        """
        address = f"/api/versions/{_id(version)}/image"
        params: dict[str, Any] = {"format": format, "quality": quality, "mark": mark}
        params |= {"metadata": metadata} if metadata else {}
        return self.transport.save(address, Path(to), params=params)

    # Batches

    def make_batch(
        self,
        *,
        archive: str | Path | None = None,
        photos: Sequence[Photo | str] | None = None,
        name: str = "",
        model: str | None = None,
        format: Format = "png",
        quality: int = 95,
        metadata: Carry | None = None,
        mark: Mark = "none",
        hints: Literal["none", "palette", "files", "references"] = "none",
        palette: Mapping[str, Any] | None = None,
        references: Sequence[Photo | str] = (),
        strength: float = 1.0,
        progress: Callable[[int, int], None] | None = None,
    ) -> Batch:
        """Start a batch: of a ZIP on this machine, or of photos that the site has.

        Args:
            archive: the ZIP; it is uploaded in pieces and goes on after a lost connection.
            photos: the photos, or their ids.
            name: of the batch; the ZIP's when left out.
            model: name of the model version; the live one when left out.
            format: of the results.
            quality: of JPEG and WebP, 1 to 100.
            metadata: what results carry of the photos'; as the account prefers when left out.
            mark: where results say visibly that a model coloured them.
            hints: ``files`` reads NAME.json beside each photo.
            palette: the same colours for all, where ``hints`` is ``palette``.
            references: photos, or their ids, that give colours where ``hints`` is ``references``.
            strength: of those colours, from 0 to 1.
            progress: called with the bytes sent so far, and all.
        """
        wish: dict[str, Any] = {
            "name": name, "format": format, "quality": quality, "mark": mark, "hints": hints,
        }  # fmt: skip
        chosen = {"model": model, "palette": palette, "metadata": metadata}
        wish |= {key: value for key, value in chosen.items() if value}
        if references:
            wish |= {"references": [_id(photo) for photo in references], "strength": strength}
        if archive is not None:
            path = Path(archive)
            wish["upload"] = upload_in_pieces(self.transport, path, "archive", progress)
            wish["name"] = name or path.stem
        else:
            wish["photos"] = [_id(photo) for photo in photos or ()]
        return Batch.of(self.transport.send("POST", "/api/batches", json=wish).json())

    def batches(self) -> Iterator[Batch]:
        """Yield your batches, newest first."""
        for data in self._pages("/api/batches"):
            yield Batch.of(data)

    def batch(self, batch_id: str) -> Batch:
        """Return how a batch stands."""
        return Batch.of(self._get(f"/api/batches/{batch_id}"))

    def follow(self, batch: Batch, *, timeout: float | None = None) -> Iterator[Batch]:
        """Yield a batch again and again until it has ended.

        Raises:
            WaitTimeoutError: that took longer than ``timeout`` seconds.
        """
        for _ in self._polls(timeout, f"Batch {batch.id}"):
            yield batch
            if batch.has_ended:
                return
            batch = self.batch(batch.id)

    def batch_items(self, batch: Batch | str, *, status: str = "") -> Iterator[BatchItem]:
        """Yield the photos of a batch in their order; those of one status if told."""
        query = {"status": status} if status else {}
        for data in self._pages(f"/api/batches/{_id(batch)}/items", query):
            yield BatchItem.of(data)

    def download_item(self, item: BatchItem, to: str | Path) -> Path:
        """Save the result of one photo of a batch as a file, whole or not at all."""
        if item.image_url is None:
            raise RehueError(f"{item.name} has no result.")
        return self.transport.save(item.image_url, Path(to))

    def download_archive(self, batch: Batch | str, to: str | Path) -> Path:
        """Save all results of a batch as one ZIP with a manifest."""
        return self.transport.save(f"/api/batches/{_id(batch)}/archive", Path(to))

    def delete_batch(self, batch: Batch | str) -> None:
        """Delete a batch with its results, for good."""
        self.transport.send("DELETE", f"/api/batches/{_id(batch)}")

    # The site and the account

    def models(self) -> list[ModelVersion]:
        """Return the models with their cards and scores, the live one first."""
        return [ModelVersion.of(data) for data in self._pages("/api/models")]

    def account(self) -> Account:
        """Return whom the token belongs to, with quotas."""
        return Account.of(self._get("/api/account"))

    # How it is done

    def _get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.transport.send("GET", path).json()
        return answer

    def _pages(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            params = {**(query or {}), "limit": _PAGE, "offset": offset}
            page = self.transport.send("GET", path, params=params).json()
            yield from page["items"]
            offset += len(page["items"])
            if not page["items"] or offset >= page["count"]:
                return

    def _polls(self, timeout: float | None, what: str) -> Iterator[None]:
        """Yield now and then, less and less often."""
        begin, pause = time.monotonic(), _POLL_SECONDS
        while True:
            yield
            if timeout is not None and time.monotonic() - begin > timeout:
                raise WaitTimeoutError(f"{what} took longer than {timeout:g} s.")
            self._sleep(pause)
            pause = min(pause * 1.5, _MAX_POLL_SECONDS)


def _id(thing: Photo | Version | Batch | str) -> str:
    return thing if isinstance(thing, str) else thing.id


def _with_hints(hints: HintSet | Mapping[str, Any] | None) -> dict[str, Any]:
    if hints is None:
        return {}
    return {"hints": hints.to_json() if isinstance(hints, HintSet) else dict(hints)}
