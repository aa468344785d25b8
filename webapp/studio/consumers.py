"""The websocket of a photo; docs/reference/websocket.md is its contract."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, ClassVar

from django.utils import translation
from django.utils.translation import gettext
from pydantic import TypeAdapter

from colorizer.hints import HintError, HintSet
from training.registry import NoLiveModel
from webapp.library.access import PhotoNotFound, access_photo
from webapp.library.models import Photo
from webapp.realtime.consumer import Consumer, NoAccess, Refused
from webapp.realtime.events import PhotoEvent, photo_group
from webapp.realtime.messages import (
    CLIENT_MESSAGE,
    ChromaMessage,
    ChromaState,
    HintsMessage,
    JobMessage,
    JobState,
    SnapshotMessage,
    VersionMessage,
)
from webapp.realtime.threads import in_thread
from webapp.studio.selectors import chroma_state, snapshot_of, version_message
from webapp.studio.services import StaleRevision, save_hints


class PhotoConsumer(Consumer):
    """Hints in; jobs, chroma maps and versions out."""

    inbound: ClassVar[TypeAdapter[Any]] = CLIENT_MESSAGE

    photo: Photo
    _shown: tuple[int, str] | None = None
    _newest: tuple[int, HintSet] | None = None
    _saving: asyncio.Task[None] | None = None

    def group(self) -> str:
        """Return the group of the photo in the address."""
        return photo_group(self.photo.pk)

    def check_access(self) -> None:
        """Look the photo up as the actor's."""
        photo_id: uuid.UUID = self.scope["url_route"]["kwargs"]["photo_id"]
        try:
            self.photo = access_photo(self.actor, photo_id)
        except PhotoNotFound:
            raise NoAccess from None

    async def on_open(self) -> None:
        """Send the photo's state."""
        await self.send_snapshot()

    async def on_watch(self) -> None:
        """Send the photo's state again if a chroma map passed the client by."""
        chroma = await in_thread(chroma_state)(self.photo)
        if chroma is not None and _identity(chroma) != self._shown:
            await self.send_snapshot()

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
            snapshot["job"] = self._translated(job)
        await self.tell(SnapshotMessage(type="snapshot", **snapshot))

    # Hints in: only the newest waits while one is being saved.

    async def on_message(self, message: HintsMessage) -> None:
        """Keep the newest hints and have them saved."""
        if self._newest is not None and message.revision <= self._newest[0]:
            raise Refused("stale_revision", revision=self._newest[0])
        try:
            hint_set = await asyncio.to_thread(HintSet.parse, message.hints)
        except HintError as error:
            raise Refused("bad_hints", str(error), message.revision) from None
        self._newest = message.revision, hint_set
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_newest())

    async def _save_newest(self) -> None:
        while self._newest is not None:
            (revision, hint_set), self._newest = self._newest, None
            await self.guarded(self._save(revision, hint_set))

    async def _save(self, revision: int, hint_set: HintSet) -> None:
        try:
            await in_thread(save_hints)(
                photo=self.photo, hint_set=hint_set, revision=revision, sender=self.channel_name
            )
        except NoLiveModel:
            raise Refused("no_live_model", revision=revision) from None
        except PhotoNotFound:
            raise NoAccess from None
        except StaleRevision as stale:
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
        elif what == "version" and job is not None:
            await self._send_version(job)
        if job is not None:
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
