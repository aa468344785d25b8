"""What the cache holds, in Redis: JSON, for whoever can write there must not run code here."""

from __future__ import annotations

import json
from typing import Any


class JSONSerializer:
    """Django's contract of a serializer; whole numbers stay as they are, for Redis to count."""

    def dumps(self, value: Any) -> bytes | int:
        """Return a value as Redis keeps it.

        Raises:
            TypeError: it is not plain JSON.
        """
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """Return the value that is kept; None, as for a value that is gone, if it is no JSON."""
        try:
            return json.loads(data)
        except ValueError:
            return None
