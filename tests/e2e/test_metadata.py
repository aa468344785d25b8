"""What a photo's file says: shown and changed in the studio, carried into downloads."""

import io

import pillow_heif
from PIL import Image
from playwright.sync_api import expect

from colorizer import intake
from tests.e2e.conftest import PHONE
from tests.e2e.studio import Studio
from tests.support.pictures import grey_astronaut

PORTRAIT = grey_astronaut(320, 240)


def heic():
    """What a telephone makes: HEIC with a date, a device and a place in its EXIF."""
    exif = Image.Exif()
    exif[271], exif[272] = "Apple", "iPhone 15"
    exif.get_ifd(0x8769)[36867] = "2019:05:12 10:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 59.4), 3: "E", 4: (126.0, 58.0, 40.8)})
    file = io.BytesIO()
    made = pillow_heif.from_pillow(PORTRAIT.convert("RGB"))
    made.save(file, quality=90, exif=exif.tobytes())
    return file.getvalue()


def open_details(page):
    details = page.get_by_test_id("details")
    details.locator("summary").click()
    return details


def test_a_heic_comes_in_with_its_date_and_place_and_both_can_be_changed(server, open_page):
    page = open_page(expected=("422",))  # a date that is none is refused
    Studio.upload(page, server, PORTRAIT, kind="HEIC", data=heic())
    details = open_details(page)
    expect(details).to_contain_text("May 12, 2019 at 10:30")
    expect(details).to_contain_text("Apple iPhone 15")
    expect(details).to_contain_text("37.5665° N, 126.9780° E")
    page.get_by_test_id("details-edit").click()
    page.get_by_test_id("known-taken").fill("May 1943")
    page.get_by_test_id("known-people").fill("Kim Sun-ja, Lee")
    page.get_by_test_id("known-city").fill("Seoul")
    page.get_by_test_id("details-save").click()
    dialog = page.get_by_test_id("details-dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("1943-05")
    page.get_by_test_id("known-taken").fill("1943-05")
    page.get_by_test_id("details-save").click()
    expect(details).to_contain_text("May 1943")
    expect(details).to_contain_text("Kim Sun-ja, Lee")

    page.get_by_test_id("download").click()
    page.get_by_test_id("download-more").click()
    page.get_by_test_id("export-format").select_option("jpeg")
    page.get_by_test_id("export-metadata").select_option("no_place")
    page.get_by_test_id("export-mark").select_option("caption")
    with page.expect_download() as download:
        page.get_by_test_id("export-ok").click()
    result = intake.read(download.value.path())
    assert (result.format, result.width) == ("JPEG", 320)
    assert 250 < result.height < 280, "the photo and a line below it"
    assert (result.metadata.taken, result.metadata.people) == ("1943-05", ("Kim Sun-ja", "Lee"))
    assert (result.metadata.city, result.metadata.latitude) == ("", None)


def test_the_form_fits_a_telephone(server, open_page):
    page = open_page(**PHONE)
    Studio.upload(page, server, PORTRAIT, kind="HEIC", data=heic())
    page.get_by_test_id("panel-open").click()
    open_details(page)
    page.get_by_test_id("details-edit").click()
    box = page.get_by_test_id("details-dialog").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.get_by_test_id("details-save").scroll_into_view_if_needed()
    page.get_by_test_id("details-save").click()
    expect(page.get_by_test_id("details-dialog")).to_be_hidden()
