"""Changing one's mind: undo and redo, the eraser, moving, deleting, zooming, comparing."""

import numpy as np
import pytest
from playwright.sync_api import expect

SUIT, WALL, ELSEWHERE = (0.33, 0.62), (0.66, 0.3), (0.27, 0.72)
ORANGE, BLUE = "#c8643c", "#6f8fc0"


def test_undo_and_redo_go_through_every_change(studio):
    grey = studio.colour_at(SUIT)
    studio.dab(SUIT, ORANGE)
    studio.wait_until_current()
    orange = studio.colour_at(SUIT)
    studio.dab(WALL, BLUE)
    studio.wait_for("hints", "2")

    studio.use("undo")
    studio.wait_for("hints", "1")
    studio.page.keyboard.press("Control+z")
    studio.wait_for("hints", "0")
    studio.wait_until_current()
    assert np.linalg.norm(studio.colour_at(SUIT) - grey) < 3
    expect(studio.page.get_by_test_id("undo")).to_be_disabled()

    studio.use("redo")
    studio.wait_for("hints", "1")
    studio.page.keyboard.press("Control+Shift+z")
    studio.wait_for("hints", "2")
    studio.wait_until_current()
    assert np.linalg.norm(studio.colour_at(SUIT) - orange) < 8


def test_the_eraser_takes_a_hint_away(studio):
    studio.dab(SUIT, ORANGE)
    studio.dab(WALL, BLUE)
    studio.wait_for("hints", "2")
    studio.use("tool-eraser")
    studio.drag([(SUIT[0] - 0.05, SUIT[1]), (SUIT[0] + 0.05, SUIT[1])])
    studio.wait_for("hints", "1")
    studio.wait_until_current()


def test_a_hint_can_be_moved(studio):
    studio.dab(SUIT, ORANGE)
    studio.wait_until_current()
    studio.use("tool-move")
    studio.drag([SUIT, WALL])
    studio.wait_until_current()
    assert studio.says("hints") == "1"
    # The bright wall shows a weaker orange than the suit.
    assert studio.colour_at(WALL)[0] > 10, "the colour did not come along"


def test_a_right_click_deletes_a_hint(studio):
    studio.dab(SUIT, ORANGE)
    studio.wait_for("hints", "1")
    studio.page.mouse.click(*studio.on_screen(SUIT), button="right")
    studio.wait_for("hints", "0")


def test_zooming_and_panning_leave_hints_at_their_place(studio):
    x, y = studio.on_screen(SUIT)
    studio.page.mouse.move(x, y)
    studio.page.keyboard.down("Control")
    for _ in range(5):
        studio.page.mouse.wheel(0, -120)
    studio.page.keyboard.up("Control")
    studio.page.keyboard.down("Space")
    studio.drag([SUIT, (SUIT[0] + 0.05, SUIT[1] - 0.05)])
    studio.page.keyboard.up("Space")
    assert studio.says("hints") == "0", "panning painted"
    assert studio.on_screen(SUIT) != pytest.approx((x, y), abs=2)

    studio.dab(SUIT, ORANGE)
    studio.use("zoom-fit")
    studio.wait_until_current()
    assert studio.on_screen(SUIT) == pytest.approx((x, y), abs=1)
    assert studio.colour_at(SUIT)[0] > 20


def test_holding_compare_shows_the_grey_photo(studio):
    studio.dab(SUIT, ORANGE)
    studio.wait_until_current()
    assert np.linalg.norm(studio.colour_at(SUIT)) > 20
    studio.page.get_by_test_id("compare").hover()
    studio.page.mouse.down()
    assert np.linalg.norm(studio.colour_at(SUIT)) < 2
    studio.page.mouse.up()
    assert np.linalg.norm(studio.colour_at(SUIT)) > 20


def test_without_webgl_the_picture_is_the_same(studio):
    studio.page.goto(f"{studio.page.url}?compositor=webgl2")
    studio.wait_until_coloured()
    assert studio.says("compositor") == "webgl2"
    studio.dab(SUIT, ORANGE)
    studio.wait_until_current()
    with_webgl = studio.picture().astype(int)
    studio.page.goto(studio.page.url.replace("=webgl2", "=2d"))
    studio.wait_until_coloured()
    studio.wait_until_current()
    assert studio.says("compositor") == "2d"
    difference = np.abs(studio.picture().astype(int) - with_webgl)
    assert difference.mean() < 2


def test_colours_come_where_the_composing_workers_cannot_start(studio):
    refused = []

    def refuse(route):
        refused.append(route.request.url)
        route.abort()

    studio.page.route("**/compose-worker*", refuse)
    studio.page.goto(f"{studio.page.url}?compositor=2d")
    studio.wait_until_coloured()
    before = studio.colour_at(SUIT)
    studio.dab(SUIT, ORANGE)
    studio.wait_until_current()
    assert np.linalg.norm(studio.colour_at(SUIT) - before) > 20
    assert refused, "no worker was asked for"
