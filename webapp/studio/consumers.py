"""The websocket of a photo; docs/reference/websocket.md is its contract."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, ClassVar

from django.utils import translation
from django.utils.translation import gettext
from pydantic import TypeAdapter

from colorizer.hints import HintError, HintSet
from training.registry.versions import NoLiveModelError
from webapp.accounts.consumers import ActorConsumer
from webapp.common.websocket.consumer import MessageError, NoAccessError
from webapp.common.websocket.messages import (
    CLIENT_MESSAGE,
    ChromaMessage,
    ChromaState,
    HintsMessage,
    JobMessage,
    JobState,
    QueueMessage,
    SnapshotMessage,
    VersionMessage,
)
from webapp.common.websocket.threads import in_thread
from webapp.photos.access import PhotoNotFoundError, access_photo
from webapp.photos.events import PhotoEvent, What, photo_group
from webapp.photos.models import Photo
from webapp.studio.selectors import chroma_state, recent_renders, snapshot_of, version_message
from webapp.studio.services import StaleRevisionError, save_hints
from webapp.studio.turns import queue_state


class PhotoConsumer(ActorConsumer):
    """Hints in; jobs, chroma maps and versions out."""

    inbound: ClassVar[TypeAdapter[Any]] = CLIENT_MESSAGE

    photo: Photo
    _shown: tuple[int, str] | None = None
    _sent: dict[str, int]
    _newest: tuple[int, HintSet, bool] | None = None
    _saving: asyncio.Task[None] | None = None

    def group(self) -> str:
        """Return the group of the photo in the address."""
        return photo_group(self.photo.pk)

    def check_access(self) -> None:
        """Look the photo up as the actor's."""
        photo_id: uuid.UUID = self.scope["url_route"]["kwargs"]["photo_id"]
        try:
            self.photo = access_photo(self.actor, photo_id)
        except PhotoNotFoundError:
            raise NoAccessError from None

    async def on_open(self) -> None:
        """Send the photo's state, and what became of full-size results lately."""
        self._sent = {}
        await self.send_snapshot()
        await self._tell_renders()

    async def on_watch(self) -> None:
        """Send what passed the client by: a chroma map, or the end of a full-size result."""
        chroma = await in_thread(chroma_state)(self.photo)
        if chroma is not None and _identity(chroma) != self._shown:
            await self.send_snapshot()
        await self._tell_renders()

    async def _tell_renders(self) -> None:
        """Tell of full-size results that the client does not know to have got so far.

        It may have lost the socket, or the web process, that would have told it.
        """
        for state in await in_thread(recent_renders)(self.photo):
            if state["seq"] > self._sent.get(state["job"], -1):
                await self._tell_job("version" if state["status"] == "done" else "job", state)

    async def on_close(self) -> None:
        """Save the hints that came last: a reload loses nothing."""
        if self._saving is not None:
            await self._saving

    async def send_snapshot(self) -> None:
        """Send the photo's whole state."""
        snapshot = await in_thread(snapshot_of)(self.photo)
        chroma, job = snapshot["chroma"], snapshot["job"]
        if chroma is not None:
            self._shown = _identity(chroma)
        if job is not None:
            self._sent[job["job"]] = job["seq"]
            snapshot["job"] = self._translated(job)
        await self.tell(SnapshotMessage(type="snapshot", **snapshot))

    # Hints in: only the newest waits while one is being saved.

    async def on_message(self, message: HintsMessage) -> None:
        """Keep the newest hints and have them saved."""
        if self._newest is not None and message.revision <= self._newest[0]:
            raise MessageError("stale_revision", revision=self._newest[0])
        try:
            hint_set = await in_thread(HintSet.parse, heavy=self.is_heavy)(message.hints)
        except HintError as error:
            raise MessageError("bad_hints", str(error), message.revision) from None
        self._newest = message.revision, hint_set, self.is_heavy
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_newest())

    async def _save_newest(self) -> None:
        while self._newest is not None:
            (revision, hint_set, heavy), self._newest = self._newest, None
            await self.guarded(self._save(revision, hint_set, heavy=heavy))

    async def _save(self, revision: int, hint_set: HintSet, *, heavy: bool) -> None:
        try:
            job = await in_thread(save_hints, heavy=heavy)(
                photo=self.photo, hint_set=hint_set, revision=revision, sender=self.channel_name
            )
            if expected := await in_thread(queue_state)(job):
                position, seconds = expected
                await self.tell(QueueMessage(type="queue", position=position, seconds=seconds))
        except HintError as error:
            raise MessageError("bad_hints", str(error), revision) from None
        except NoLiveModelError:
            raise MessageError("no_live_model", revision=revision) from None
        except PhotoNotFoundError:
            raise NoAccessError from None
        except StaleRevisionError as stale:
            await self.refuse("stale_revision", revision=stale.stored)
            await self.send_snapshot()

    # Events

    async def photo_changed(self, event: PhotoEvent) -> None:
        """Pass on what happened to the photo; the rows say what it is now."""
        await self.guarded(self._pass_on(event))

    async def _pass_on(self, event: PhotoEvent) -> None:
        what, job = event["what"], event.get("job")
        if what == "removed":
            await self.revoke()
        elif what == "hints" and event.get("sender") != self.channel_name:
            await self.send_snapshot()
        elif what == "chroma":
            await self._send_chroma()
        if job is not None:
            await self._tell_job(what, job)

    async def _tell_job(self, what: What, job: JobState) -> None:
        self._sent[job["job"]] = max(job["seq"], self._sent.get(job["job"], -1))
        if what == "version":
            await self._send_version(job)
        await self.tell(JobMessage(type="job", **self._translated(job)))

    async def _send_chroma(self) -> None:
        chroma = await in_thread(chroma_state)(self.photo)
        if chroma is not None and _identity(chroma) != self._shown:
            self._shown = _identity(chroma)
            await self.tell(ChromaMessage(type="chroma", **chroma))

    async def _send_version(self, job: JobState) -> None:
        message: VersionMessage | None = await in_thread(version_message)(job["job"])
        if message is not None:
            await self.tell(message)

    def _translated(self, job: JobState) -> JobState:
        if not job["error"]:
            return job
        with translation.override(self.language):
            return JobState(**{**job, "error": gettext(job["error"])})


def _identity(chroma: ChromaState) -> tuple[int, str]:
    return chroma["revision"], chroma["job"]
