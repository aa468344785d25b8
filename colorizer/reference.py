"""Colours of other photos, taken by look: what is alike there and here has like colours.

That is kriging by the embedding alone. Some pixels of the other photo, with their true colours, are
the observations; where they lie says nothing of a place in this one, so that distance in place does
not count. What they predict becomes the mean that hints are kriged around.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from colorizer.color import Array
from colorizer.field import PhotoField
from colorizer.kriging import Observations, predict
from colorizer.samplers import seeded

MAX_OBSERVATIONS = 200
"""Of one reference."""
NUGGET = 0.5
"""Variance of the colours of pixels that look alike, as a share of the partial sill."""
MIN_CHROMA = 3.0
"""Mean distance of a photo's colours from grey, in CIELAB units, below which it counts as grey."""


class NoColorsError(ValueError):
    """A photo cannot be a reference; the message says why, for people to read."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is taken from a photo to give its colours to others."""

    observations: Observations

    @classmethod
    def of(cls, field: PhotoField, ab: Array) -> "Reference":
        """Take some pixels of a photo with colours, always the same ones.

        Args:
            field: of the photo's lightness.
            ab: (2, H, W), its true colours in CIELAB units.

        Raises:
            NoColorsError: it has none.
        """
        if np.hypot(*ab).mean() < MIN_CHROMA:
            raise NoColorsError("A photo without colours cannot give any.")
        size = field.scale.size
        rng = seeded("reference", size)
        chosen = rng.choice(size, min(size, MAX_OBSERVATIONS), replace=False)
        scale = field.scale.reshape(size)[chosen].astype(np.float64)
        embedding, things = (
            plane.reshape(size, -1)[chosen].astype(np.float64)
            for plane in (field.embedding, field.thing_embedding)
        )
        observations = Observations(
            pixel=np.column_stack(np.divmod(chosen, ab.shape[2])).astype(np.float64),
            embedding=embedding,
            thing_embedding=things,
            scale=scale,
            residual=(ab - field.mean).reshape(2, size).T[chosen].astype(np.float64),
            nugget=NUGGET * field.kernel.partial_sill * scale**2,
            plausibility=np.ones(len(chosen)),
        )
        return cls(observations)


def guided(field: PhotoField, references: Sequence[Reference], strength: float) -> PhotoField:
    """The field with the references' colours as its mean.

    Args:
        field: of the photo that is to be coloured.
        references: photos with colours; those of one network's fields.
        strength: 0, none of them, to 1, all that they say.
    """
    if not references:
        return field
    together = Observations(
        *(
            np.concatenate([getattr(one.observations, name.name) for one in references])
            for name in fields(Observations)
        )
    )
    by_look = replace(field.kernel, range_x=np.inf, range_y=np.inf)
    height, width = field.scale.shape
    predicted = predict(replace(field, kernel=by_look), together, (0, height, 0, width))
    change = np.float32(strength) * (predicted - field.mean)
    return replace(field, mean=field.mean + change)
