"""Outlines that fence hints in, and the sliders for the whole photo."""

from playwright.sync_api import expect

from tests.e2e.test_predictions import saved_hints

AROUND_THE_SUIT = [
    (0.25, 0.62),
    (0.42, 0.5),
    (0.6, 0.55),
    (0.66, 0.75),
    (0.6, 0.97),
    (0.2, 0.97),
    (0.2, 0.75),
    (0.25, 0.62),
]
SUIT = (0.4, 0.7)
WALL = (0.75, 0.15)


def saved(studio):
    """The photo's hint set as the site has it."""
    studio.wait_until_current()
    address = studio.page.url.replace("/photos/", "/api/photos/") + "/hints"
    return studio.page.request.get(address).json()["hints"]


def test_a_hint_in_an_outline_acts_there_alone_and_the_outline_is_undone_like_hints(studio):
    studio.use("tool-lasso")
    studio.drag(AROUND_THE_SUIT)
    studio.use("tool-brush")
    before = studio.colour_at(WALL)
    studio.dab(SUIT, "#c0602a")
    hints = saved(studio)
    assert [hint["region"] for hint in hints["hints"]] == [0]
    assert abs(studio.colour_at(WALL) - before).max() < 3

    studio.use("region-delete")
    assert "regions" not in saved(studio)
    studio.use("undo")
    assert len(saved(studio)["regions"]) == 1
    studio.use("undo")
    studio.use("undo")
    assert saved(studio) == {"version": 1, "hints": []}


def test_an_outline_is_drawn_corner_by_corner_and_closed_by_enter(studio):
    page = studio.page
    studio.use("tool-lasso")
    for place in AROUND_THE_SUIT[:4]:
        page.mouse.click(*studio.on_screen(place))
    page.keyboard.press("Backspace")
    page.locator(".stage").focus()
    page.keyboard.press("Enter")
    (region,) = saved(studio)["regions"]
    assert len(region["points"]) == 3
    name = page.get_by_test_id("region-name")
    name.fill("Coat")
    name.press("Tab")
    assert saved(studio)["regions"][0]["name"] == "Coat"


def test_sliders_are_live_in_the_result_and_reset_by_a_double_click(studio):
    studio.dab(SUIT, "#c0602a")
    studio.wait_until_current()
    page = studio.page
    before = studio.colour_at(WALL)
    warmth = page.get_by_test_id("warmth")
    warmth.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    assert saved(studio)["warmth"] == 0.4
    assert studio.colour_at(WALL)[1] > before[1] + 1  # the dab decides some of it
    warmth.dblclick()
    assert "warmth" not in saved(studio)
    expect(page.get_by_test_id("warmth-row").locator("output")).to_have_text("0")
    assert len(saved_hints(studio)) == 1
