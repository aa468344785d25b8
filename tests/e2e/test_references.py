"""Colours from another photo: taken, set in strength, picked from, and refused where it is grey."""

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.test_controls import saved
from tests.support.pictures import astronaut, encoded, grey_astronaut

WALL = (0.75, 0.15)


def file(name: str, picture: Image.Image) -> dict[str, object]:
    """A picture as a file that the page gets."""
    return {"name": name, "mimeType": "image/png", "buffer": encoded(picture)}


def test_a_photo_gives_its_colours_as_strongly_as_wanted(studio):
    page = studio.page
    before = studio.picture().astype(int)
    tinted = np.asarray(astronaut()).copy()
    tinted[..., 2] //= 3
    studio.use("reference-choose")
    page.get_by_test_id("reference-file").set_input_files(file("like.png", Image.fromarray(tinted)))
    expect(page.get_by_test_id("reference")).to_have_count(1)
    assert len(saved(studio)["references"]) == 1
    full = np.abs(studio.picture().astype(int) - before).mean()
    assert full > 2, "its colours do not show"

    page.get_by_test_id("reference-pick").click()
    picked = page.get_by_test_id("hex").input_value()
    assert picked not in {"#8c8a88", "#000000"}

    slider = page.get_by_test_id("strength")
    slider.focus()
    page.keyboard.press("Home")
    assert saved(studio)["strength"] == 0
    studio.wait_until_current()
    assert np.abs(studio.picture().astype(int) - before).mean() < 1

    studio.use("reference-remove")
    assert "references" not in saved(studio)
    studio.use("undo")
    expect(page.get_by_test_id("reference")).to_have_count(1)


def test_a_grey_photo_has_no_colours_to_give(studio):
    page = studio.page
    studio.use("reference-choose")
    page.get_by_test_id("reference-file").set_input_files(
        file("grey.png", grey_astronaut(200, 200))
    )
    expect(page.get_by_test_id("toast")).to_contain_text("grey itself")
    expect(page.get_by_test_id("reference")).to_have_count(0)
