"""Nothing is lost by a click, a reload or another language; undo takes back one's own steps."""

import re

from playwright.sync_api import expect

from tests.e2e.studio import Studio

PLACES = ((0.35, 0.75), (0.6, 0.2))


def test_deleted_hints_come_back_by_the_notice(studio):
    for place in PLACES:
        studio.dab(place, "#a3553f")
    studio.use("delete-all")
    studio.wait_for("hints", "0")

    studio.use("toast-remedy")

    studio.wait_for("hints", "2")


def test_deleted_hints_come_back_after_a_reload_and_in_another_language(studio):
    page = studio.page
    for place in PLACES:
        studio.dab(place, "#a3553f")
    studio.use("delete-all")
    studio.wait_for("hints", "0")
    studio.wait_until_current()

    page.reload()
    studio.wait_until_coloured()
    page.get_by_test_id("language-ko").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    studio.wait_until_coloured()
    studio.wait_for("hints", "0")
    undo = page.get_by_test_id("undo")
    expect(undo).to_be_enabled()

    undo.click()
    studio.wait_for("hints", "2")
    undo.click()
    studio.wait_for("hints", "1")
    page.get_by_test_id("redo").click()
    studio.wait_for("hints", "2")


def test_undo_takes_back_ones_own_step_and_not_another_pages(studio):
    other_page = studio.page.context.new_page()
    other_page.goto(studio.page.url)
    other = Studio(other_page, studio.width, studio.height)
    other.wait_until_coloured()
    studio.dab(PLACES[0], "#a3553f")
    other.wait_for("hints", "1")
    other.dab(PLACES[1], "#4a6a94")
    studio.wait_for("hints", "2")

    studio.use("undo")

    studio.wait_for("hints", "1")
    other.wait_for("hints", "1")
    left = studio.page.get_by_test_id("hint-item").locator(".swatch-dot")
    expect(left).to_have_attribute("style", re.compile("#4a6a94"))
    expect(studio.page.get_by_test_id("undo")).to_be_disabled()
