"""The way of a first photo: upload, automatic colours, three hints, download, reload."""

import numpy as np
import pytest
from PIL import Image

from colorizer.color import rgb_to_lab
from colorizer.hints import HintSet
from tests.e2e.studio import Studio
from tests.support.pictures import FOLDER, grey_astronaut, pixels

SUIT, HAIR, WALL = (0.33, 0.62), (0.41, 0.075), (0.66, 0.3)
PAINTED = {SUIT: "#c8643c", HAIR: "#8a6a45", WALL: "#8fa3b8"}
SECONDS_TO_COLOUR = 3.0
AB_UNITS = 10.0


def ab_of(color: str) -> np.ndarray:
    """The (a, b) of a colour, as the hint set's own schema reads it."""
    hint = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.01, "color": color}
    return np.array(HintSet.parse({"version": 1, "hints": [hint]}).hints[0].ab)


def test_three_hints_colour_a_photo_and_the_download_keeps_its_lightness(studio):
    for count, (place, color) in enumerate(PAINTED.items(), 1):
        before = studio.colour_at(place)
        studio.choose(color)
        with studio.timing_a_stroke() as seconds:
            studio.dab(place)
        assert seconds() < SECONDS_TO_COLOUR
        studio.wait_for("hints", str(count))
        studio.wait_until_current()
        after = studio.colour_at(place)
        assert np.linalg.norm(after - before) > 3, "the colour on screen did not change"
        assert np.linalg.norm(after - ab_of(color)) < AB_UNITS, f"{color} is not what is seen"

    upload = np.asarray(grey_astronaut().convert("RGB"))
    result = pixels(studio.download("png"))
    assert result.shape == upload.shape
    lab = rgb_to_lab(result)
    difference = np.abs(lab[..., 0] - rgb_to_lab(upload)[..., 0])
    assert difference.max() <= 1.0, "the photo's own lightness was not kept"
    for (x, y), color in PAINTED.items():
        found = lab[int(y * studio.height), int(x * studio.width), 1:]
        assert np.linalg.norm(found - ab_of(color)) < AB_UNITS, f"{color} became {found}"


def test_a_photo_gets_colours_without_any_hint(studio):
    assert studio.says("hints") == "0"
    assert studio.says("chroma-revision") == "0"


def test_a_reload_loses_nothing(studio):
    studio.dab(SUIT, PAINTED[SUIT])
    studio.drag([(0.6, 0.2), (0.7, 0.25), (0.66, 0.3)], PAINTED[WALL])
    studio.wait_for("hints", "2")
    studio.wait_until_current()
    before = [studio.colour_at(place) for place in (SUIT, WALL)]

    studio.page.reload()

    studio.wait_until_coloured()
    studio.wait_for("hints", "2")
    studio.wait_until_current()
    after = [studio.colour_at(place) for place in (SUIT, WALL)]
    assert np.abs(np.array(after) - np.array(before)).max() < 3


def test_the_first_page_shows_the_photo_again(studio, server):
    address = studio.page.url
    studio.page.goto(server.url)
    studio.page.get_by_test_id("photo-card").first.click()
    studio.page.wait_for_url(address)
    studio.wait_until_coloured()


@pytest.mark.parametrize(("kind", "format_name"), [("jpeg", "JPEG"), ("webp", "WEBP")])
def test_other_formats_have_the_photos_full_size_too(studio, kind, format_name, tmp_path):
    studio.dab(SUIT, PAINTED[SUIT])
    studio.wait_until_current()
    file = tmp_path / "result"
    file.write_bytes(studio.download(kind))
    with Image.open(file) as picture:
        assert picture.format == format_name
        assert picture.size == (studio.width, studio.height)


def test_a_large_colour_photo_is_sharp_at_every_zoom(page, server):
    """What is on screen has the photo's own detail, not that of the small chroma map."""
    photo = Image.open(FOLDER / "hubble_deep_field.jpg").convert("RGB")
    studio = Studio.upload(page, server, photo)
    studio.use("zoom-100")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=photo-canvas]').dataset.viewScale === '1'"
    )
    seen = rgb_to_lab(studio.picture())[..., 0]
    left, top = (
        round(float(page.get_by_test_id("photo-canvas").get_attribute(f"data-view-{side}") or 0))
        for side in ("x", "y")
    )
    ours = (slice(300, 500), slice(300, 700))
    there = (slice(300 + top, 500 + top), slice(300 + left, 700 + left))
    lightness = rgb_to_lab(np.asarray(photo))[..., 0]
    assert np.abs(seen[there] - lightness[ours]).mean() < 1.0
    assert edges(seen[there]) > 0.95 * edges(lightness[ours])


def edges(lightness: np.ndarray) -> float:
    """How much neighbouring pixels differ, on average."""
    return float(np.abs(np.diff(lightness, axis=1)).mean())


def test_two_pages_of_one_photo_agree(studio):
    other_page = studio.page.context.new_page()
    other_page.goto(studio.page.url)
    other = Studio(other_page, studio.width, studio.height)
    other.wait_until_coloured()

    studio.dab(SUIT, PAINTED[SUIT])

    other.wait_for("hints", "1")
    other.wait_until_current()
    studio.wait_until_current()
    assert np.linalg.norm(other.colour_at(SUIT) - studio.colour_at(SUIT)) < 3
