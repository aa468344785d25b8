"""Maps of uncertainty on the wire: one grey pixel for each of the network's, as a PNG."""

from __future__ import annotations

import base64
import io
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

UNIT: Final = 0.25
"""Units of CIELAB's a and b that a grey value stands for; the map ends at 63.75."""


def pack_uncertainty(uncertainty: NDArray[np.float32]) -> dict[str, Any]:
    """Pack a map of uncertainty as the API carries it.

    Args:
        uncertainty: (1, H, W), the error to expect, in units of CIELAB's a and b.
    """
    grey = np.clip(np.rint(uncertainty[0] / UNIT), 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    return {
        "width": grey.shape[1],
        "height": grey.shape[0],
        "encoding": "png",
        "unit": UNIT,
        "data": base64.b64encode(file.getvalue()).decode("ascii"),
    }
