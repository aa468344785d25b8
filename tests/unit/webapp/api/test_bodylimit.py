"""No body beyond the cap reaches the disk."""

import asyncio
import json

import pytest

from webapp.api import bodylimit
from webapp.api.bodylimit import BodyLimit

CAP = 1024 * 1024 + 100


@pytest.fixture(autouse=True)
def small_cap(settings):
    settings.UPLOAD_MAX_BYTES = 100


async def reads_all(scope, receive, send):
    """An application that reads its body, then says how long it was."""
    length = 0
    while True:
        message = await receive()
        length += len(message["body"])
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


async def ask(chunks, *, declared=None, app=reads_all, path="/", method="POST"):
    messages = [
        {"type": "http.request", "body": chunk, "more_body": i < len(chunks) - 1}
        for i, chunk in enumerate(chunks)
    ]
    taken, sent = [], []

    async def receive():
        taken.append(messages.pop(0))
        return taken[-1]

    async def send(message):
        sent.append(message)

    headers = [] if declared is None else [(b"content-length", str(declared).encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    await BodyLimit(app)(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent), len(taken)


async def test_a_body_up_to_the_cap_passes():
    assert await ask([b"x" * (CAP - 1), b"x"], declared=CAP) == (200, str(CAP).encode(), 2)


async def never(scope, receive, send):
    """An application that must not be asked."""
    pytest.fail("asked")


async def test_a_body_declared_too_large_is_dropped_and_refused():
    status, body, taken = await ask([b"x", b"y"], declared=CAP + 1, app=never)
    assert (status, taken) == (413, 2)
    assert json.loads(body)["code"] == "too_many_bytes"


async def test_patience_with_a_body_that_does_not_end_has_an_end(monkeypatch):
    monkeypatch.setattr(bodylimit, "_PATIENCE", 10)
    status, _, taken = await ask([b"12345"] * 9, declared=CAP + 1, app=never)
    assert (status, taken) == (413, 2)


async def test_a_body_that_turns_out_too_large_is_refused_on_the_way():
    status, body, taken = await ask([b"x" * 500_000] * 10)
    assert (status, taken) == (413, 10)
    assert json.loads(body)["status"] == 413


async def test_a_piece_of_an_upload_has_a_cap_of_its_own(settings):
    settings.UPLOAD_PIECE_MAX_BYTES = 10
    path = "/api/uploads/00000000-0000-4000-8000-000000000000"
    assert (await ask([b"x" * 10], path=path, method="PATCH"))[0] == 200
    status, body, _ = await ask([b"x" * 6] * 3, path=path, method="PATCH")
    assert (status, json.loads(body)["code"]) == (413, "too_large_piece")


async def test_a_document_has_a_cap_of_its_own_and_a_file_the_largest(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert (await ask([b"x" * 10], path="/api/labels"))[0] == 200
    status, body, taken = await ask([b"x" * 11], path="/api/labels", declared=11, app=never)
    assert (status, json.loads(body)["code"], taken) == (413, "too_large", 1)
    assert (await ask([b"x" * 11], path="/api/photos"))[0] == 200
    assert (await ask([b"x" * 11], path="/api/no/such/address"))[0] == 200


async def test_a_body_that_stops_on_the_way_is_not_waited_for(settings):
    settings.HTTP_BODY_SECONDS = 0.05
    first = [{"type": "http.request", "body": b"x", "more_body": True}]
    sent = []

    async def receive():
        return first.pop() if first else await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    await BodyLimit(reads_all)(
        {"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send
    )
    assert sent[0]["status"] == 408


async def test_an_answer_that_has_begun_is_not_begun_again():
    async def hasty(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await reads_all(scope, receive, send)

    status, body, _ = await ask([b"x" * 900_000] * 3, app=hasty)
    assert (status, body) == (200, b"")


async def test_websockets_pass():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    await BodyLimit(app)({"type": "websocket"}, None, None)
    assert seen == ["websocket"]
