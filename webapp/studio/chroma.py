"""Chroma maps on the wire: ab in whole units, two planes of int8, deflated.

Half a unit of rounding is a quarter of what a trained eye tells apart, and a map of 256 x 192 is
some 20 kB instead of 400. ``frontend/src/core/chroma.ts`` unpacks; ``tests/golden/chroma.json``
holds both to the same bytes.
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from webapp.common.websocket.messages import ChromaState

if TYPE_CHECKING:
    from webapp.studio.models import Chroma

ENCODING: Final = "ab8-deflate"


def pack(ab: NDArray[np.float32]) -> bytes:
    """Pack a chroma map.

    Args:
        ab: (2, H, W), CIELAB a and b in their own units; beyond -128..127 is clipped.

    Returns:
        zlib (level 1) of plane a, then plane b, row by row, rounded to whole units.
    """
    whole = np.clip(np.rint(ab), -128, 127).astype(np.int8)
    return zlib.compress(whole.tobytes(), level=1)


def unpack(data: bytes, *, width: int, height: int) -> NDArray[np.float32]:
    """Undo :func:`pack`.

    Returns:
        (2, ``height``, ``width``) ab in CIELAB units.
    """
    planes = np.frombuffer(zlib.decompress(data), dtype=np.int8)
    return planes.reshape(2, height, width).astype(np.float32)


def to_state(chroma: Chroma) -> ChromaState:
    """Return a stored chroma map as sockets and snapshots carry it."""
    return ChromaState(
        revision=chroma.revision,
        job=str(chroma.job_id),
        model=chroma.model_version.name,
        width=chroma.width,
        height=chroma.height,
        encoding=ENCODING,
        data=base64.b64encode(chroma.data).decode("ascii"),
        seconds=round(chroma.seconds, 4),
    )
