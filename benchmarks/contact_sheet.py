"""All photos of a folder as models colour them, side by side on one sheet, to be looked at.

``python -m benchmarks.contact_sheet FOLDER --model A B --hints HINTS --out sheet.jpg``: a line a
photo. First the photo as it is; then, by every model, without hints and, where ``HINTS`` has a hint
set ``NAME.json`` for the photo ``NAME.jpg``, with those. Rings show where they are.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from colorizer.color import Bytes
from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.models import SHIPPED
from colorizer.prepared import shrink
from training.data.pictures import read_pictures

LINE = 18  # pixels for words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="of photos")
    parser.add_argument("--model", type=Path, nargs="+", default=[SHIPPED], help="model folders")
    parser.add_argument("--hints", type=Path, help="a folder of hint sets, NAME.json")
    parser.add_argument("--out", type=Path, required=True, help="the sheet, a JPEG")
    parser.add_argument("--size", type=int, default=300, help="longer side of a photo, pixels")
    options = parser.parse_args()
    models = [Colorizer.load(folder) for folder in options.model]
    lines = []
    for picture in read_pictures([options.folder]):
        rgb = np.asarray(picture.rgb())
        hint_set = read_hints(options.hints, picture.name)
        lines.append(color(rgb, hint_set, models, picture.name, options.size))
        print(picture.name, flush=True)
    stack(lines).save(options.out, "JPEG", quality=90)


def read_hints(folder: Path | None, name: str) -> HintSet | None:
    """The hint set for a photo; None where there is none."""
    path = folder and folder / f"{Path(name).stem}.json"
    return HintSet.parse(json.loads(path.read_text())) if path and path.is_file() else None


def color(
    rgb: Bytes, hint_set: HintSet | None, models: Sequence[Colorizer], name: str, size: int
) -> Image.Image:
    """One line of the sheet."""
    small = shrink(rgb, size - 4)
    cells = [(name, small)]
    for model in models:
        photo = model.prepare(rgb)
        for hints, with_them in ((HintSet.empty, ""), (hint_set, " with hints")):
            if hints is not None:
                shown = model.apply(small, model.predict(photo, hints))
                cells.append((f"{model.card.name}{with_them}", np.asarray(shown, np.uint8)))
    line = Image.new("RGB", (size * len(cells), size + LINE), "white")
    for n, (words, pixels) in enumerate(cells):
        image = Image.fromarray(pixels)
        if hint_set is not None and words.endswith("hints"):
            ring(image, hint_set)
        line.paste(image, (n * size, LINE))
        ImageDraw.Draw(line).text((n * size + 2, 2), words, fill="black")
    return line.crop((0, 0, line.width, LINE + image.height + 4))


def ring(image: Image.Image, hint_set: HintSet) -> None:
    """Draw where hints begin, in their colours."""
    draw = ImageDraw.Draw(image)
    for hint in hint_set.hints:
        x, y = hint.points[0][0] * image.width, hint.points[0][1] * image.height
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), outline="white")
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), outline=hint.color, width=2)


def stack(lines: Sequence[Image.Image]) -> Image.Image:
    """The lines in two columns, one below the other."""
    half = (len(lines) + 1) // 2
    columns = [lines[:half], lines[half:]]
    width = max(line.width for line in lines)
    height = max(sum(line.height for line in column) for column in columns)
    sheet = Image.new("RGB", (width * (2 if len(lines) > 1 else 1), height), "white")
    for n, column in enumerate(columns):
        top = 0
        for line in column:
            sheet.paste(line, (n * width, top))
            top += line.height
    return sheet


if __name__ == "__main__":
    main()
