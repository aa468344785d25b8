"""A visitor of a running site without a browser: HTTP and websocket, as the page speaks them."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.support.patience import PATIENCE_SECONDS

JSON = dict[str, Any]


def point(x: float, y: float, color: str, radius: float = 0.02) -> JSON:
    """A point hint."""
    return {"type": "point", "x": x, "y": y, "radius": radius, "color": color}


def hint_set(*hints: JSON) -> JSON:
    """A hint set of these hints."""
    return {"version": 1, "hints": list(hints)}


class Socket:
    """A photo's websocket; keeps everything that it was told."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[JSON] = []

    def tell(self, message: JSON) -> None:
        """Send a message."""
        self.connection.send(json.dumps(message))

    def tell_hints(self, revision: int, *hints: JSON) -> None:
        """Send a whole hint set."""
        self.tell({"type": "hints", "revision": revision, "hints": hint_set(*hints)})

    def hear(self, seconds: float = PATIENCE_SECONDS) -> JSON:
        """Return the next message.

        Raises:
            TimeoutError: there was none in time.
        """
        message: JSON = json.loads(self.connection.recv(timeout=seconds))
        self.heard.append(message)
        return message

    def hear_until(
        self, requested: Callable[[JSON], bool], seconds: float = PATIENCE_SECONDS
    ) -> JSON:
        """Return the first message that is ``requested``.

        Raises:
            TimeoutError: none came in time; says what came instead.
        """
        deadline = time.monotonic() + seconds
        with contextlib.suppress(TimeoutError):
            while (left := deadline - time.monotonic()) > 0:
                message = self.hear(left)
                if requested(message):
                    return message
        kinds = [{k: m.get(k) for k in ("type", "status", "revision", "code")} for m in self.heard]
        raise TimeoutError(f"What was waited for did not come in {seconds} s; heard: {kinds}")

    def hear_silence(self, seconds: float) -> None:
        """Take what is on its way, until nothing has come for so long."""
        with contextlib.suppress(TimeoutError):
            while True:
                self.hear(seconds)

    def hear_chroma(self, revision: int, seconds: float = PATIENCE_SECONDS) -> JSON:
        """Return the chroma map of a revision or a later one, by message or by snapshot."""

        def chroma_in(message: JSON) -> JSON | None:
            chroma = message.get("chroma") if message["type"] == "snapshot" else message
            shows = message["type"] in {"chroma", "snapshot"} and chroma
            return dict(chroma) if shows and chroma["revision"] >= revision else None

        for message in self.heard:
            if chroma := chroma_in(message):
                return chroma
        heard = self.hear_until(lambda message: chroma_in(message) is not None, seconds)
        return chroma_in(heard) or {}


class Visitor:
    """A guest with a session of their own; may speak to any of a site's web processes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=PATIENCE_SECONDS)
        self.http.get("/").raise_for_status()

    def close(self) -> None:
        """Leave."""
        self.http.close()

    def headers(self) -> dict[str, str]:
        """What an unsafe request has to carry."""
        return {"X-CSRFToken": self.http.cookies.get("rehue_csrf", ""), "Referer": self.url}

    def post(self, path: str, **options: Any) -> httpx.Response:
        """POST with the CSRF token."""
        return self.http.post(path, headers=self.headers(), **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        """PUT with the CSRF token."""
        return self.http.put(path, headers=self.headers(), **options)

    def upload(self, data: bytes, name: str = "portrait.png") -> JSON:
        """Upload a photo and return it."""
        response = self.post("/api/photos", files={"file": (name, data)})
        assert response.status_code == 201, response.text
        photo: JSON = response.json()
        return photo

    @contextlib.contextmanager
    def socket(self, photo_id: str, *, url: str = "", origin: str = "") -> Iterator[Socket]:
        """Open a photo's websocket, on another web process if ``url`` says so."""
        base = url or self.url
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        with connect(
            f"{base.replace('http', 'ws', 1)}/ws/photos/{photo_id}",
            origin=origin or base,  # type: ignore[arg-type]  # a NewType of str
            additional_headers={"Cookie": cookies},
            max_size=None,
            close_timeout=2,
        ) as connection:
            yield Socket(connection)

    def render(self, photo_id: str, seconds: float = PATIENCE_SECONDS) -> JSON:
        """Ask for the full-size result and return its job when it has ended."""
        response = self.post(f"/api/photos/{photo_id}/renders")
        assert response.status_code == 202, response.text
        return self.wait_for_job(response.json()["id"], seconds)

    def wait_for_job(self, job_id: str, seconds: float = PATIENCE_SECONDS) -> JSON:
        """Return a job when it has ended.

        Raises:
            TimeoutError: it did not end in time.
        """
        deadline = time.monotonic() + seconds
        while True:
            job: JSON = self.http.get(f"/api/jobs/{job_id}").raise_for_status().json()
            if job["status"] not in {"queued", "running"}:
                return job
            if time.monotonic() > deadline:
                raise TimeoutError(f"The job is {job['status']} after {seconds} s: {job}")
            time.sleep(0.05)

    def download(self, version_id: str, kind: str = "png") -> httpx.Response:
        """Download a version."""
        response = self.http.get(f"/api/versions/{version_id}/image", params={"format": kind})
        return response.raise_for_status()


@contextlib.contextmanager
def visiting(url: str) -> Iterator[Visitor]:
    """Visit a site for the length of a ``with`` block."""
    visitor = Visitor(url)
    try:
        yield visitor
    finally:
        visitor.close()
