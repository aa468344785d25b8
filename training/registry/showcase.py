"""Colour the sample photographs with a model: ``python -m training.registry.showcase FOLDER OUT``.

Run in a process of its own: a web process has no inference runtime, and a file that crashes it
crashes nothing else. Ends with 0, or with a sentence on standard error and 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from colorizer.color import Bytes
from colorizer.engine import Colorizer
from colorizer.hints import HintSet

PHOTOS = Path(__file__).parents[1] / "sample_photos"
_QUALITY = 88


def color_samples(folder: Path, out: Path) -> None:
    """Colour every sample photograph with the model in ``folder``, without and with its hints.

    Writes ``<photo>-<kind>.webp`` into ``out`` for each of the kinds ``grey`` (with the hints as
    dots), ``unhinted``, ``hinted`` and ``original``.

    Raises:
        ModelError: the model cannot be loaded.
    """
    colorizer = Colorizer.load(folder, threads=1)
    for path in sorted(PHOTOS.glob("*.jpg")):
        original = Image.open(path).convert("RGB")
        grey = np.asarray(original.convert("L").convert("RGB"))
        hint_set = HintSet.parse(json.loads(path.with_suffix(".json").read_text()))
        pictures = {
            "grey": _dotted(grey, hint_set),
            "unhinted": Image.fromarray(colorizer.colorize(grey)),
            "hinted": Image.fromarray(colorizer.colorize(grey, hint_set)),
            "original": original,
        }
        for kind, picture in pictures.items():
            picture.save(out / f"{path.stem}-{kind}.webp", quality=_QUALITY)


def _dotted(grey: Bytes, hint_set: HintSet) -> Image.Image:
    """The photograph with every point hint as a dot of its colour, ringed to stand out."""
    picture = Image.fromarray(grey)
    draw = ImageDraw.Draw(picture)
    longer = max(picture.size)
    for hint in hint_set.hints:
        x, y = hint.points[0][0] * picture.width, hint.points[0][1] * picture.height
        draw.circle((x, y), hint.radius * longer + 1, fill=hint.color, outline="white")
    return picture


def main() -> int:
    """Colour the samples with the model, and into the folder, named on the command line."""
    try:
        color_samples(Path(sys.argv[1]), Path(sys.argv[2]))
    except Exception as error:  # whatever is wrong with the file, the caller gets one sentence
        sys.stderr.write((" ".join(str(error).split()) or type(error).__name__) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
