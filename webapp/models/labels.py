"""The words of the public pages for protocols, figures and sample photographs."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LabelText = str | Promise

PROTOCOLS: dict[str, tuple[LabelText, LabelText, LabelText]] = {
    "report": (
        _("Many exact hints"),
        _("128 × 128 pixels, of which 1, 3 and 5 % have exact colours."),
        _("hinted pixels"),
    ),
    "points": (
        _("Few hints"),
        _("224 × 224 pixels; 0 to 200 hints of 2 × 2 pixels."),
        _("number of hints"),
    ),
    "strokes": (
        _("Strokes, as people paint"),
        _("256 pixels on the longer side; each stroke goes where the result is furthest off."),
        _("number of strokes"),
    ),
    "objects": (
        _("One thing in a chosen colour"),
        _("256 pixels on the longer side; dabs of a freely chosen colour on one thing."),
        _("number of dabs"),
    ),
    "colorfulness": (
        _("Colours without hints"),
        _("224 × 224 pixels; how colourful the result is before any hint."),
        _("number of hints"),
    ),
    "fullsize": (
        _("Large photographs"),
        _("Photographs at their own size, with 0, 10 and 100 points of true colour."),
        _("number of hints"),
    ),
}
"""For each protocol its title, what it does, and what its columns count."""

FIGURES: dict[str, tuple[LabelText, int]] = {
    "psnr": (_("PSNR in dB (higher is better)"), 2),
    "ssim": (_("SSIM (higher is better; grey alone scores high)"), 3),
    "ciede2000": (_("CIEDE2000 (lower is better)"), 2),
    "hint_error": (_("Distance between result and hint at the hints, in ab units"), 2),
    "strokes": (_("Strokes until the picture is that good (13 where 12 do not do)"), 1),
    "reached": (_("Share of the pictures that become that good"), 2),
    "soft_iou": (_("Soft IoU of what the dabs colour and the thing (higher is better)"), 3),
    "reach": (_("Reach: how far the thing goes to the dabs' colour (higher is better)"), 3),
    "leak": (_("Leak: how far everything else does (lower is better)"), 3),
    "mosaic": (_("Distance to a mosaic with one dab in each region, in ab units"), 1),
    "colorfulness": (_("Colourfulness (Hasler and Süsstrunk, 2003)"), 1),
    "correlation": (_("Correlation of the colourfulness with the truth's"), 2),
    "seconds": (_("Seconds a picture"), 3),
    "memory": (_("Peak of memory, MiB"), 0),
    "seconds_ratio": (_("Seconds, as a multiple of Pillow's"), 2),
    "memory_ratio": (_("Peak of memory, as a multiple of Pillow's"), 2),
}
"""For each figure its title and digits, in the order in which they are shown."""

PHOTOS: dict[str, LabelText] = {
    "astronaut": _("An astronaut before a flag"),
    "chelsea": _("A cat's face"),
    "coffee": _("A cup of coffee on a wooden table"),
    "rocket": _("A rocket at dusk"),
}

PLOTS: dict[str, LabelText] = {
    "history": _("The best value so far"),
    "importances": _("How much each setting matters"),
    "slice": _("Each setting and what it led to"),
    "parallel": _("All settings of each trial"),
    "epochs": _("Each trial, epoch by epoch"),
}
"""Optuna's plots of a search."""

TRIAL: dict[str, tuple[LabelText, str]] = {
    "number": (_("Trial"), "d"),
    "value": (_("PSNR, dB"), ".2f"),
    "learning_rate": (_("Learning rate"), ".2g"),
    "optimiser": (_("Optimiser"), "s"),
    "loss": (_("Loss"), "s"),
    "state": (_("State"), "s"),
    "best_epoch": (_("Best epoch"), "d"),
    "seconds": (_("Seconds"), ".0f"),
}
"""What is told of a trial: its heading, and how its values are written."""

STATES: dict[str, LabelText] = {
    "running": _("running"),
    "complete": _("complete"),
    "pruned": _("stopped early"),
    "fail": _("failed"),
    "interrupted": _("interrupted"),
}
"""How a trial stands."""
