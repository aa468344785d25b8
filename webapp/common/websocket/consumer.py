"""The base of every websocket: limits, validation, and access that is checked again and again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Coroutine, Mapping
from importlib import import_module
from typing import Any, ClassVar, Protocol

import structlog
from channels.auth import get_user
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from webapp.common.cleantext import is_clean_json
from webapp.common.websocket.language import language_of
from webapp.common.websocket.limits import Connections, TokenBucket
from webapp.common.websocket.messages import (
    BatchServerMessage,
    ErrorCode,
    ErrorMessage,
    LabServerMessage,
    MyServerMessage,
    PongMessage,
    RevokedMessage,
    ServerMessage,
)
from webapp.common.websocket.threads import in_thread

log = structlog.get_logger(__name__)

CLOSE_TOO_LARGE = 1009
CLOSE_REVOKED = 4401
CLOSE_NOT_FOUND = 4404
CLOSE_TOO_MANY = 4408

HEAVY_CHARACTERS = 100_000
"""A message that is longer makes no lighter one wait: it is taken in a thread for such alone."""
REVALIDATE_SECONDS = 10.0
TRUST_SECONDS = 1.0
"""A message is taken on the strength of a look at session and access that is no older."""

SENTENCES: dict[ErrorCode, str] = {
    "bad_json": gettext_noop("The message is not JSON."),
    "bad_message": gettext_noop("The message is not one that this page may send."),
    "bad_hints": gettext_noop("These hints cannot be used."),
    "stale_revision": gettext_noop("Newer hints are saved already, perhaps from another window."),
    "too_large": gettext_noop("The message is too large."),
    "too_many": gettext_noop("Too many messages. Please wait a little."),
    "too_many_connections": gettext_noop("Too many windows are open. Please close some."),
    "no_live_model": gettext_noop("There is no model to colour with at the moment."),
    "server_error": gettext_noop("Something went wrong on our side. Please try again."),
}


class Actor(Protocol):
    """Who opened a socket: ``key`` tells actors apart, and is empty for one without anything."""

    @property
    def key(self) -> str:
        """Identify the actor among all."""


class NoAccessError(Exception):
    """The actor may not, or no longer, see what the socket is about."""


class MessageError(Exception):
    """A message cannot be taken; ``code`` and ``detail`` go to the client."""

    def __init__(self, code: ErrorCode, detail: str = "", revision: int | None = None) -> None:
        super().__init__(code)
        self.code: ErrorCode = code
        self.detail = detail
        self.revision = revision


def decode(text: str) -> Any:
    """Decode a frame strictly: no NaN, no infinity, no bottomless nesting, no NUL.

    Raises:
        MessageError: it is not JSON.
    """
    try:
        value = from_json(text, allow_inf_nan=False)  # a third of json's time
    except ValueError:
        raise MessageError("bad_json") from None
    if not is_clean_json(text, value):
        raise MessageError("bad_json")
    return value


class Consumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels ships no types
    """A websocket about one thing that an actor may see.

    A subclass says who opened it (:meth:`find_actor`), which messages it takes (``inbound``), which
    group tells it of changes (:meth:`group`), what access means (:meth:`check_access`), and answers
    in :meth:`on_open`, :meth:`on_message` and :meth:`on_watch`.
    """

    connections: ClassVar[Connections] = Connections()
    inbound: ClassVar[TypeAdapter[Any]]

    actor: Actor
    language: str = "en"
    is_heavy: bool = False
    """Whether the message that is being taken has more than :data:`HEAVY_CHARACTERS`."""
    _bucket: TokenBucket
    _counted: str = ""
    _group: str = ""
    _patience: TokenBucket
    _was_refused: bool = False
    _checked: float = 0.0
    _closed: bool = False
    _watch: asyncio.Task[None] | None = None

    def find_actor(self, scope: Mapping[str, Any]) -> Actor:
        """Return, in a thread, who opened the socket with this ``scope``."""
        raise NotImplementedError

    def group(self) -> str:
        """Return the name of the group whose events concern this socket."""
        raise NotImplementedError

    def check_access(self) -> None:
        """Check, in a thread, that ``actor`` may see what this socket is about.

        Raises:
            NoAccessError: it may not.
        """
        raise NotImplementedError

    async def on_open(self) -> None:
        """Send what a new client needs; the socket hears of changes already."""
        raise NotImplementedError

    async def on_message(self, message: Any) -> None:
        """Deal with a valid message.

        Raises:
            MessageError: it cannot be taken.
        """
        raise NotImplementedError

    async def on_watch(self) -> None:
        """Make up for events that were lost; called now and then."""
        raise NotImplementedError

    async def on_close(self) -> None:
        """Finish what the client still expects."""
        raise NotImplementedError

    # Opening and closing

    async def connect(self) -> None:
        """Let the client in, subscribe, then tell it how things stand."""
        self.language = language_of(self.scope)
        self._bucket = TokenBucket(
            rate=settings.WS_MESSAGES_PER_SECOND, burst=settings.WS_MESSAGE_BURST
        )
        self._patience = TokenBucket(rate=1, burst=settings.WS_MESSAGES_PER_SECOND)
        try:
            await in_thread(self._check)(self.scope)
        except NoAccessError:
            await self.accept()
            await self.close(CLOSE_NOT_FOUND)
            return
        if not self.connections.enter(self.actor.key, limit=settings.WS_CONNECTIONS_PER_ACTOR):
            await self.accept()
            await self.refuse("too_many_connections")
            await self.close(CLOSE_TOO_MANY)
            return
        self._counted = self.actor.key
        self._group = self.group()
        await self.channel_layer.group_add(self._group, self.channel_name)
        await self.accept()
        await self.on_open()
        self._watch = asyncio.create_task(self._watch_access())

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection; however it ends, what :meth:`connect` took is given back."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._watch is not None:
                self._watch.cancel()
            if self._counted:
                self.connections.leave(self._counted)
            if self._group:
                await self.channel_layer.group_discard(self._group, self.channel_name)

    async def disconnect(self, code: int) -> None:
        """Finish what the client still expects."""
        self._closed = True
        if self._group:
            await self.on_close()

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Close the socket; frames that are on their way are not answered any more."""
        if not self._closed:
            self._closed = True
            await super().close(code, reason)

    async def revoke(self) -> None:
        """Tell the client that it may no longer see this, and close."""
        await self.tell(RevokedMessage(type="revoked"))
        await self.close(CLOSE_REVOKED)

    def _check(self, scope: Mapping[str, Any]) -> None:
        self.actor = self.find_actor(scope)
        self.check_access()
        self._checked = time.monotonic()

    async def _check_again(self) -> None:
        """Check access with the session and the user as the database has them now."""
        store = import_module(settings.SESSION_ENGINE).SessionStore
        session = store(self.scope["session"].session_key)
        user = await get_user({"session": session})
        await in_thread(self._check)({"session": session, "user": user})

    async def _watch_access(self) -> None:
        while True:
            await asyncio.sleep(REVALIDATE_SECONDS)
            try:
                await self._check_again()
                await self.on_watch()
            except NoAccessError:
                await self.revoke()
                return
            except Exception:  # the database may be away for a while; the next round tells
                log.exception("access_not_checked", group=self._group)

    # Messages in

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a frame; whatever is wrong with it is told to the client and to nobody else."""
        if not self._closed and await self._within_limits(text_data, bytes_data):
            await self.guarded(self._take(text_data))

    async def _take(self, text: str | None) -> None:
        self.is_heavy = len(text or "") > HEAVY_CHARACTERS
        if self.is_heavy:
            message = await in_thread(self._parse, heavy=True)(text)
        else:
            message = self._parse(text)
        if message.type == "ping":
            await self.tell(PongMessage(type="pong"))
        else:
            if time.monotonic() - self._checked > TRUST_SECONDS:
                await self._check_again()
            await self.on_message(message)

    async def guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Await ``work``; what goes wrong in it is told to the client and never ends the socket."""
        try:
            await work
        except MessageError as refusal:
            await self.refuse(refusal.code, refusal.detail, refusal.revision)
        except NoAccessError:
            await self.revoke()
        except Exception:  # one client's message must not end its socket, let alone the process
            log.exception("message_failed", group=self._group)
            await self.refuse("server_error")

    async def _within_limits(self, text: str | None, data: bytes | None) -> bool:
        if len(text.encode() if text else data or b"") > settings.WS_MAX_BYTES:
            await self.refuse("too_large")
            await self.close(CLOSE_TOO_LARGE)
            return False
        if self._bucket.take():
            self._was_refused = False
            return True
        if not self._patience.take():
            await self.refuse("too_many")
            await self.close(CLOSE_TOO_MANY)
        elif not self._was_refused:
            await self.refuse("too_many")
        self._was_refused = True
        return False

    def _parse(self, text: str | None) -> Any:
        if text is None:
            raise MessageError("bad_message")
        data = decode(text)
        try:
            return self.inbound.validate_python(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise MessageError("bad_message", f"{where}: {first['msg']}") from None

    # Messages out

    async def tell(
        self,
        message: ServerMessage | MyServerMessage | LabServerMessage | BatchServerMessage,
    ) -> None:
        """Send a message, unless the client has gone."""
        with contextlib.suppress(RuntimeError, OSError):  # servers' words for "closed already"
            await self.send(text_data=json.dumps(message, separators=(",", ":")))

    async def refuse(self, code: ErrorCode, detail: str = "", revision: int | None = None) -> None:
        """Tell the client, in its language, what was wrong."""
        with translation.override(self.language):
            sentence = gettext(SENTENCES[code])
        await self.tell(
            ErrorMessage(
                type="error",
                code=code,
                message=f"{sentence} {detail}".strip(),
                revision=revision,
            )
        )
