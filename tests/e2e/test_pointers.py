"""Fingers and pens: a phone's screen, pinching, and a pen that draws where fingers then pan."""

import numpy as np
import pytest
from playwright.sync_api import CDPSession

from tests.e2e.conftest import PHONE
from tests.e2e.studio import Place, Studio

SUIT, WALL = (0.33, 0.62), (0.66, 0.3)
ORANGE = "#c8643c"


@pytest.fixture
def phone(open_page, server) -> Studio:
    """The studio on a phone."""
    return Studio.upload(open_page(**PHONE), server)


def touch(session: CDPSession, kind: str, *points: Place) -> None:
    """Send one touch event; ``points`` are all fingers that are down, in CSS pixels."""
    fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


def pen(session: CDPSession, kind: str, place: Place) -> None:
    """Send one pen event at a place in CSS pixels."""
    x, y = place
    event = {
        "type": kind,
        "x": x,
        "y": y,
        "button": "left",
        "buttons": 0 if kind == "mouseReleased" else 1,
        "clickCount": 1,
        "pointerType": "pen",
        "force": 0.6,
    }
    session.send("Input.dispatchMouseEvent", event)


def between(start: Place, end: Place, steps: int = 6) -> list[Place]:
    """Places on the way from one to another, both included."""
    return [tuple(place) for place in np.linspace(start, end, steps).tolist()]


def test_the_page_fits_a_phone(phone):
    width, inner = phone.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner, "the page scrolls sideways"
    box = phone.page.get_by_test_id("photo-canvas").bounding_box()
    assert box is not None
    assert box["width"] >= 0.9 * inner
    assert box["height"] >= 200


def test_a_tap_is_a_point_and_colours_the_photo(phone):
    phone.choose_swatch("brick")
    phone.page.touchscreen.tap(*phone.on_screen(SUIT))
    phone.wait_for("hints", "1")
    phone.wait_until_current()
    assert phone.colour_at(SUIT)[0] > 20


def test_a_finger_draws_a_stroke(phone):
    session = phone.page.context.new_cdp_session(phone.page)
    way = between(phone.on_screen(SUIT), phone.on_screen((0.45, 0.66)))
    touch(session, "touchStart", way[0])
    for place in way[1:]:
        touch(session, "touchMove", place)
    touch(session, "touchEnd")
    phone.wait_for("hints", "1")
    phone.wait_until_current()


def test_two_fingers_zoom_and_leave_no_hint(phone):
    session = phone.page.context.new_cdp_session(phone.page)
    canvas = phone.page.get_by_test_id("photo-canvas")
    before = float(canvas.get_attribute("data-view-scale") or 0)
    left = between(phone.on_screen((0.45, 0.5)), phone.on_screen((0.2, 0.5)))
    right = between(phone.on_screen((0.55, 0.5)), phone.on_screen((0.8, 0.5)))
    touch(session, "touchStart", left[0])
    touch(session, "touchStart", left[0], right[0])
    for fingers in zip(left, right, strict=True):
        touch(session, "touchMove", *fingers)
    touch(session, "touchEnd")
    phone.settle()
    assert float(canvas.get_attribute("data-view-scale") or 0) > 1.5 * before
    assert phone.says("hints") == "0"


def test_once_a_pen_draws_fingers_pan(open_page, server):
    studio = Studio.upload(open_page(has_touch=True), server)
    studio.choose(ORANGE)
    session = studio.page.context.new_cdp_session(studio.page)
    way = between(studio.on_screen(SUIT), studio.on_screen((0.4, 0.66)))
    pen(session, "mouseMoved", way[0])
    pen(session, "mousePressed", way[0])
    for place in way[1:]:
        pen(session, "mouseMoved", place)
    pen(session, "mouseReleased", way[-1])
    studio.wait_for("hints", "1")

    before = studio.on_screen(WALL)
    drag = between(before, (before[0] - 80, before[1] - 40))
    touch(session, "touchStart", drag[0])
    for place in drag[1:]:
        touch(session, "touchMove", place)
    touch(session, "touchEnd")
    studio.settle()
    assert studio.says("hints") == "1", "the palm painted"
    assert studio.on_screen(WALL) != pytest.approx(before, abs=5)
