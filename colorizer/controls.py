"""Reach, vividness and warmth: how a whole photo is coloured.

All three act on the field that hints are kriged in. So hints stay exactly what they are, and what
changes is how far they act and what no hint decides.
"""

from dataclasses import replace

import numpy as np

from colorizer.color import Array
from colorizer.field import PhotoField
from colorizer.hints import Controls
from colorizer.kriging import krige
from colorizer.raster import HintPlanes

WARMEST = (5.0, 15.0)
"""The shift in a and b at a warmth of 1, in CIELAB units: towards the light of a lamp."""

VIVID = 1.2
"""Chroma at a vividness of 1, as a multiple of the mean's."""


def control(ab: Array, planes: HintPlanes, own: PhotoField, guided: PhotoField) -> Array:
    """Let controls, references and regions change what a network made of hints outside regions.

    The network has learned to correct kriging in its own field: that correction stays, and kriging
    in the controlled field takes the place of the other. At hints both are the hints, so these
    stay exact. Inside regions there is kriging alone: a network sees the hints on both sides of a
    fence, and whatever it makes of them crosses it.

    Args:
        ab: (2, h, w), what the network made of the hints outside all regions, in CIELAB units.
        planes: all hints, with their regions and controls.
        own: the field in which the network's hints were kriged.
        guided: the same with the colours of references, if there are any.

    Returns:
        (2, h, w), CIELAB units.
    """
    field = controlled(guided, planes.controls, own)
    if field is not own:
        outside = planes.within(0)
        ab = ab + krige(field, outside.ab, outside.mask)
        ab -= krige(own, outside.ab, outside.mask)
    if planes.labels is not None:
        inside = planes.labels > 0
        ab = np.where(inside, krige(field, planes.ab, planes.mask * inside, planes.labels), ab)
    return ab


def controlled(field: PhotoField, controls: Controls, own: PhotoField | None = None) -> PhotoField:
    """The field as the controls would have it; without a mode, the same one at their defaults.

    Args:
        field: of a photo, perhaps with colours of references.
        controls: of its hints.
        own: the field without references, whose colours are more or less vivid; those of
            references are as they should be. ``field`` itself if left out.
    """
    own = own or field
    if controls == Controls() and field.mode is None:
        return field
    adjusted = adjust(own.mean, own.mode, controls.vividness, controls.warmth)
    return replace(field, kernel=field.kernel.reaching(controls.reach), shift=adjusted - own.mean)


def adjust(mean: Array, mode: Array | None, vividness: float, warmth: float) -> Array:
    """The colours that no hint decides, more or less vivid and warm.

    Args:
        mean: (2, H, W), the mean of the colours a pixel may have, in CIELAB units.
        mode: (2, H, W), the likeliest of them, which is stronger; None if it is not known.
        vividness: 0 to 2. With a mode the mean at 0, :data:`VIVID` times its chroma at 1, the mode
            at 2, and a straight way in between; without one half the mean's chroma at 0, its own
            at 1, twice at 2. A mean of what may be is paler than anything that is.
        warmth: -1, cold, to 1, warm.

    Returns:
        (2, H, W), CIELAB units.

    >>> mean = np.array([4, -8], np.float32).reshape(2, 1, 1)
    >>> [adjust(mean, None, vividness, 0).ravel().tolist() for vividness in (0, 1, 2)]
    [[2.0, -4.0], [4.0, -8.0], [8.0, -16.0]]
    >>> [round(float(adjust(mean, 3 * mean, v, 0)[0, 0, 0]), 3) for v in (0, 1, 2)]
    [4.0, 4.8, 12.0]
    >>> adjust(mean, None, 1, -1).ravel().tolist()
    [-1.0, -23.0]
    """
    if mode is None:
        vivid = mean * 2 ** (vividness - 1)
    else:
        vivid = mean * (1 + (VIVID - 1) * min(vividness, 1))
        vivid += max(vividness - 1, 0) * (mode - VIVID * mean)
    shift = warmth * np.array(WARMEST).reshape(2, 1, 1)
    return np.asarray(vivid + shift, np.float32)
