"""A press that closes something paints nothing; bars step aside for the hand that paints."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.e2e.studio import Studio

SPOT = (0.3, 0.4)


@pytest.mark.parametrize("opener", ["download", "photo-menu"])
def test_a_press_that_closes_a_menu_paints_nothing(studio, opener):
    page = studio.page
    studio.use(opener)
    expect(page.locator(".menu-list")).to_be_visible()

    studio.dab(SPOT)

    expect(page.locator(".menu-list")).to_have_count(0)
    studio.wait_for("hints", "0")
    studio.dab(SPOT)
    studio.wait_for("hints", "1")


@pytest.mark.parametrize("opener", ["download", "photo-menu", "shortcuts-open"])
def test_escape_closes_what_is_open(studio, opener):
    page = studio.page
    opened = page.locator(".menu-list, dialog[open]")
    studio.use(opener)
    expect(opened).to_be_visible()

    page.keyboard.press("Escape")

    expect(opened).to_have_count(0)


def test_a_tap_beside_the_sheet_of_colours_closes_it_and_paints_nothing(open_page, server):
    studio = Studio.upload(open_page(**PHONE), server)
    page = studio.page
    page.get_by_test_id("panel-open").tap()
    expect(page.locator(".panel")).to_be_visible()

    page.touchscreen.tap(*studio.on_screen((0.5, 0.15)))

    expect(page.locator(".panel")).to_be_hidden()
    studio.wait_for("hints", "0")


def test_a_fitted_photo_lies_under_no_bar_and_bars_let_the_hand_pass(studio):
    page = studio.page
    tools = page.locator(".floating-tools").bounding_box()
    zoom = page.locator(".floating-zoom").bounding_box()
    left, top = studio.on_screen((0, 0))
    _, bottom = studio.on_screen((1, 1))
    assert tools
    assert zoom
    assert left >= tools["x"] + tools["width"]
    assert bottom <= zoom["y"]

    page.mouse.move(left + 40, top + 40)
    page.mouse.down()
    expect(page.locator(".floating-tools")).to_have_css("pointer-events", "none")
    page.mouse.up()
    expect(page.locator(".floating-tools")).to_have_css("pointer-events", "auto")
