"""Hints by keys and clipboard: all chosen, moved, recoloured, copied, pasted; lines; comparing."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.e2e.studio import Studio
from tests.e2e.test_controls import saved
from tests.support.pictures import grey_astronaut

PLACES = ((0.3, 0.7), (0.6, 0.3))


def hints(studio):
    """The saved hints."""
    return saved(studio)["hints"]


@pytest.fixture
def two(studio):
    """A studio with two dabs."""
    for place in PLACES:
        studio.dab(place, "#c0602a")
    studio.wait_until_current()
    return studio


def test_all_hints_are_chosen_moved_recoloured_and_deleted_by_keys(two):
    page = two.page
    before = hints(two)
    page.locator(".stage").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+ArrowRight")
    moved = hints(two)
    for old, new in zip(before, moved, strict=True):
        assert new["x"] - old["x"] == pytest.approx(0.02, abs=0.002)
        assert new["y"] == old["y"]

    two.choose("#2f7f8c")
    assert {hint["color"] for hint in hints(two)} == {"#2f7f8c"}

    page.locator(".stage").focus()
    page.keyboard.press("Delete")
    two.wait_for("hints", "0")
    page.keyboard.press("Control+z")
    two.wait_for("hints", "2")


def test_hints_are_copied_by_keys_and_pasted_into_another_photo(two, server):
    page = two.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    copied = hints(two)
    page.locator(".stage").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")

    other = Studio.upload(page, server, grey_astronaut(400, 400))
    page.locator(".stage").focus()
    page.keyboard.press("Control+v")

    other.wait_for("hints", "2")
    assert [hint["color"] for hint in hints(other)] == [hint["color"] for hint in copied]


def test_shift_and_a_click_draw_a_line_from_the_last_dab(studio):
    studio.dab(PLACES[0], "#c0602a")
    studio.page.keyboard.down("Shift")
    studio.dab(PLACES[1])
    studio.page.keyboard.up("Shift")
    line = hints(studio)[-1]
    assert line["type"] == "stroke"
    ends = [line["points"][0], line["points"][-1]]
    for end, place in zip(ends, PLACES, strict=True):
        assert end == pytest.approx(place, abs=0.01)


def test_grey_and_colour_are_compared_by_keys(two):
    page = two.page
    page.keyboard.down("c")
    assert two.colourfulness() < 1
    page.keyboard.up("c")
    assert two.colourfulness() > 2
    page.keyboard.press("Shift+c")
    line = page.get_by_test_id("split")
    line.focus()
    at = float(line.get_attribute("aria-valuenow") or "nan")
    page.keyboard.press("ArrowLeft")
    assert float(line.get_attribute("aria-valuenow") or "nan") < at
    page.keyboard.press("Shift+c")
    expect(line).to_have_count(0)


def test_a_phone_lists_gestures_in_place_of_keys(open_page, server):
    studio = Studio.upload(open_page(**PHONE), server)
    page = studio.page
    page.get_by_test_id("photo-menu").tap()
    page.locator(".menu-list").get_by_text("Gestures").tap()
    expect(page.get_by_test_id("shortcuts")).to_be_visible()
    expect(page.get_by_test_id("shortcuts")).to_contain_text("fingers")
    expect(page.get_by_test_id("shortcuts")).not_to_contain_text("Ctrl")
