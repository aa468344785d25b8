"""The first minutes: a photo to try, a guide, and a first dab that knows its place."""

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.studio import Studio


def test_a_photo_to_try_is_offered_on_the_first_page(page, server):
    page.goto(server.url)

    page.get_by_test_id("try-sample").click()

    page.wait_for_url("**/photos/*")
    Studio(page, 512, 512).wait_until_coloured()


def test_a_photo_to_try_is_offered_in_an_empty_gallery(page, server):
    page.goto(f"{server.url}/photos")

    page.get_by_test_id("gallery-empty").get_by_test_id("try-sample").click()

    expect(page.locator(".card")).to_have_count(1)


def test_the_guide_follows_what_is_done_is_skipped_and_comes_again(open_page, server):
    studio = Studio.upload(open_page(newcomer=True), server)
    guide = studio.page.get_by_test_id("guide")
    expect(guide).to_have_attribute("data-step", "1")
    studio.dab((0.35, 0.75))
    expect(guide).to_have_attribute("data-step", "2")
    studio.use("guide-skip")
    expect(guide).to_have_count(0)

    studio.page.reload()
    studio.wait_until_coloured()
    expect(guide).to_have_count(0)

    studio.use("photo-menu")
    studio.use("photo-guide")
    expect(guide).to_have_attribute("data-step", "1")


def test_a_colour_that_cannot_show_is_marked_at_its_place(page, server):
    studio = Studio.upload(page, server, Image.new("RGB", (300, 200), (254, 254, 254)))

    studio.dab((0.5, 0.5), "#2f3f73")

    note = page.get_by_test_id("faint")
    expect(note).to_contain_text("Nearly white")
    box = note.bounding_box()
    x, y = studio.on_screen((0.5, 0.5))
    assert box
    assert box["x"] < x < box["x"] + box["width"]
    assert 0 < box["y"] - y < 60
