"""The one way in for photos: any file that people have, to plain pixels, in a process of its own.

>>> from colorizer.intake import read
>>> photo = read(Path("grandmother.tif"))  # doctest: +SKIP
>>> photo.pixels.shape, photo.pixels.dtype, photo.metadata.taken  # doctest: +SKIP
((6000, 4000), dtype('uint16'), '1943-05')
"""

from colorizer.intake.errors import IntakeError
from colorizer.intake.headers import HEAD_BYTES
from colorizer.intake.limits import MIB, Limits, too_many_bytes
from colorizer.intake.pdf import BEGINNING as PDF_BEGINNING
from colorizer.intake.process import count_pages, is_large, measure, read, warm_up
from colorizer.intake.reading import FORMATS, DecodedPhoto

__all__ = [
    "FORMATS",
    "HEAD_BYTES",
    "MIB",
    "PDF_BEGINNING",
    "DecodedPhoto",
    "IntakeError",
    "Limits",
    "count_pages",
    "is_large",
    "measure",
    "read",
    "too_many_bytes",
    "warm_up",
]
