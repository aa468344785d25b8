"""The history as a tree: name, go back, branch, compare and delete, by mouse and by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.e2e.studio import Studio
from tests.e2e.test_accessible import faults

SPOT = (0.33, 0.62)


def name_state(studio, name, *, by_keyboard=False):
    page = studio.page
    studio.wait_until_current()
    page.once("dialog", lambda dialog: dialog.accept(name))
    button = page.get_by_test_id("name-state")
    if by_keyboard:
        button.focus()
        page.keyboard.press("Enter")
    else:
        button.click()
    expect(version(studio, name)).to_have_count(1)


def version(studio, name):
    named = studio.page.locator("strong", has_text=name)
    return studio.page.get_by_test_id("version").filter(has=named)


def open_history(studio, *, by_keyboard=False):
    summary = studio.page.get_by_test_id("versions").locator("summary")
    if by_keyboard:
        summary.focus()
        studio.page.keyboard.press("Enter")
    else:
        summary.click()


def go_back(studio, name, *, by_keyboard=False):
    button = version(studio, name).get_by_test_id("version-restore")
    if by_keyboard:
        button.focus()
        studio.page.keyboard.press("Enter")
    else:
        button.click()


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
def test_work_after_going_back_is_drawn_as_a_branch(studio, by_keyboard):
    page = studio.page
    open_history(studio, by_keyboard=by_keyboard)
    studio.dab(SPOT, "#c8643c")
    name_state(studio, "Red coat", by_keyboard=by_keyboard)
    studio.dab((0.8, 0.2), "#3c64c8")
    name_state(studio, "Blue sky", by_keyboard=by_keyboard)
    studio.dab((0.2, 0.2), "#3cc864")
    studio.wait_until_current()
    go_back(studio, "Red coat", by_keyboard=by_keyboard)
    studio.wait_for("hints", "1")
    studio.dab((0.6, 0.8), "#c8c83c")
    name_state(studio, "Yellow coat", by_keyboard=by_keyboard)

    rows = page.get_by_test_id("version")
    expect(rows).to_have_count(4)  # what stood on screen before going back is a point, too
    expect(rows.first).to_contain_text("Yellow coat")
    expect(version(studio, "Yellow coat").get_by_test_id("version-parent")).to_contain_text(
        "Red coat"
    )
    assert [row.get_attribute("data-lane") for row in rows.all()] == ["0", "1", "1", "0"]
    expect(rows.nth(1)).to_contain_text("3 hints")
    assert faults(page) == []

    page.once("dialog", lambda dialog: dialog.accept())
    version(studio, "Blue sky").get_by_test_id("version-delete").click()
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("3 hints")
    version(studio, "Red coat").get_by_test_id("version-compare").click()
    expect(page.get_by_test_id("earlier")).to_be_visible()


def test_the_second_of_two_tabs_that_delete_a_point_reads_so(open_page, server):
    page = open_page(expected=("404",))
    studio = Studio.upload(page, server)
    open_history(studio)
    studio.dab(SPOT, "#c8643c")
    name_state(studio, "Red coat")
    other = Studio(page.context.new_page(), studio.width, studio.height)
    other.page.goto(page.url)
    other.wait_until_coloured()
    open_history(other)
    expect(other.page.get_by_test_id("version")).to_have_count(1)
    for tab in (studio, other):
        tab.page.once("dialog", lambda dialog: dialog.accept())
        version(tab, "Red coat").get_by_test_id("version-delete").click()
        expect(tab.page.get_by_test_id("version")).to_have_count(0)
    expect(other.page.get_by_test_id("toast").last).to_contain_text("another window")
    assert other.says("hints") == "1"


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
def test_two_points_are_compared_with_each_other(studio, by_keyboard):
    page = studio.page
    open_history(studio)
    for name, place, color in (("Red coat", SPOT, "#c8643c"), ("Blue sky", (0.8, 0.2), "#3c64c8")):
        studio.dab(place, color)
        name_state(studio, name)

    compare(studio, "Red coat", by_keyboard=by_keyboard)
    expect(page.get_by_test_id("later")).to_have_count(0)
    compare(studio, "Blue sky", by_keyboard=by_keyboard)
    page.get_by_test_id("split").focus()
    page.keyboard.press("ArrowLeft")
    corner = studio.on_screen((0, 0))
    for side, name in (("earlier", "Red coat"), ("later", "Blue sky")):
        expect(page.get_by_test_id(side)).to_have_text(name)
        image = page.get_by_test_id(side).locator("img")
        assert image.evaluate("async image => (await image.decode(), image.naturalWidth)") == 512
        box = image.bounding_box()
        assert box
        assert (box["x"], box["y"]) == pytest.approx(corner, abs=1)
    sides = [page.get_by_test_id(side).bounding_box() for side in ("earlier", "later")]
    assert sides[0]["x"] + sides[0]["width"] == pytest.approx(sides[1]["x"], abs=1)
    assert faults(page) == []

    compare(studio, "Red coat", by_keyboard=by_keyboard)
    expect(page.get_by_test_id("earlier")).to_have_text("Blue sky")
    expect(page.get_by_test_id("later")).to_have_count(0)
    page.once("dialog", lambda dialog: dialog.accept())
    version(studio, "Blue sky").get_by_test_id("version-delete").click()
    expect(page.get_by_test_id("split")).to_have_count(0)


def compare(studio, name, *, by_keyboard):
    button = version(studio, name).get_by_test_id("version-compare")
    if by_keyboard:
        button.focus()
        studio.page.keyboard.press("Enter")
    else:
        button.click()
