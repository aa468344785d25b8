"""A websocket of the site in this process, and who is at its other end."""

import json
from contextlib import asynccontextmanager

from asgiref.testing import ApplicationCommunicator

from tests.support.patience import PATIENCE_SECONDS
from webapp.asgi import application

SILENT_SECONDS = 0.4


class Line:
    """A socket's other end; what it hears is checked against ``schema``."""

    def __init__(self, communicator, schema, accepted):
        self.communicator = communicator
        self.schema = schema
        self.accepted = accepted

    async def say(self, message):
        """Send a text, or anything else as JSON."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self.communicator.send_input({"type": "websocket.receive", "text": text})

    async def hear(self, kind=None):
        """The next message, or the next of that kind."""
        while True:
            output = await self.communicator.receive_output(timeout=PATIENCE_SECONDS)
            if output["type"] == "websocket.close":
                return {"type": "closed", "code": output["code"]}
            message = json.loads(output["text"])
            self.schema.validate_python(message)
            if kind in (None, message["type"]):
                return message

    async def silent(self):
        """Whether nothing comes."""
        return await self.communicator.receive_nothing(timeout=SILENT_SECONDS)


def session_of(client):
    """The session of Django's test client, empty where it has none."""
    cookie = client.cookies.get("rehue_session")
    return cookie.value if cookie else ""


@asynccontextmanager
async def dialled(path, session, schema, *, origin=b"http://localhost", headers=()):
    """A line to the socket at ``path``."""
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "subprotocols": [],
        "headers": [
            (b"host", b"localhost"),
            (b"origin", origin),
            (b"cookie", f"rehue_session={session}".encode()),
            *headers,
        ],
    }
    communicator = ApplicationCommunicator(application, scope)
    await communicator.send_input({"type": "websocket.connect"})
    answer = await communicator.receive_output(timeout=PATIENCE_SECONDS)
    yield Line(communicator, schema, answer["type"] == "websocket.accept")
    await communicator.send_input({"type": "websocket.disconnect", "code": 1001})
    await communicator.wait(timeout=PATIENCE_SECONDS)
