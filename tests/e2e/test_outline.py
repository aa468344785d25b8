"""Tap-to-outline: the thing under the pointer lights up, is sized, and fences hints in."""

import re

from playwright.sync_api import expect

from colorizer.hints import HintSet
from tests.e2e.conftest import PHONE
from tests.e2e.studio import Studio
from tests.e2e.test_controls import saved

SUIT = (0.4, 0.7)
SOME = re.compile(r"^[1-9]\d*$")


def area(region) -> float:
    """The share of the photo in a region, by the shoelace rule."""
    points = region["points"]
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


def test_a_thing_lights_up_under_the_mouse_grows_by_the_wheel_and_is_taken_by_a_click(studio):
    page = studio.page
    studio.use("tool-lasso")
    studio.use("only-outline")
    page.mouse.move(*studio.on_screen(SUIT))
    studio.wait_for("thing", SOME)
    size = page.get_by_test_id("thing-size")
    before = float(size.input_value())
    page.mouse.wheel(0, -120)
    expect(size).not_to_have_value(str(before))
    studio.wait_for("thing-known", "true")

    page.mouse.click(*studio.on_screen(SUIT))

    (region,) = saved(studio)["regions"]
    assert 1e-4 < area(region) < 0.9
    studio.use("tool-brush")
    studio.dab(SUIT, "#c0602a")
    hints = saved(studio)
    assert [hint["region"] for hint in hints["hints"]] == [0]
    assert HintSet.parse(hints).regions


def test_a_thing_is_outlined_by_keys_alone(studio):
    page = studio.page
    page.locator(".stage").focus()
    page.keyboard.press("o")
    studio.wait_for("thing", SOME)
    page.keyboard.press("]")
    page.keyboard.press("ArrowDown")
    studio.wait_for("thing-known", "true")
    page.keyboard.press("Enter")
    assert len(saved(studio)["regions"]) == 1

    page.keyboard.press("o")
    studio.wait_for("thing", SOME)
    page.keyboard.press("Escape")
    studio.wait_for("thing", "0")
    assert len(saved(studio)["regions"]) == 1


def test_a_finger_lights_a_thing_up_and_takes_it(open_page, server):
    studio = Studio.upload(open_page(**PHONE), server)
    page = studio.page
    page.get_by_test_id("tool-lasso").tap()
    page.get_by_test_id("only-outline").tap()
    page.touchscreen.tap(*studio.on_screen(SUIT))
    studio.wait_for("thing", SOME)
    studio.wait_for("hints", "0")
    page.get_by_test_id("thing-take").tap()
    assert len(saved(studio)["regions"]) == 1
