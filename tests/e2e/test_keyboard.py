"""Everything without a mouse: upload, paint by coordinates, correct, download."""

from playwright.sync_api import Page, expect

from tests.e2e.studio import Studio
from tests.support.pictures import encoded, grey_astronaut

MAX_TABS = 80


def tab_to(page: Page, test_id: str) -> None:
    """Press Tab until the element, or something in it, has the focus."""
    tab_to_selector(page, f'[data-testid="{test_id}"]')


def tab_to_selector(page: Page, selector: str) -> None:
    """As ``tab_to``, for what has no test id."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("css => document.activeElement.closest(css) !== null", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_a_photo_is_uploaded_painted_and_downloaded_by_keyboard_alone(page, server):
    page.goto(server.url)
    with page.expect_file_chooser() as chooser:
        tab_to(page, "drop-zone")
        page.keyboard.press("Enter")
    chooser.value.set_files(
        {"name": "p.png", "mimeType": "image/png", "buffer": encoded(grey_astronaut())}
    )
    page.wait_for_url("**/photos/*")
    studio = Studio(page, 512, 512)
    studio.wait_until_coloured()

    tab_to(page, "hex")
    page.keyboard.press("Control+a")
    page.keyboard.type("#c8643c")
    page.keyboard.press("Enter")
    tab_to_selector(page, ".add-hint summary")
    page.keyboard.press("Enter")
    tab_to(page, "hint-add-x")
    page.keyboard.press("Control+a")
    page.keyboard.type("33")
    tab_to(page, "hint-add-y")
    page.keyboard.press("Control+a")
    page.keyboard.type("62")
    tab_to(page, "hint-add")
    page.keyboard.press("Enter")
    studio.wait_for("hints", "1")
    studio.wait_until_current()
    assert studio.colour_at((0.33, 0.62))[0] > 20

    page.keyboard.press("Control+z")
    studio.wait_for("hints", "0")
    page.keyboard.press("Control+Shift+z")
    studio.wait_for("hints", "1")

    tab_to(page, "download")
    page.keyboard.press("Enter")
    tab_to(page, "download-png")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.path().stat().st_size > 0


def test_a_hint_is_deleted_from_the_list_by_keyboard(studio):
    studio.dab((0.33, 0.62), "#c8643c")
    studio.wait_for("hints", "1")
    tab_to(studio.page, "hint-delete")
    studio.page.keyboard.press("Enter")
    studio.wait_for("hints", "0")


def test_the_list_of_shortcuts_opens_and_closes(studio):
    studio.page.locator("body").press("?")
    expect(studio.page.get_by_test_id("shortcuts")).to_be_visible()
    studio.page.keyboard.press("Escape")
    expect(studio.page.get_by_test_id("shortcuts")).to_be_hidden()


def test_keys_choose_tools(studio):
    for key, tool in (("e", "eraser"), ("v", "move"), ("b", "brush")):
        studio.page.keyboard.press(key)
        studio.wait_for("tool", tool)
