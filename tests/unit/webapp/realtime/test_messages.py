"""The schema of the websocket's messages."""

import json
from pathlib import Path

import webapp.realtime
from webapp.realtime.messages import schema

COMMITTED = Path(webapp.realtime.__file__).parent / "schema.json"


def test_the_committed_schema_is_what_the_code_checks():
    """Renew it with ``python -m webapp.realtime.messages > webapp/realtime/schema.json``."""
    assert json.loads(COMMITTED.read_text()) == json.loads(json.dumps(schema()))


def test_every_message_and_field_is_explained_in_the_reference():
    page = (Path(__file__).parents[4] / "docs" / "reference" / "websocket.md").read_text()
    definitions = schema()["$defs"]
    kinds = [
        d["properties"]["type"]["const"] for d in definitions.values() if "type" in d["properties"]
    ]
    codes = definitions["ErrorMessage"]["properties"]["code"]["enum"]
    fields = [field for d in definitions.values() for field in d["properties"]]
    missing = [word for word in {*kinds, *codes, *fields} if f"`{word}`" not in page]
    assert not missing
