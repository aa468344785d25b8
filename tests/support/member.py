"""A signed-in visitor of a running site, and batches as its pages and its API make them."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from websockets.sync.client import connect

from tests.support.patience import PATIENCE_SECONDS
from tests.support.server import ROOT
from tests.support.tus import PIECE_TYPE, TUS, metadata
from tests.support.visitor import JSON, Socket, Visitor

PIECE = 8 << 20


class Member(Visitor):
    """Somebody with an account; signed in without its pages, which have tests of their own."""

    def __init__(self, url: str, environment: Mapping[str, str], name: str = "member") -> None:
        super().__init__(url)
        made = subprocess.run(
            [sys.executable, "-m", "tests.support.member", name],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.settings", **environment},
            check=True,
            capture_output=True,
            text=True,
        )
        self.http.cookies.set("rehue_session", made.stdout.split()[-1])

    def upload_archive(self, data: bytes, name: str = "scans.zip") -> str:
        """Upload a ZIP in pieces and return the upload's id."""
        facts = metadata(filename=name, purpose="archive")
        head = TUS | {"Upload-Length": str(len(data)), "Upload-Metadata": facts} | self.headers()
        address = (
            self.http.post("/api/uploads", headers=head).raise_for_status().headers["Location"]
        )
        for offset in range(0, len(data), PIECE):
            headers = TUS | {"Upload-Offset": str(offset), "Content-Type": PIECE_TYPE}
            piece = data[offset : offset + PIECE]
            self.http.patch(
                address, content=piece, headers=headers | self.headers()
            ).raise_for_status()
        return address.rstrip("/").rsplit("/", 1)[1]

    def make_batch(self, **body: object) -> JSON:
        """Make a batch and return it."""
        response = self.post("/api/batches", json=body)
        assert response.status_code == 201, response.text
        return dict(response.json())

    def batch_of(self, data: bytes, **body: object) -> JSON:
        """Make a batch of a ZIP and return it."""
        return self.make_batch(upload=self.upload_archive(data), **body)

    def batch(self, batch_id: str) -> JSON:
        """How a batch stands."""
        return dict(self.http.get(f"/api/batches/{batch_id}").raise_for_status().json())

    def act(self, batch_id: str, action: str) -> JSON:
        """Pause, resume, cancel or retry a batch."""
        return dict(self.post(f"/api/batches/{batch_id}/{action}").raise_for_status().json())

    def items(self, batch_id: str, **query: object) -> list[JSON]:
        """All photos of a batch."""
        found: list[JSON] = []
        while True:
            query |= {"limit": 100, "offset": len(found)}
            page = self.http.get(f"/api/batches/{batch_id}/items", params=query).json()
            found += page["items"]
            if len(found) >= page["count"]:
                return found

    def wait_for_batch(
        self, batch_id: str, seconds: float = PATIENCE_SECONDS, look: float = 0.1
    ) -> JSON:
        """Return a batch when it has ended; looked at every ``look`` seconds.

        Raises:
            TimeoutError: it did not end in time.
        """
        ended = {"done", "failed", "cancelled"}
        return self.wait_for(batch_id, lambda b: b["status"] in ended, seconds, look)

    def wait_for(
        self,
        batch_id: str,
        requested: Callable[[JSON], bool],
        seconds: float = PATIENCE_SECONDS,
        look: float = 0.1,
    ) -> JSON:
        """Return a batch once it is ``requested``."""
        deadline = time.monotonic() + seconds
        while not requested(batch := self.batch(batch_id)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"The batch is {batch} after {seconds} s")
            time.sleep(look)
        return batch

    @contextlib.contextmanager
    def batch_socket(self, batch_id: str) -> Iterator[Socket]:
        """Open a batch's websocket."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        with connect(
            f"{self.url.replace('http', 'ws', 1)}/ws/batches/{batch_id}",
            origin=self.url,  # type: ignore[arg-type]  # a NewType of str
            additional_headers={"Cookie": cookies},
            close_timeout=2,
        ) as connection:
            yield Socket(connection)


@contextlib.contextmanager
def member_of(url: str, environment: Mapping[str, str], name: str = "member") -> Iterator[Member]:
    """Visit a site signed in, for the length of a ``with`` block."""
    member = Member(url, environment, name)
    try:
        yield member
    finally:
        member.close()


def _sign_in(name: str) -> str:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from webapp.accounts.models import User

    user, _ = User.objects.get_or_create(username=name, defaults={"email": f"{name}@example.org"})
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    sys.stdout.write(f"\n{_sign_in(sys.argv[1])}\n")
