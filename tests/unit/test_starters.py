"""The colours to start with are those of the sources that the help page names."""

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import XKCD_COLORS

STARTERS = Path(__file__).parents[2] / "frontend" / "src" / "core" / "starters.ts"
COLORS = re.findall(r'name: "(.+?)", color: "(.+?)", source: "(.+?)"', STARTERS.read_text())

# CIELAB under D50 of four patches of the ColorChecker (GretagMacbeth, 2005).
COLORCHECKER = {
    "dark-skin": (37.99, 13.56, 14.06),
    "light-skin": (65.71, 18.13, 17.81),
    "blue-sky": (49.93, -4.88, -21.93),
    "foliage": (43.14, -13.10, 21.91),
}
# The Monk Skin Tone Scale (2022), lightest first.
MONK = [
    "f6ede4",
    "f3e7db",
    "f7ead0",
    "eadaba",
    "d7bd96",
    "a07e56",
    "825c43",
    "604134",
    "3a312a",
    "292420",
]
D50 = np.array([0.96422, 1, 0.82521])
# From D50 to D65 by Bradford's method, and from there to linear sRGB (Lindbloom).
D50_TO_D65 = np.array(
    [
        [0.9555766, -0.0230393, 0.0631636],
        [-0.0282895, 1.0099416, 0.0210077],
        [0.0122982, -0.0204830, 1.3299098],
    ]
)
XYZ_TO_RGB = np.array(
    [
        [3.2404542, -1.5371385, -0.4985314],
        [-0.9692660, 1.8760108, 0.0415560],
        [0.0556434, -0.2040259, 1.0572252],
    ]
)


def srgb_of(lightness, a, b):
    """8-bit sRGB of a colour in CIELAB under D50."""
    f = (lightness + 16) / 116 + np.array([a / 500, 0, -b / 200])
    xyz = D50 * np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    linear = XYZ_TO_RGB @ D50_TO_D65 @ xyz
    rgb = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return np.round(255 * rgb)


def of(source):
    return {name: color for name, color, by in COLORS if by == source}


def test_every_colour_names_its_source():
    assert len(COLORS) == STARTERS.read_text().count("name: ") - 1  # and one in the types
    assert {source for *_, source in COLORS} == {"colorchecker", "monk", "xkcd"}


def test_those_of_the_colorchecker_are_its_patches():
    assert of("colorchecker").keys() == COLORCHECKER.keys()
    for name, color in of("colorchecker").items():
        ours = np.array(list(bytes.fromhex(color[1:])))
        assert ours == pytest.approx(srgb_of(*COLORCHECKER[name]), abs=1), name


def test_skin_tones_are_those_of_monk_s_scale():
    assert of("monk") == {f"monk-{n}": f"#{color}" for n, color in enumerate(MONK, 1)}


def test_all_others_are_what_people_call_so():
    assert of("xkcd")
    for name, color in of("xkcd").items():
        assert XKCD_COLORS[f"xkcd:{name.replace('-', ' ')}"] == color
