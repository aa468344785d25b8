"""Load a model folder and colour one small picture: ``python -m training.registry.probe FOLDER``.

Run in a process of its own before a model goes live, so that a file that crashes the runtime
crashes nothing else. Ends with 0, or with a sentence on standard error and 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.model import ModelError

_HINT = {
    "version": 1,
    "hints": [{"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#7a4b2c"}],
}


def probe(folder: Path) -> None:
    """Colour a grey ramp with the model in ``folder``.

    Raises:
        ModelError: it does not load, or what it answers is not a chroma map.
    """
    colorizer = Colorizer.load(folder, threads=1)
    ramp = np.tile(np.linspace(0, 255, 80, dtype=np.uint8)[None, :, None], (64, 1, 3))
    prepared = colorizer.prepare(ramp)
    ab = colorizer.predict(prepared, HintSet.parse(_HINT))
    if ab.shape != (2, prepared.height, prepared.width) or not np.isfinite(ab).all():
        raise ModelError("The model does not answer with a chroma map.")


def main() -> int:
    """Probe the folder named on the command line."""
    try:
        probe(Path(sys.argv[1]))
    except Exception as error:  # whatever is wrong with the file, the caller gets one sentence
        sys.stderr.write((" ".join(str(error).split()) or type(error).__name__) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
