"""Suggested colours, and where the network is unsure, as a person uses them."""

import base64
import json

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.e2e.studio import Studio
from tests.support.server import running_server

FACE = (0.45, 0.3)
SLEEVE = (0.3, 0.75)


@pytest.fixture(scope="module")
def server(tmp_path_factory, predicting_model):
    """A site whose model gives predictions."""
    with running_server(
        tmp_path_factory.mktemp("predictions"), MODEL=str(predicting_model)
    ) as started:
        yield started


def saved_hints(studio):
    """The photo's hints as the site has them."""
    studio.wait_until_current()
    address = studio.page.url.replace("/photos/", "/api/photos/") + "/hints"
    return studio.page.request.get(address).json()["hints"]["hints"]


def suggestions(studio):
    """The colours in the row, once they are for the place at hand."""
    row = studio.page.get_by_test_id("suggestions")
    expect(row).to_have_attribute("data-fresh", "true")
    return [
        button.get_attribute("data-color") for button in row.get_by_role("button").all()
    ]  # fmt: skip


def rest(studio, place):
    """Let the mouse rest on a place."""
    studio.page.mouse.move(*studio.on_screen(place))
    studio.wait_for("subject", "seen")
    return suggestions(studio)


def overlay(studio):
    """What lies over the photo, uint8 (H, W, 4)."""
    studio.settle()
    canvas = studio.page.get_by_test_id("overlay-canvas")
    width, height, data = canvas.evaluate(
        """canvas => {
            const { width, height } = canvas;
            const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
            return [width, height, btoa(pixels.reduce((t, v) => t + String.fromCharCode(v), ''))];
        }"""
    )
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


def test_a_suggested_colour_is_painted_with_and_another_one_recolours_the_hint(studio):
    first = rest(studio, FACE)
    assert len(first) == 6
    studio.page.keyboard.press("2")
    studio.page.mouse.down()
    studio.page.mouse.up()
    (hint,) = saved_hints(studio)
    assert hint["color"] == first[1]
    studio.wait_for("subject", "hint")
    again = suggestions(studio)
    studio.use("suggestion-3")
    (hint,) = saved_hints(studio)
    assert hint["color"] == again[2], "the hint that was just given takes the colour"
    studio.use("undo")
    (hint,) = saved_hints(studio)
    assert hint["color"] == first[1]


def test_another_place_has_other_suggestions_and_nothing_moves(studio):
    box = studio.page.get_by_test_id("palette-blue-sky").bounding_box
    before = box()
    face = rest(studio, FACE)
    studio.page.mouse.move(*studio.on_screen(SLEEVE), steps=3)
    studio.page.wait_for_function(
        """color => document.querySelector('[data-testid=suggestion-1]').dataset.color !== color
            && document.querySelector('[data-testid=suggestions]').dataset.fresh === 'true'""",
        arg=face[0],
    )
    assert box() == before


def test_uncertainty_is_shown_and_leads_to_the_place_for_the_next_hint(studio):
    page = studio.page
    assert overlay(studio)[..., 3].mean() < 5
    page.keyboard.press("d")
    studio.wait_for("shows-uncertainty", "true")
    expect(page.get_by_test_id("uncertainty-legend")).to_be_visible()
    shown = overlay(studio)
    assert (shown[..., 3] > 40).mean() > 0.3, "the map lies over the photo"
    page.keyboard.press("n")
    studio.wait_for("subject", "marked")
    first = suggestions(studio)
    page.keyboard.press("1")
    (hint,) = saved_hints(studio)
    assert hint["color"] == first[0]
    page.keyboard.press("n")
    studio.wait_for("subject", "marked")
    suggestions(studio)
    page.keyboard.press("1")
    studio.wait_for("hints", "2")
    one, other = saved_hints(studio)
    apart = np.hypot(one["x"] - other["x"], one["y"] - other["y"])
    assert apart > 0.08, "the next place is another one"
    page.keyboard.press("d")
    studio.wait_for("shows-uncertainty", "false")
    assert (overlay(studio)[..., 3] > 40).mean() < 0.05


def test_on_a_phone_all_of_it_goes_by_touch_and_in_korean(open_page, server):
    studio = Studio.upload(open_page(locale="ko-KR", **PHONE), server)
    page = studio.page
    page.touchscreen.tap(*studio.on_screen(FACE))
    studio.wait_for("hints", "1")
    colors = suggestions(studio)
    page.get_by_test_id("suggestion-2").tap()
    (hint,) = saved_hints(studio)
    assert hint["color"] == colors[1]
    page.get_by_role("button", name="어디가 불확실한가요?").tap()
    studio.wait_for("shows-uncertainty", "true")
    page.get_by_role("button", name="힌트가 필요한 다음 곳").tap()
    studio.wait_for("subject", "marked")
    suggestions(studio)
    page.get_by_test_id("suggestion-1").tap()
    studio.wait_for("hints", "2")


def test_a_place_tapped_with_the_move_tool_can_be_given_a_hint(open_page, server):
    studio = Studio.upload(open_page(**PHONE), server)
    studio.use("tool-move")
    studio.page.touchscreen.tap(*studio.on_screen(SLEEVE))
    studio.wait_for("subject", "marked")
    colors = suggestions(studio)
    studio.page.get_by_test_id("suggestion-1").tap()
    (hint,) = saved_hints(studio)
    assert (round(hint["x"], 2), round(hint["y"], 2)) == pytest.approx(SLEEVE, abs=0.02)
    assert hint["color"] == colors[0]


def test_a_model_that_no_longer_answers_takes_all_of_it_away(open_page, server):
    studio = Studio.upload(open_page(expected=("409",)), server)
    expect(studio.page.get_by_test_id("uncertainty")).to_be_visible()
    problem = {"status": 409, "code": "no_opinions", "detail": "It has none."}
    studio.page.route(
        "**/suggestions", lambda route: route.fulfill(status=409, body=json.dumps(problem))
    )
    studio.page.mouse.move(*studio.on_screen(FACE))
    expect(studio.page.get_by_test_id("uncertainty")).to_have_count(0)
    expect(studio.page.get_by_test_id("suggestions")).to_have_count(0)


def test_the_first_dab_takes_the_likeliest_colour_of_its_place_and_the_picker_follows(studio):
    first = rest(studio, FACE)
    studio.page.mouse.down()
    studio.page.mouse.up()
    (hint,) = saved_hints(studio)
    assert hint["color"] == first[0]
    expect(studio.page.get_by_test_id("hex")).to_have_value(first[0])

    # A place that nothing was asked about gets its colour as soon as that is known.
    studio.dab(SLEEVE)
    studio.wait_for("hints", "2")
    expect(studio.page.get_by_test_id("suggestions")).to_have_attribute("aria-busy", "false")
    likeliest = suggestions(studio)[0]
    assert saved_hints(studio)[1]["color"] == likeliest
    studio.use("undo")
    assert len(saved_hints(studio)) == 1, "the dab and its colour are one step"
