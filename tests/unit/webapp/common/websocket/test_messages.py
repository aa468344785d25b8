"""The schema of the websocket's messages."""

import json
from pathlib import Path

from webapp.common import websocket
from webapp.common.websocket.messages import schema

COMMITTED = Path(websocket.__file__).parent / "schema.json"


def test_the_committed_schema_is_what_the_code_checks():
    """Renew ``schema.json`` with what ``python -m webapp.common.websocket.messages`` prints."""
    assert json.loads(COMMITTED.read_text()) == json.loads(json.dumps(schema()))


def test_every_message_and_field_is_explained_in_the_reference():
    page = (Path(__file__).parents[5] / "docs" / "reference" / "websocket.md").read_text()
    definitions = schema()["$defs"]
    kinds = [
        d["properties"]["type"]["const"] for d in definitions.values() if "type" in d["properties"]
    ]
    codes = definitions["ErrorMessage"]["properties"]["code"]["enum"]
    fields = [field for d in definitions.values() for field in d["properties"]]
    missing = [word for word in {*kinds, *codes, *fields} if f"`{word}`" not in page]
    assert not missing
