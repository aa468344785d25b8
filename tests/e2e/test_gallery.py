"""The gallery as a person uses it: many uploads, choosing and doing, and the way back."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.support.member import member_of
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import Server


def file(name: str, number: int = 0, data: bytes | None = None) -> dict[str, object]:
    """A small picture, another one for each number."""
    if data is None:
        pixels = np.asarray(grey_astronaut(48, 32)).copy()
        pixels[:8, :8] = number % 256
        pixels[8:16, :8] = number // 256
        data = encoded(Image.fromarray(pixels))
    return {"name": name, "mimeType": "image/png", "buffer": data}


def cards(page: Page):
    return page.get_by_test_id("gallery-card")


def add(page: Page, *files: dict[str, object]) -> None:
    page.get_by_test_id("gallery-files").set_input_files(list(files))


def add_and_wait(page: Page, count: int) -> None:
    """Put so many photos into an open gallery, faster than by its own uploads."""
    for number in range(count):
        answer = page.request.post(
            "/api/photos",
            headers={"X-CSRFToken": page.locator("meta[name=csrf-token]").get_attribute("content")
                     or "", "Referer": page.url},
            multipart={"file": file(f"photo {number:03}.png", number)},
        )  # fmt: skip
        assert answer.status == 201, answer.text()


@pytest.fixture
def gallery(open_page, server: Server) -> Page:
    """A desktop page in a new visitor's gallery."""
    page = open_page(base_url=server.url)
    page.goto("/photos")
    return page


@pytest.fixture(scope="module")
def collector(server: Server):
    """The session cookie of a member with 65 photos, more than a page of them, for two tests."""
    with member_of(server.url, {"DATA_DIR": str(server.data_dir)}, "collector") as member:
        for number in range(65):
            one = file(f"photo {number:03}.png", number)
            member.upload(one["buffer"], one["name"])
        session = member.http.cookies["rehue_session"]
    return [{"name": "rehue_session", "value": session, "url": server.url}]


def test_many_uploads_survive_a_lost_connection(open_page, server: Server):
    page = open_page(base_url=server.url, expected=("Failed to load resource", "ERR_"))
    page.goto("/photos")
    expect(page.get_by_test_id("gallery-empty")).to_be_visible()
    big = encoded(
        Image.fromarray(np.random.default_rng(1).integers(0, 255, (2300, 2200), np.uint8))
    )
    assert len(big) > 2 * 2**21, "the large one comes in several pieces"
    cut = {"pieces": 0}

    def lose_the_second_piece(route):
        """The connection breaks once, in the middle of the large file."""
        if route.request.method == "PATCH":
            cut["pieces"] += 1
            if cut["pieces"] == 2:
                return route.abort("connectionreset")
        return route.continue_()

    page.route("**/api/uploads/**", lose_the_second_piece)
    offsets = []
    page.on(
        "request",
        lambda r: r.method == "PATCH" and offsets.append(int(r.headers["upload-offset"])),
    )
    add(page, file("large.png", data=big))
    expect(page.get_by_test_id("uploads-done")).to_have_text("1 of 1 added")
    assert offsets.count(0) == 1, f"it began again instead of going on: {offsets}"
    assert max(offsets) > 2**21

    add(page, *(file(f"사진 {n}.png", n) for n in range(4)), file("note.png", data=b"no picture"))
    expect(page.get_by_test_id("uploads-done")).to_have_text("5 of 6 added")
    failed = page.locator('[data-testid=upload-row][data-status="failed"]')
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("This is not a picture")
    expect(cards(page)).to_have_count(5)

    add(page, file("again.png", 2))
    expect(page.get_by_test_id("upload-same")).to_contain_text("사진 2")
    page.get_by_test_id("same-trash").click()
    expect(cards(page)).to_have_count(5)


def test_chosen_photos_are_starred_tagged_trashed_and_restored(gallery: Page):
    add_and_wait(gallery, 6)
    gallery.reload()
    expect(cards(gallery)).to_have_count(6)
    cards(gallery).nth(1).hover()
    cards(gallery).nth(1).get_by_test_id("card-check").click()
    cards(gallery).nth(3).locator("a").click(modifiers=["Shift"])
    expect(gallery.get_by_test_id("selection-count")).to_have_text("3 selected")
    gallery.get_by_test_id("act-star").click()
    expect(gallery.locator('[data-testid=card-star][aria-pressed="true"]')).to_have_count(3)
    gallery.get_by_test_id("act-tag").click()
    gallery.get_by_test_id("name-input").fill("바다")
    gallery.get_by_test_id("name-ok").click()
    expect(cards(gallery).filter(has_text="바다")).to_have_count(3)
    expect(gallery.get_by_test_id("selection-count")).to_have_text("3 selected")

    gallery.get_by_test_id("act-trash").click()
    expect(cards(gallery)).to_have_count(3)
    expect(gallery.get_by_test_id("selection-bar")).to_be_hidden()
    gallery.get_by_test_id("to-trash").click()
    expect(cards(gallery)).to_have_count(3)
    cards(gallery).first.locator("a").click()
    gallery.get_by_test_id("act-restore").click()
    expect(cards(gallery)).to_have_count(2)
    gallery.get_by_test_id("empty-trash").click()
    gallery.get_by_test_id("sure-ok").click()
    expect(gallery.get_by_test_id("gallery-empty")).to_be_visible()

    gallery.goto("/photos")
    expect(cards(gallery)).to_have_count(4)
    gallery.get_by_test_id("gallery-filter-open").click()
    gallery.get_by_test_id("filter-tag").select_option("바다")
    expect(cards(gallery)).to_have_count(1)
    assert "tag=" in gallery.url


def test_the_keyboard_does_it_too(gallery: Page):
    add_and_wait(gallery, 3)
    gallery.reload()
    cards(gallery).first.locator("a").focus()
    gallery.keyboard.press("ArrowRight")
    gallery.keyboard.press("x")
    expect(gallery.get_by_test_id("selection-count")).to_have_text("1 selected")
    gallery.keyboard.press("Shift+ArrowRight")
    expect(gallery.get_by_test_id("selection-count")).to_have_text("2 selected")
    gallery.keyboard.press("Escape")
    expect(gallery.get_by_test_id("selection-bar")).to_be_hidden()
    gallery.keyboard.press("Control+a")
    gallery.keyboard.press("Delete")
    expect(gallery.get_by_test_id("gallery-empty")).to_be_visible()
    gallery.get_by_role("button", name="Undo").click()
    expect(cards(gallery)).to_have_count(3)


def test_all_photos_of_a_search_are_chosen_beyond_those_on_the_page(
    open_page, server: Server, collector
):
    page = open_page(base_url=server.url)
    page.context.add_cookies(collector)
    page.goto("/photos?q=photo")
    expect(cards(page)).to_have_count(60)
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("selection-count")).to_have_text("60 selected")
    everything = page.get_by_test_id("select-everything")
    expect(everything).to_have_text("All 65 photos of this search")
    everything.click()
    expect(page.get_by_test_id("selection-count")).to_have_text("65 selected")
    expect(everything).to_be_hidden()
    page.get_by_test_id("act-tag").click()
    page.get_by_test_id("name-input").fill("all")
    page.get_by_test_id("name-ok").click()
    expect(page.get_by_test_id("gallery-toasts")).to_contain_text("65 photos tagged")
    expect(page.get_by_test_id("selection-count")).to_have_text("65 selected")

    page.get_by_test_id("act-batch").click()
    page.wait_for_url("**/batches/new")
    expect(page.locator("input[name=photo]:checked")).to_have_count(65)
    page.goto("/photos")
    page.keyboard.press("Control+a")
    everything.click()
    expect(page.get_by_test_id("selection-count")).to_have_text("65 selected")
    page.get_by_test_id("act-trash").click()
    expect(page.get_by_test_id("gallery-empty")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(cards(page)).to_have_count(60)


def test_a_dropped_folder_brings_its_photos_and_nothing_else(gallery: Page, tmp_path):
    folder = tmp_path / "앨범"
    (folder / "1950").mkdir(parents=True)
    for number in range(3):
        (folder / "1950" / f"{number}.png").write_bytes(file("", number)["buffer"])
    for junk in (".hidden.png", "Thumbs.db", "notes.txt"):
        (folder / junk).write_bytes(b"no picture")
    # What a person drags in from a file manager; scripts on the page cannot make such a drop.
    devtools = gallery.context.new_cdp_session(gallery)
    data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 400, "y": 400, "data": data})
    expect(gallery.get_by_test_id("uploads-done")).to_have_text("3 of 3 added")
    expect(cards(gallery)).to_have_count(3)


def test_back_from_a_photo_keeps_the_place(open_page, server: Server, collector):
    page = open_page(base_url=server.url, viewport={"width": 900, "height": 600})
    page.context.add_cookies(collector)
    page.goto("/photos")
    expect(cards(page)).to_have_count(60)
    page.mouse.wheel(0, 20_000)
    expect(cards(page)).to_have_count(65)
    chosen = cards(page).nth(50)
    chosen.scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    name = chosen.locator(".photo-title").inner_text()
    before = chosen.bounding_box()
    chosen.locator("a").click()
    page.wait_for_url(re.compile(r"/photos/[0-9a-f-]{36}$"))
    page.go_back()
    again = cards(page).filter(has_text=name)
    expect(again).to_be_in_viewport()
    after = again.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 5, "it came back to another row"
    assert abs(after["x"] - before["x"]) < 5, "it came back to another column"
    page.mouse.wheel(0, -20_000)
    expect(cards(page)).to_have_count(65)


def test_other_windows_follow(gallery: Page):
    add_and_wait(gallery, 2)
    gallery.reload()
    other = gallery.context.new_page()
    other.goto(gallery.url)
    expect(cards(other)).to_have_count(2)
    cards(gallery).first.locator("a").focus()
    gallery.keyboard.press("Delete")
    expect(cards(other)).to_have_count(1)
    add(gallery, file("new.png", 99))
    expect(cards(other)).to_have_count(2)
    coloured = re.compile(r"\?v=(?!grey)")
    expect(cards(other).first.locator("img")).to_have_attribute("src", coloured)


def test_colours_that_come_while_a_card_is_on_its_way_are_shown(gallery: Page):
    add_and_wait(gallery, 1)
    other = gallery.context.new_page()
    other.goto(gallery.url)
    expect(cards(other)).to_have_count(1)

    def late(route: Route) -> None:
        grey = route.fetch()
        other.wait_for_timeout(5_000)  # the photo is coloured meanwhile
        route.fulfill(response=grey)

    other.route("**/photos/*/card", late, times=1)
    add(gallery, file("new.png", 99))
    expect(cards(other)).to_have_count(2)
    coloured = re.compile(r"\?v=(?!grey)")
    expect(cards(other).first.locator("img")).to_have_attribute("src", coloured)


def test_a_photo_s_history_is_in_the_studio(studio):
    page = studio.page
    studio.dab((0.33, 0.62), "#c8643c")
    studio.wait_until_current()
    studio.download("png")
    page.locator("[data-testid=versions] summary").click()
    version = page.get_by_test_id("version")
    expect(version).to_have_count(1)
    studio.use("delete-all")
    studio.wait_for("hints", "0")
    version.get_by_test_id("version-restore").click()
    studio.wait_for("hints", "1")
    page.once("dialog", lambda dialog: dialog.accept())
    version.get_by_test_id("version-delete").click()
    expect(version).to_have_count(0)
    studio.wait_until_current()
    studio.download("png")
    expect(version).to_have_count(1)

    page.get_by_test_id("photo-menu").click()
    page.get_by_test_id("photo-rename").click()
    page.get_by_test_id("rename-input").fill("우주에서")
    page.get_by_test_id("rename-ok").click()
    expect(page.locator(".photo-name")).to_have_text("우주에서")
    page.get_by_test_id("photo-menu").click()
    page.get_by_test_id("photo-trash").click()
    expect(page.get_by_test_id("gallery-empty")).to_be_visible()
