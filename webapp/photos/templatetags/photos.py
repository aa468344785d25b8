"""What forms for photos say of files."""

from __future__ import annotations

from django import template

from colorizer.filenames import SUFFIXES
from colorizer.intake import FORMATS
from webapp.photos.files import ORIGINALS

register = template.Library()


@register.simple_tag
def photo_types() -> str:
    """Return what a file input offers: media types, and the endings that browsers know no type of.

    >>> "image/heic" in photo_types() and ".jxl" in photo_types()
    True
    """
    return ",".join([*(kind for _, kind in ORIGINALS.values()), *SUFFIXES])


@register.simple_tag
def photo_formats() -> str:
    """Return the formats that are taken, by name."""
    return ", ".join(FORMATS)
