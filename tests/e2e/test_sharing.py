"""A photo is shared by a link from its menu, seen by a stranger, and the link taken back."""

from playwright.sync_api import expect

from tests.e2e.studio import Studio
from tests.support.pictures import grey_astronaut


def test_a_link_is_made_followed_by_a_stranger_and_taken_back(open_page, server):
    page = open_page()
    page.goto(f"{server.url}/account/signup/")
    page.fill("[name=email]", "sharing@example.org")
    page.fill("[name=password1]", "a long enough secret")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_test_id("account-menu")).to_be_visible()
    studio = Studio.upload(page, server, grey_astronaut(300, 200))
    studio.use("photo-menu")
    studio.use("photo-share")
    page.get_by_test_id("share-password").fill("open sesame")
    studio.use("share-make")
    address = page.get_by_test_id("share-url").input_value()

    stranger = open_page(expected=("404", "403"))
    stranger.goto(address)
    stranger.get_by_label("Password").fill("open sesame")
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_text("An interpretation: the colours")).to_be_visible()
    pictures = stranger.locator(".shared img")
    expect(pictures).to_have_count(2)
    for at in range(2):
        assert pictures.nth(at).evaluate("async (image) => (await image.decode(), image.width)") > 0

    studio.use("share-revoke")
    expect(page.get_by_test_id("share")).to_have_count(0)
    assert stranger.goto(address).status == 404
    expect(stranger.get_by_role("heading")).to_contain_text("opens nothing")
