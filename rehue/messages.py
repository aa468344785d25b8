"""What the command line says, in the language of the terminal."""

from __future__ import annotations

import gettext as catalogues
from functools import cache
from pathlib import Path

# The distribution's one catalogue, whether or not a site is installed with it.
_LOCALE = Path(__file__).resolve().parents[1] / "webapp" / "locale"


@cache
def _catalogue() -> catalogues.NullTranslations:
    """Return the catalogue of the locale (LANGUAGE, LC_ALL, LANG); English where there is none."""
    return catalogues.translation("django", _LOCALE, fallback=True)


def gettext(message: str) -> str:
    """Return a sentence in the language of the terminal."""
    return _catalogue().gettext(message) if message else ""
