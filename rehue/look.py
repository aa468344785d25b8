"""How photos that are coloured here look: by controls, and by photos whose colours they take."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from colorizer import intake
from colorizer.color import Pixels
from colorizer.hints import CONTROLS, HintSet
from colorizer.intake import IntakeError
from rehue.errors import RehueError
from rehue.messages import gettext

if TYPE_CHECKING:
    from colorizer.engine import Colorizer
    from colorizer.reference import Reference


@dataclass(frozen=True)
class Look:
    """What is asked for all photos alike.

    Attributes:
        controls: those that were named; they go before those of a photo's hints.
        references: photos whose colours are taken.
        strength: of the references, from 0 to 1.
    """

    controls: Mapping[str, float]
    references: tuple[Reference, ...]
    strength: float

    @classmethod
    def of(cls, options: argparse.Namespace, colorizer: Colorizer) -> Look:
        """Return the look that a call asks for.

        Raises:
            RehueError: a photo cannot be a reference.
        """
        requested = {name: getattr(options, name) for name in CONTROLS}
        return cls(
            controls={name: value for name, value in requested.items() if value is not None},
            references=tuple(_reference(colorizer, path) for path in options.like),
            strength=options.like_strength,
        )

    def colorize(self, colorizer: Colorizer, pixels: Pixels, hints: HintSet) -> Pixels:
        """Colour a photo so: (H, W) or (H, W, 3) in, (H, W, 3) out."""
        return colorizer.colorize(
            pixels,
            replace(hints, controls=replace(hints.controls, **self.controls)),
            references=self.references,
            strength=self.strength,
        )


def _reference(colorizer: Colorizer, path: Path) -> Reference:
    from colorizer.reference import NoColorsError

    message = gettext("%(path)s: %(reason)s")
    try:
        return colorizer.reference(intake.read(path).pixels)
    except IntakeError as error:
        reason = error.translated(gettext)
    except OSError as error:
        reason = error.strerror or str(error)
    except NoColorsError as error:
        reason = str(error)
    raise RehueError(message % {"path": path, "reason": reason})
