"""A batch in the browser: a folder is chosen, coloured, and comes back as a ZIP."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.support.member import member_of
from tests.support.pictures import astronaut, encoded, grey_astronaut


@pytest.fixture
def folder(tmp_path):
    """A folder of scans, in which one file is no picture."""
    scans = tmp_path / "Familienalbum"
    (scans / "1950").mkdir(parents=True)
    for n in range(3):
        (scans / "1950" / f"할머니 {n}.jpg").write_bytes(encoded(grey_astronaut(96, 64), "JPEG"))
    (scans / "broken.jpg").write_bytes(b"no picture")
    return scans


def test_a_folder_is_coloured_with_a_palette_and_comes_back_as_a_zip(open_page, server, folder):
    page = open_page()
    with member_of(server.url, {"DATA_DIR": str(server.data_dir)}, "archivist") as member:
        session = member.http.cookies["rehue_session"]
    page.context.add_cookies([{"name": "rehue_session", "value": session, "url": server.url}])
    page.goto(f"{server.url}/batches/")
    page.get_by_test_id("new-batch").click()
    page.get_by_test_id("start-batch").click()
    expect(page.get_by_test_id("batch-error")).to_contain_text("Choose a folder")

    page.get_by_test_id("folder-input").set_input_files(folder)
    expect(page.get_by_test_id("chosen")).to_contain_text("4 files")
    page.get_by_text("One palette for all photos").click()
    expect(page.get_by_test_id("region")).to_have_count(3)
    dots = page.locator("[data-testid=palette-overlay] circle")
    before = dots.count()
    page.get_by_test_id("region").first.get_by_role("combobox").last.select_option("own")
    overlay = page.get_by_test_id("palette-overlay")
    overlay.scroll_into_view_if_needed()
    box = overlay.bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.up()
    assert dots.count() < before, "a small rectangle has fewer points than the whole top"
    coloured = page.get_by_test_id("palette-coloured")
    expect(coloured).to_be_visible()
    first = coloured.get_attribute("src")
    page.get_by_test_id("region").first.locator("input[type=color]").fill("#c02010")
    expect(coloured).not_to_have_attribute("src", first)
    page.get_by_test_id("start-batch").click()

    page.wait_for_url("**/batches/*-*-*")
    expect(page.get_by_test_id("status")).to_have_text("done")
    expect(page.get_by_test_id("done")).to_have_text("3")
    expect(page.get_by_test_id("failed")).to_have_text("1")
    small = page.get_by_test_id("items").locator("img")
    expect(small).to_have_count(3)
    assert small.first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 96
    page.get_by_test_id("show-failed").click()
    expect(page.get_by_test_id("items").locator("tbody tr")).to_have_count(1)
    expect(page.get_by_test_id("error")).to_contain_text("not a picture")

    with page.expect_download() as download:
        page.get_by_test_id("archive").click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert download.value.suggested_filename == "Familienalbum.zip"
    assert "photos/Familienalbum/1950/할머니 0.png" in archive.namelist()
    manifest = json.loads(archive.read("manifest.json"))
    sky = manifest["palette"]["regions"][0]
    assert sky["place"] == pytest.approx(
        {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}, abs=0.01
    )

    page.get_by_text("Delete this batch").click()
    page.get_by_test_id("delete").click()
    expect(page.get_by_test_id("no-batches")).to_be_visible()


def test_a_folder_takes_the_colours_of_a_chosen_photo(open_page, server, folder):
    page = open_page()
    with member_of(server.url, {"DATA_DIR": str(server.data_dir)}, "matcher") as member:
        session = member.http.cookies["rehue_session"]
        tinted = np.asarray(astronaut().resize((160, 160))).copy()
        tinted[..., 2] //= 3
        like = {"file": ("like.png", encoded(Image.fromarray(tinted)), "image/png")}
        assert (
            member.http.post("/api/photos", files=like, headers=member.headers()).status_code == 201
        )
    page.context.add_cookies([{"name": "rehue_session", "value": session, "url": server.url}])
    page.goto(f"{server.url}/batches/new")
    page.get_by_test_id("folder-input").set_input_files(folder)
    page.get_by_test_id("hints-references").check()
    page.get_by_test_id("start-batch").click()
    expect(page.get_by_test_id("batch-error")).to_contain_text("at least one photo")
    page.locator("input[name=reference]").check()
    expect(page.get_by_test_id("like-coloured")).to_have_count(3)
    picture = page.get_by_test_id("like-coloured").first.evaluate(
        """async (image) => {
            await image.decode();
            const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            return [...context.getImageData(0, 0, canvas.width, canvas.height).data];
        }"""
    )
    red, _, blue, _ = np.reshape(picture, (-1, 4)).mean(axis=0)
    assert red > blue + 15, "the chosen photo is yellow"

    strength = page.get_by_test_id("like-strength")
    strength.focus()
    page.keyboard.press("Home")
    expect(page.locator(".like-strength output")).to_have_text("0 %")
    for _ in range(4):
        page.keyboard.press("PageUp")
    with page.expect_request("**/api/batches/previews") as tried:
        expect(page.get_by_test_id("like-coloured")).to_have_count(3)
    assert tried.value.post_data_json["strength"] < 1
    page.get_by_test_id("start-batch").click()
    page.wait_for_url("**/batches/*-*")
    batch = page.request.get(page.url.replace("/batches/", "/api/batches/")).json()
    assert batch["strength"] == pytest.approx(0.4, abs=0.1)
    expect(page.get_by_text("the colours of 1 photo")).to_be_visible()
