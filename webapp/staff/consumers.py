"""The websocket of a run, search or evaluation; docs/reference/websocket.md is its contract."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, ClassVar

import structlog
from pydantic import TypeAdapter

from training.models import Work
from training.runs.claims import WorkNotFoundError, find_work, kind_of
from training.runs.progress import row_key, seq_of, state_of
from training.runs.states import WorkState
from webapp.accounts.consumers import ActorConsumer
from webapp.common.websocket.consumer import NoAccessError
from webapp.common.websocket.messages import (
    LAB_CLIENT_MESSAGE,
    ProgressMessage,
    WorkSnapshotMessage,
)
from webapp.common.websocket.threads import in_thread

LOOK_SECONDS = 1.0
"""Work is often done by a process that shares nothing with this one but the database: looking at
one number of a row each second hears of everything, whoever wrote it."""

log = structlog.get_logger(__name__)


class WorkConsumer(ActorConsumer):
    """Progress out, to staff; nothing is taken in."""

    inbound: ClassVar[TypeAdapter[Any]] = LAB_CLIENT_MESSAGE

    work: Work
    _seq: int = -1
    _sent: dict[Any, dict[str, Any]]
    _looks: asyncio.Task[None] | None = None

    def group(self) -> str:
        """Return the group of the work in the address."""
        return f"laboratory.{kind_of(self.work)}.{self.work.pk}"

    def check_access(self) -> None:
        """Look the work up, for staff."""
        if self.actor.user is None or not self.actor.user.is_staff:
            raise NoAccessError
        address: dict[str, Any] = self.scope["url_route"]["kwargs"]
        work_id: uuid.UUID = address["work_id"]
        try:
            self.work = find_work(address["kind"], work_id)
        except WorkNotFoundError:
            raise NoAccessError from None

    async def on_open(self) -> None:
        """Send the work's state, then watch its row."""
        state = await in_thread(state_of)(self.work)
        self._remember(state)
        await self.tell(WorkSnapshotMessage(type="snapshot", **state))
        self._looks = asyncio.create_task(self._keep_looking())

    async def on_watch(self) -> None:
        """Do nothing: each look makes up for what was missed."""

    async def on_close(self) -> None:
        """Do nothing: clients send nothing that would have to be finished."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection; looking ends with it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._looks is not None:
                self._looks.cancel()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._look()
            except NoAccessError:
                await self.revoke()
                return
            except Exception:  # the database may be away for a while; the next look tells
                log.exception("work_not_looked_at", work=str(self.work.pk))

    async def _look(self) -> None:
        if await in_thread(seq_of)(kind_of(self.work), str(self.work.pk)) == self._seq:
            return
        state = await in_thread(self._state_now)()
        fresh = [row for row in state["rows"] if self._sent.get(row_key(row)) != row]
        self._remember(state)
        state["rows"] = fresh
        await self.tell(ProgressMessage(type="progress", **state))

    def _state_now(self) -> WorkState:
        try:
            return state_of(find_work(kind_of(self.work), self.work.pk))
        except WorkNotFoundError:
            raise NoAccessError from None

    def _remember(self, state: WorkState) -> None:
        self._seq = state["seq"]
        self._sent = {row_key(row): row for row in state["rows"]}
