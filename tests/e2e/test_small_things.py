"""What a user meets on the way: Enter, marks that step aside, what is said, what is asked."""

import json

import numpy as np
from playwright.sync_api import expect

from tests.support.pictures import encoded, grey_astronaut

SPOT = (0.4, 0.7)

# How many pixels of the layer over the photo are drawn around a place of it.
DRAWN = """(canvas, [x, y]) => {
    const { left, top, width } = canvas.getBoundingClientRect();
    const ratio = canvas.width / width;
    const [column, row] = [(x - left - 20) * ratio, (y - top - 20) * ratio];
    const { data } = canvas.getContext('2d').getImageData(column, row, 40 * ratio, 40 * ratio);
    let drawn = 0;
    for (let at = 3; at < data.length; at += 4) drawn += Number(data[at] > 0);
    return drawn;
}"""

DROP = """(bytes) => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(bytes)], 'harbour.png', { type: 'image/png' }));
    for (const type of ['dragenter', 'dragover', 'drop']) {
        const options = { dataTransfer: files, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new DragEvent(type, options));
    }
}"""


def test_enter_renames_and_the_history_says_hints_and_model(studio):
    page = studio.page
    studio.use("photo-menu")
    studio.use("photo-rename")
    page.get_by_test_id("rename-input").fill("The harbour, 1931")
    page.keyboard.press("Enter")
    expect(page.locator(".photo-name")).to_have_text("The harbour, 1931")
    expect(page.locator("dialog[open]")).to_have_count(0)

    studio.dab(SPOT, "#c0602a")
    studio.wait_until_current()
    studio.download("jpeg")
    page.locator("[data-testid=versions] summary").click()
    version = page.get_by_test_id("version").first
    expect(version).to_contain_text("1 hint")
    expect(version).to_contain_text(studio.says("model"))

    version.get_by_test_id("version-compare").click()
    earlier = page.get_by_test_id("earlier").locator("img")
    assert earlier.evaluate("async image => (await image.decode(), image.naturalWidth)") == 512
    left, top = studio.on_screen((0, 0))
    box = earlier.bounding_box()
    assert box
    assert abs(box["x"] - left) < 1
    assert abs(box["y"] - top) < 1
    page.get_by_test_id("split").focus()
    page.keyboard.press("ArrowLeft")
    version.get_by_test_id("version-compare").click()
    expect(page.get_by_test_id("earlier")).to_have_count(0)
    expect(page.get_by_test_id("split")).to_have_count(0)


def test_marks_go_by_a_key_and_let_the_photo_through(studio):
    page = studio.page
    overlay = page.get_by_test_id("overlay-canvas")

    def drawn() -> int:
        studio.settle()
        return int(overlay.evaluate(DRAWN, list(studio.on_screen(SPOT))))

    studio.dab(SPOT, "#c0602a")
    studio.dab((0.75, 0.15))  # the pointer goes elsewhere
    studio.wait_until_current()
    assert drawn() > 20
    assert np.linalg.norm(studio.colour_at(SPOT)) > 5
    page.keyboard.press("h")
    assert drawn() == 0
    page.keyboard.press("h")
    assert drawn() > 20


def test_a_guest_reads_how_long_a_photo_is_stored_and_a_dropped_photo_asks(studio):
    page = studio.page
    state = page.get_by_test_id("save-state")
    expect(state).to_contain_text("24 hours")
    assert (state.get_attribute("href") or "").startswith("/account/signup")

    address = page.url
    page.evaluate(DROP, list(encoded(grey_astronaut(64, 48))))
    dialog = page.get_by_test_id("drop-dialog")
    expect(dialog).to_contain_text("harbour.png")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.url == address
    page.evaluate(DROP, list(encoded(grey_astronaut(64, 48))))
    studio.use("drop-open")
    page.wait_for_url(lambda url: "/photos/" in url and url != address)
    studio.wait_until_coloured()
    page.keyboard.press("PageDown")
    page.wait_for_url(address)


def test_the_models_page_begins_with_words_for_people(page, server):
    page.goto(f"{server.url}/models")
    first = page.locator("main p").first.inner_text()
    assert len(first) > 40
    assert "kriging" not in first.lower()
    assert "PSNR" not in first


DROP_TEXT = """([name, text]) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name, { type: 'application/json' }));
    for (const type of ['dragenter', 'dragover', 'drop']) {
        const options = { dataTransfer: files, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new DragEvent(type, options));
    }
}"""


def test_hints_go_out_as_a_file_and_come_in_with_their_outlines(studio):
    page = studio.page
    hints = {
        "version": 2,
        "vividness": 1.4,
        "regions": [{"name": "coat", "points": [[0.2, 0.5], [0.7, 0.5], [0.5, 0.95]]}],
        "hints": [
            {"type": "point", "x": 0.45, "y": 0.7, "radius": 0.01, "color": "#c0602a", "region": 0}
        ],
    }

    def drop(text: str) -> None:
        page.evaluate(DROP_TEXT, ["some.json", text])

    drop(json.dumps(hints))
    studio.wait_for("hints", "1")
    studio.use("download")
    with page.expect_download() as started:
        studio.use("download-hints")
    assert json.loads(started.value.path().read_text()) == hints

    toast = page.get_by_test_id("toast")
    for text, sentence in [
        ("{", "no JSON"),
        ('{"layers": []}', "another program"),
        (json.dumps(hints | {"version": 7}), "version 7"),
        (json.dumps(hints | {"hints": [{"type": "cloud"}]}), "broken"),
    ]:
        drop(text)
        expect(toast.filter(has_text=sentence)).to_be_visible()
    studio.wait_for("hints", "1")


def test_the_original_stands_beside_the_photo_and_follows_the_view(studio):
    page = studio.page
    page.get_by_test_id("split-toggle").click()
    expect(page.get_by_test_id("split")).to_be_visible()
    page.get_by_test_id("beside-toggle").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("split")).to_have_count(0)
    stage, other = page.locator(".stage"), page.get_by_test_id("earlier")
    for _ in range(2):
        studio.settle()
        left, right = other.bounding_box(), stage.bounding_box()
        assert left
        assert right
        assert abs(left["x"] + left["width"] - right["x"]) < 2
        assert abs(left["width"] - right["width"]) < 2
        picture = other.locator("img").bounding_box()
        canvas = page.get_by_test_id("photo-canvas")
        scale, x, y = (
            float(canvas.get_attribute(f"data-view-{name}") or "nan")
            for name in ("scale", "x", "y")
        )
        assert picture
        assert abs(picture["x"] - left["x"] - x) < 1
        assert abs(picture["y"] - left["y"] - y) < 1
        assert abs(picture["width"] - studio.width * scale) < 1
        studio.use("zoom-in")
    studio.dab(SPOT, "#c03a30")  # one goes on painting meanwhile
    studio.wait_for("hints", "1")
    page.locator(".stage").focus()
    page.keyboard.press("Shift+C")
    expect(page.get_by_test_id("earlier")).to_have_count(0)
    expect(page.get_by_test_id("beside-toggle")).to_have_count(0)
