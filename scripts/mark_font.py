"""Cut ``colorizer/output/mark.ttf`` out of a font: Latin, and the letters of every translation.

``python -m scripts.mark_font NanumGothic.ttf`` once a translation of the mark uses a new letter; a
test says so. The font's licence (OFL) asks that a part of it has another name, and a file beside it
holds the licence.
"""

import sys
from pathlib import Path

from babel.messages.pofile import read_po
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from colorizer.output.mark import FONT, MARK_TEXT, UNKNOWN_TEXT

ROOT = Path(__file__).resolve().parent.parent
NAME = "Rehue Mark"
_FAMILY, _UNIQUE, _FULL, _POSTSCRIPT = 1, 3, 4, 6


def letters() -> set[str]:
    """Return Latin and all letters that a mark is written with in any language."""
    found = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))}
    for path in (ROOT / "webapp" / "locale").glob("*/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            catalogue = read_po(file)
        for text in (MARK_TEXT, UNKNOWN_TEXT):
            found |= set(str(catalogue[text].string))
    return found


def main() -> None:
    """Write the font."""
    font = TTFont(sys.argv[1])
    options = Options()
    options.hinting = False
    options.name_IDs = [0, 13, 14]  # whose it is, and the licence
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in letters()])
    subsetter.subset(font)
    for place in (_FAMILY, _UNIQUE, _FULL):
        font["name"].setName(NAME, place, 3, 1, 0x409)
    font["name"].setName(NAME.replace(" ", ""), _POSTSCRIPT, 3, 1, 0x409)
    font.save(FONT)
    print(f"{FONT.name}: {FONT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
