"""What the intake has to answer, whatever bytes it is given."""

import numpy as np

from colorizer.intake import DecodedPhoto, IntakeError, Limits
from colorizer.intake.reading import read_here

LIMITS = Limits(max_bytes=200_000, max_pixels=100_000, min_side=16)


def answer(data):
    """Take ``data`` in; what comes of it is right whichever way it goes."""
    refusal = None
    try:
        picture = read_here(data, LIMITS)
    except IntakeError as error:
        refusal = error
    if refusal is not None:
        assert 400 <= refusal.status < 500
        assert str(refusal).endswith(".")
        return None
    assert isinstance(picture, DecodedPhoto)
    assert picture.pixels.dtype in (np.uint8, np.uint16)
    assert picture.width * picture.height <= LIMITS.max_pixels
    assert min(picture.width, picture.height) >= LIMITS.min_side
    return picture
