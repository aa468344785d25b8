"""Palettes: made in the studio, seen on another device, shared by a link, and taken back."""

import re

from playwright.sync_api import expect

from tests.e2e.studio import Studio
from tests.support.pictures import grey_astronaut

PASSWORD = "a long enough secret"


def sign_up(page, server, email):
    page.goto(f"{server.url}/account/signup/")
    page.fill("[name=email]", email)
    page.fill("[name=password1]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_test_id("account-menu")).to_be_visible()


def choose(page, label):
    page.get_by_test_id("palettes").select_option(label=label)


def swatches(page):
    return page.locator(".panel rehue-palette .swatch")


def test_a_palette_is_made_seen_on_a_second_device_shared_and_taken_back(open_page, server):
    page = open_page()
    sign_up(page, server, "palettes@example.org")
    studio = Studio.upload(page, server, grey_astronaut(300, 200))
    choose(page, "Plants")
    expect(swatches(page)).to_have_count(8)
    studio.use("palette-moss")
    choose(page, "New palette …")
    page.get_by_test_id("palette-name").fill("Garden, 1931")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("palettes").locator("option:checked")).to_have_text("Garden, 1931")
    expect(swatches(page)).to_have_count(1)
    choose(page, "Earth and stone")
    studio.use("palette-clay")
    choose(page, "Garden, 1931")
    studio.use("palette-put")
    expect(swatches(page)).to_have_count(2)
    studio.use("palette-put")  # what is in it is not added again
    expect(swatches(page)).to_have_count(2)

    page.reload()
    expect(page.get_by_test_id("palettes").locator("option:checked")).to_have_text("Garden, 1931")
    device = open_page()
    device.goto(f"{server.url}/account/login/")
    device.fill("[name=login]", "palettes@example.org")
    device.fill("[name=password]", PASSWORD)
    device.locator("main form button[type=submit]").click()
    expect(device.get_by_test_id("account-menu")).to_be_visible()
    device.goto(page.url)
    choose(device, "Garden, 1931")
    expect(swatches(device)).to_have_count(2)
    swatches(device).nth(1).click()
    expect(swatches(device).nth(1)).to_have_attribute("aria-pressed", "true")

    studio.use("palette-edit")
    studio.use("palette-share")
    address = page.get_by_test_id("palette-url").input_value()
    stranger = open_page(expected=("404",))
    sign_up(stranger, server, "stranger@example.org")
    stranger.goto(address)
    expect(stranger.get_by_test_id("shared-color")).to_have_text(
        [re.compile("#769958"), re.compile("#b66a50")]
    )
    stranger.get_by_test_id("palette-copy").click()
    expect(stranger.get_by_role("status")).to_contain_text("Garden, 1931")
    studio.use("palette-revoke")
    expect(page.get_by_test_id("palette-share")).to_be_visible()
    assert stranger.goto(address).status == 404

    other = Studio.upload(stranger, server, grey_astronaut(200, 300))
    choose(stranger, "Garden, 1931")
    other.use("palette-edit")
    stranger.get_by_role("button", name="Remove #769958").click()
    expect(swatches(stranger)).to_have_count(1)
    other.use("palette-delete")
    expect(stranger.get_by_test_id("palettes").locator("option:checked")).to_have_text(
        "Natural colours"
    )
    expect(swatches(page)).to_have_count(2)


def test_a_name_in_use_is_refused_and_a_guest_is_led_to_sign_up(open_page, server):
    page = open_page(expected=("409",))
    sign_up(page, server, "namesake@example.org")
    Studio.upload(page, server, grey_astronaut(300, 200))
    for name in ("Coast", "coast"):
        choose(page, "New palette …")
        page.get_by_test_id("palette-name").fill(name)
        page.keyboard.press("Enter")
    expect(page.get_by_test_id("palette-problem")).to_contain_text("palette of that name")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("palette-dialog")).not_to_be_visible()

    guest = open_page()
    Studio.upload(guest, server, grey_astronaut(300, 200))
    choose(guest, "New palette …")
    expect(guest.get_by_test_id("palette-dialog").get_by_role("link")).to_have_text("Sign up")
