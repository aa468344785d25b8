"""The websockets' messages, as schemas: what a client may send, and what the site sends.

``python -m webapp.common.websocket.messages`` prints the JSON schema that ``schema.json`` holds.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict

from training.runs.states import WorkState

MAX_REVISION = 2**53 - 1
"""The largest whole number up to which JavaScript counts exactly."""

Revision = Annotated[int, Field(ge=0, le=MAX_REVISION)]
JobKind = Literal["chroma", "render"]
JobStatus = Literal["queued", "running", "done", "failed", "superseded", "cancelled"]
PhotosChange = Literal["added", "changed", "removed"]
BatchStatus = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
ItemStatus = Literal["queued", "running", "done", "failed", "cancelled"]
ErrorCode = Literal[
    "bad_json",
    "bad_message",
    "bad_hints",
    "stale_revision",
    "too_large",
    "too_many",
    "too_many_connections",
    "no_live_model",
    "server_error",
]


class _FromClient(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class HintsMessage(_FromClient):
    """The photo's whole hint set has changed; ``revision`` is higher than any before."""

    type: Literal["hints"]
    revision: Annotated[int, Field(ge=1, le=MAX_REVISION)]
    hints: dict[str, Any] = Field(description="A hint set: {version, hints}.")


class PingMessage(_FromClient):
    """Are you there?"""

    type: Literal["ping"]


class JobState(TypedDict):
    """A job as sockets see it."""

    job: str
    kind: JobKind
    status: JobStatus
    attempt: int
    seq: int
    revision: Revision
    error: str


class PhotoState(TypedDict):
    """A photo as sockets see it; width and height in its own pixels."""

    id: str
    title: str
    width: int
    height: int


class ChromaState(TypedDict):
    """A chroma map: ``data`` is base64 of zlib of int8 planes a and b, row by row."""

    revision: Revision
    job: str
    model: str
    width: int
    height: int
    encoding: Literal["ab8-deflate"]
    data: str
    seconds: float


class Snapshot(TypedDict):
    """Everything a client needs to show a photo as it stands."""

    photo: PhotoState
    revision: Revision
    hints: dict[str, Any]
    chroma: ChromaState | None
    job: JobState | None


class SnapshotMessage(Snapshot):
    """The photo as it stands; what came before no longer counts."""

    type: Literal["snapshot"]


class JobMessage(JobState):
    """A job has changed; hints up to its ``revision`` are saved."""

    type: Literal["job"]


class ChromaMessage(ChromaState):
    """There is a new chroma map."""

    type: Literal["chroma"]


class VersionMessage(TypedDict):
    """A full-size result is ready to be downloaded; width and height in its own pixels."""

    type: Literal["version"]
    id: str
    job: str
    revision: Revision
    width: int
    height: int


class QueueMessage(TypedDict):
    """Strokes wait for long: how many people's turns come until yours, and about how long it is."""

    type: Literal["queue"]
    position: Annotated[int, Field(ge=1)]
    seconds: float


class ErrorMessage(TypedDict):
    """A message was refused; ``message`` is a sentence for people, ``code`` is for programs."""

    type: Literal["error"]
    code: ErrorCode
    message: str
    revision: Revision | None


class RevokedMessage(TypedDict):
    """What it was about, the session or the account is gone; the socket closes."""

    type: Literal["revoked"]


class PongMessage(TypedDict):
    """Yes."""

    type: Literal["pong"]


ServerMessage = (
    SnapshotMessage
    | JobMessage
    | ChromaMessage
    | VersionMessage
    | QueueMessage
    | ErrorMessage
    | RevokedMessage
    | PongMessage
)


class WorkSnapshotMessage(WorkState):
    """Work as it stands, with all its rows; what came before no longer counts."""

    type: Literal["snapshot"]


class ProgressMessage(WorkState):
    """Work has gone on; ``rows`` are those that are new or have changed."""

    type: Literal["progress"]


class MySnapshotMessage(TypedDict):
    """How many photos there are, and a mark that is another one after any change to them."""

    type: Literal["snapshot"]
    count: int
    mark: str


class PhotosMessage(TypedDict):
    """Photos were added (or came back from the trash), look or read otherwise, or are gone."""

    type: Literal["photos"]
    what: PhotosChange
    ids: list[str]


MyServerMessage = MySnapshotMessage | PhotosMessage | ErrorMessage | RevokedMessage | PongMessage

LabServerMessage = (
    WorkSnapshotMessage | ProgressMessage | ErrorMessage | RevokedMessage | PongMessage
)


class BatchState(TypedDict):
    """A batch as sockets see it; ``remaining`` is in seconds, null while it cannot be told."""

    batch: str
    status: BatchStatus
    seq: int
    total: int
    done: int
    failed: int
    remaining: float | None


class BatchItemState(TypedDict):
    """A photo of a batch as sockets see it; ``number`` counts from 1."""

    number: int
    name: str
    status: ItemStatus
    error: str


class BatchSnapshotMessage(BatchState):
    """The batch as it stands; its photos are read over HTTP."""

    type: Literal["snapshot"]


class BatchProgressMessage(BatchState):
    """The batch has gone on; ``items`` are the photos that have changed."""

    type: Literal["progress"]
    items: list[BatchItemState]


BatchServerMessage = (
    BatchSnapshotMessage | BatchProgressMessage | ErrorMessage | RevokedMessage | PongMessage
)

CLIENT_MESSAGE: TypeAdapter[HintsMessage | PingMessage] = TypeAdapter(
    Annotated[HintsMessage | PingMessage, Field(discriminator="type")]
)
SERVER_MESSAGE: TypeAdapter[ServerMessage] = TypeAdapter(
    Annotated[ServerMessage, Field(discriminator="type")]
)
MY_CLIENT_MESSAGE: TypeAdapter[PingMessage] = TypeAdapter(PingMessage)
MY_SERVER_MESSAGE: TypeAdapter[MyServerMessage] = TypeAdapter(
    Annotated[MyServerMessage, Field(discriminator="type")]
)
LAB_CLIENT_MESSAGE: TypeAdapter[PingMessage] = TypeAdapter(PingMessage)
LAB_SERVER_MESSAGE: TypeAdapter[LabServerMessage] = TypeAdapter(
    Annotated[LabServerMessage, Field(discriminator="type")]
)
BATCH_CLIENT_MESSAGE: TypeAdapter[PingMessage] = TypeAdapter(PingMessage)
BATCH_SERVER_MESSAGE: TypeAdapter[BatchServerMessage] = TypeAdapter(
    Annotated[BatchServerMessage, Field(discriminator="type")]
)


def schema() -> dict[str, Any]:
    """Return the JSON schema of both directions, of every kind of websocket."""
    adapters = [
        ("client", "validation", CLIENT_MESSAGE),
        ("server", "validation", SERVER_MESSAGE),
        ("my_client", "validation", MY_CLIENT_MESSAGE),
        ("my_server", "validation", MY_SERVER_MESSAGE),
        ("lab_client", "validation", LAB_CLIENT_MESSAGE),
        ("lab_server", "validation", LAB_SERVER_MESSAGE),
        ("batch_client", "validation", BATCH_CLIENT_MESSAGE),
        ("batch_server", "validation", BATCH_SERVER_MESSAGE),
    ]
    directions, definitions = TypeAdapter.json_schemas(adapters)  # type: ignore[arg-type]  # str for a Literal
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The websockets of a photo, of one's photos, of a batch, and of the laboratory",
        "properties": {name: value for (name, _), value in directions.items()},
        **definitions,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
