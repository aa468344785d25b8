"""What a person sees when something is wrong, and that nothing is lost meanwhile."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.studio import Studio
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import running_server

SUIT, WALL = (0.33, 0.62), (0.66, 0.3)
ORANGE, BLUE = "#c8643c", "#6f8fc0"

CUT_OFF = re.compile("waiting|connecting|closed")

NOT_PICTURES = {
    "a PDF called JPEG": ("scan.jpg", "image/jpeg", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"),
    "a web page called PNG": ("x.png", "image/png", b"<!doctype html><script>alert(1)</script>"),
    "an empty file": ("empty.png", "image/png", b""),
    "half a picture": ("half.png", "image/png", encoded(grey_astronaut())[:9000]),
}


@pytest.mark.parametrize("case", NOT_PICTURES)
def test_a_wrong_file_is_refused_with_a_sentence(case, open_page, server):
    name, mime, data = NOT_PICTURES[case]
    page = open_page(expected=("status of 4",))  # the browser itself reports the refusal
    page.goto(server.url)
    page.get_by_test_id("file-input").set_input_files(
        {"name": name, "mimeType": mime, "buffer": data}
    )
    error = page.get_by_test_id("upload-error")
    expect(error).to_be_visible()
    assert len(error.inner_text().split()) >= 3
    assert page.url.rstrip("/") == server.url
    page.reload()
    expect(page.get_by_test_id("photo-card")).to_have_count(0)


def test_a_strangers_photo_answers_like_one_that_is_not_there(studio, open_page):
    stranger = open_page(expected=("status of 404",))
    foreign = stranger.goto(studio.page.url)
    missing_url = studio.page.url.rsplit("/", 1)[0] + "/00000000-0000-4000-8000-000000000000"
    foreign_text = stranger.locator("main").inner_text()
    absent = stranger.goto(missing_url)
    assert foreign.status == absent.status == 404
    assert stranger.locator("main").inner_text() == foreign_text


def test_hints_painted_offline_are_saved_when_the_network_is_back(open_page, server):
    page = open_page(expected=("ERR_INTERNET_DISCONNECTED", "WebSocket"))
    studio = Studio.upload(page, server)
    studio.dab(SUIT, ORANGE)
    studio.wait_until_current()

    page.context.set_offline(True)
    studio.wait_for("connection", CUT_OFF)
    studio.dab(WALL, BLUE)
    studio.wait_for("hints", "2")
    studio.wait_for("saved", "offline")
    page.context.set_offline(False)

    studio.wait_for("connection", "open")
    studio.wait_until_current()
    page.reload()
    studio.wait_until_coloured()
    studio.wait_for("hints", "2")


def test_a_restarted_site_gets_what_was_painted_meanwhile(open_page, tmp_path):
    page = open_page(expected=("ERR_CONNECTION", "WebSocket"))
    with running_server(tmp_path / "data") as server:
        studio = Studio.upload(page, server)
        studio.dab(SUIT, ORANGE)
        studio.wait_until_current()
        orange = studio.colour_at(SUIT)

        server.kill()
        studio.wait_for("connection", CUT_OFF)
        studio.dab(WALL, BLUE)
        studio.wait_for("hints", "2")
        studio.wait_for("saved", "offline")
        server.start()

        studio.wait_for("connection", "open")
        studio.wait_until_current()
        assert np.linalg.norm(studio.colour_at(SUIT) - orange) < 10
        page.reload()
        studio.wait_until_coloured()
        studio.wait_for("hints", "2")
