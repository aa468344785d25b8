"""A copy coloured elsewhere is brought in, named, compared and downloaded; others are refused."""

import zipfile

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.studio import Studio
from tests.e2e.test_references import file
from tests.support.pictures import astronaut, grey_astronaut


@pytest.fixture
def history(studio):
    """The history, open."""
    studio.page.get_by_test_id("versions").locator("summary").click()
    return studio


def test_a_copy_comes_into_the_history_with_a_name(history):
    page = history.page
    copy = astronaut().resize((400, 400), Image.Resampling.LANCZOS)
    page.get_by_test_id("copy-file").set_input_files(file("From the painter.png", copy))
    version = page.get_by_test_id("version")
    expect(version).to_have_count(1)
    expect(version).to_contain_text("From the painter")
    expect(version).to_contain_text("Brought in from a copy")
    expect(page.get_by_test_id("version-restore")).to_have_count(0)

    page.once("dialog", lambda dialog: dialog.accept("For the album"))
    history.use("version-name")
    expect(version).to_contain_text("For the album")
    history.use("version-compare")
    expect(page.get_by_test_id("split")).to_be_visible()


def test_what_shows_something_else_is_refused_with_a_sentence(open_page, server):
    page = open_page(expected=("422",))
    studio = Studio.upload(page, server)
    page.get_by_test_id("versions").locator("summary").click()
    mirrored = astronaut().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for picture, words in ((mirrored, "does not show the same"), (grey_astronaut(), "is grey")):
        page.get_by_test_id("copy-file").set_input_files(file("other.png", picture))
        expect(page.get_by_test_id("toast").last).to_contain_text(words)
    expect(page.get_by_test_id("version")).to_have_count(0)
    assert studio.says("saved") == "saved"


def test_the_colours_are_downloaded_as_a_layer(studio, tmp_path):
    studio.use("download")
    with studio.page.expect_download() as waiting:
        studio.use("download-layers")
    waiting.value.save_as(tmp_path / "portrait.ora")
    with zipfile.ZipFile(tmp_path / "portrait.ora") as archive:
        assert archive.namelist()[0] == "mimetype"
        assert "data/colours.png" in archive.namelist()
