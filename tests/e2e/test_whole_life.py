"""The whole life of an account as its owner lives it: from a photo of a guest to nothing left."""

import hashlib
import io
import json
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.studio import Studio
from tests.support.leftovers import NOTHING
from tests.support.pictures import pixels
from tests.support.server import running_server
from tests.support.staff import shell
from tests.support.zips import portraits

ADDRESS = "minji@example.org"
PASSWORD = "a long word about colours"
PHOTOS = 20
LEFT = "from tests.support.leftovers import *\n"


@pytest.fixture
def server(tmp_path):
    """A site of one's own, whose mail is kept in a folder."""
    mail = tmp_path / "mail"
    with running_server(tmp_path / "data", EMAIL_URL=f"file://{mail}") as running:
        yield running


def ask(server, program):
    """What a program that runs on the site's data tells."""
    return json.loads(shell(server, LEFT + program))


def files_of(server) -> set[str]:
    """Every file in the site's storage."""
    return {str(path) for path in (server.data_dir / "media").rglob("*") if path.is_file()}


def sign_up(page: Page, server, mail) -> None:
    """Make an account and verify its address by the link in the mail."""
    page.get_by_test_id("sign-up").click()
    page.fill("#id_email", ADDRESS)
    page.fill("#id_password1", PASSWORD)
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("main")).to_contain_text(ADDRESS)
    letters = "".join(letter.read_text() for letter in mail.iterdir()).replace("=\n", "")
    link = re.search(rf"{server.url}/account/confirm-email/[^\s\"<]+", letters)
    assert link, letters
    page.goto(link[0])
    page.locator("main form [type=submit]").first.click()
    expect(page.get_by_test_id("account-menu")).to_be_visible()


def run_batch(page: Page, server) -> zipfile.ZipFile:
    """Have a ZIP of photos coloured, and download what came of it."""
    page.goto(f"{server.url}/batches/new")
    page.get_by_test_id("files-input").set_input_files(
        {"name": "album.zip", "mimeType": "application/zip", "buffer": portraits(PHOTOS)}
    )
    page.get_by_test_id("start-batch").click()
    page.wait_for_url(re.compile("/batches/[0-9a-f-]{36}"))
    expect(page.get_by_test_id("done")).to_have_text(str(PHOTOS))
    expect(page.get_by_test_id("failed")).to_have_text("0")
    with page.expect_download() as download:
        page.get_by_test_id("archive").click()
    return zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))


def leave(page: Page, server) -> None:
    """Delete the account, as its own page says how."""
    page.goto(f"{server.url}/account/data")
    page.get_by_test_id("delete-account").click()
    page.fill("#id_password", PASSWORD)  # asked once more, for so grave a step
    page.locator("main form [type=submit]").first.click()
    page.fill("#id_address", ADDRESS)
    page.get_by_test_id("delete-confirm").click()
    expect(page.get_by_test_id("deletion-asked")).to_be_visible()


@pytest.mark.slow
def test_from_a_guest_s_photo_to_nothing_left(server, open_page, tmp_path):
    page = open_page(expected=("favicon.ico", "404"))
    files_before = files_of(server)
    studio = Studio.upload(page, server)
    photo = page.url
    studio.dab((0.33, 0.62), "#c8643c")
    studio.wait_for("hints", "1")
    studio.wait_until_current()

    page.goto(server.url)
    sign_up(page, server, tmp_path / "mail")
    page.goto(photo)
    studio.wait_until_coloured()
    assert studio.says("hints") == "1"
    studio.download("png")

    archive = run_batch(page, server)
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["done"], manifest["failed"]) == (PHOTOS, 0)
    for row in manifest["files"]:
        result = archive.read(f"photos/{row['result']}")
        assert hashlib.sha256(result).hexdigest() == row["result_sha256"]
        colours = pixels(result).astype(int)
        assert colours.shape == (64, 96, 3)
        assert (colours.max(-1) - colours.min(-1)).max() > 8, "the result is grey"
        assert row["model"] == "rehue-4-fast"

    who = ask(server, f"tell_who({ADDRESS!r})")
    assert len(who["ids"]) > 1, "the photo, its jobs and the batch have ids to look for"
    leave(page, server)
    page.goto(photo)
    expect(page.get_by_test_id("studio")).to_have_count(0)
    assert ask(server, f"tell_what_is_left({who!r})") == NOTHING
    assert files_of(server) == files_before
