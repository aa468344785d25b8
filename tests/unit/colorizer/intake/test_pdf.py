"""Pages of PDF files: which hold a scan, and that its pixels come in as they lie there."""

import io

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from colorizer.intake import IntakeError, Limits, read
from colorizer.intake.reading import read_here
from tests.support.pdfs import Page, image, packed, pdf, scan
from tests.support.pictures import astronaut, encoded

LIMITS = Limits()
RGB = np.asarray(astronaut().resize((150, 100)))
GREY = np.asarray(astronaut().resize((150, 100)).convert("L"))
TEXT = "BT /F 12 Tf 20 {y} Td (Dear reader, this is a page of text and of nothing else.) Tj ET"
JPEG = "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
FAX = "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode"


def taken(data, **options):
    return read_here(data, LIMITS, **options)


def refused(data, limits=LIMITS, **options):
    with pytest.raises(IntakeError) as raised:
        read_here(data, limits, **options)
    assert str(raised.value).endswith(".")
    return raised.value.status, raised.value.code


def off(pixels, expected):
    assert pixels.shape == expected.shape
    return np.abs(pixels.astype(int) - expected).max()


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(16, 120),
    height=st.integers(16, 120),
    page=st.tuples(st.floats(50, 900), st.floats(50, 900)),
    grey=st.booleans(),
    seed=st.integers(0, 99),
)
def test_a_scan_that_fills_its_page_comes_in_pixel_by_pixel(width, height, page, grey, seed):
    shape = (height, width) if grey else (height, width, 3)
    values = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    size = (page[0], page[0] * height / width)
    assert off(taken(pdf(scan(image(values), size=size))).pixels, values) == 0


def test_a_jpeg_is_the_jpeg_and_brings_its_metadata():
    exif = Image.Exif()
    exif[0x010F] = "Agfa"
    exif[0x0112] = 6
    data = encoded(Image.fromarray(RGB), "JPEG", exif=exif)
    photo = taken(pdf(scan(packed(data, (150, 100), JPEG))))
    assert off(photo.pixels, np.asarray(Image.open(io.BytesIO(data)))) <= 1, "as the page is turned"
    assert (photo.format, photo.metadata.make) == ("PDF", "Agfa")


def test_a_fax_and_a_jpeg_2000_are_read():
    bits = GREY > 128
    fax = encoded(Image.fromarray(bits), "TIFF", compression="group4")
    strip = Image.open(io.BytesIO(fax)).tag_v2
    data = fax[strip[273][0] : strip[273][0] + strip[279][0]]
    entries = f"{FAX} /DecodeParms << /K -1 /Columns 150 /Rows 100 /BlackIs1 false >>"
    # TIFF's packer writes black as 1 where the photo is white at 0, which is PDF's usual way.
    white_is_zero = strip[262] == 0
    shown = taken(pdf(scan(packed(data, (150, 100), entries)))).pixels
    assert off(shown, np.where(bits, 255, 0) if white_is_zero else np.where(bits, 0, 255)) == 0
    data = imagecodecs.jpeg2k_encode(RGB, level=0)
    assert off(taken(pdf(scan(packed(data, (150, 100), "/Filter /JPXDecode")))).pixels, RGB) <= 1


@pytest.mark.parametrize(("turn", "quarters"), [(0, 0), (90, 3), (180, 2), (270, 1)])
def test_a_page_is_upright_as_it_says(turn, quarters):
    data = pdf(scan(image(RGB), entries=f"/Rotate {turn}"))
    assert off(taken(data).pixels, np.rot90(RGB, quarters)) == 0


def test_an_image_that_is_turned_or_mirrored_on_its_page():
    turned = Page("q 0 300 -200 0 200 0 cm /I Do Q", {"I": image(RGB)}, (200, 300))
    assert off(taken(pdf(turned)).pixels, np.rot90(RGB)) == 0
    mirrored = Page("q -300 0 0 200 300 0 cm /I Do Q", {"I": image(RGB)})
    assert off(taken(pdf(mirrored)).pixels, RGB[:, ::-1]) == 0


def test_a_small_photo_on_a_large_page_comes_without_the_paper():
    page = Page("q 150 0 0 100 200 500 cm /I Do Q", {"I": image(RGB)}, (595, 842))
    photo = taken(pdf(page))
    assert off(photo.pixels, RGB) == 0
    assert photo.metadata.dpi == pytest.approx((72, 72))


def test_strips_become_one_scan():
    strips = {f"S{n}": image(RGB[20 * n : 20 * n + 20]) for n in range(5)}
    content = " ".join(f"q 300 0 0 40 0 {160 - 40 * n} cm /S{n} Do Q" for n in range(5))
    assert off(taken(pdf(Page(content, strips))).pixels, RGB) == 0


def test_a_fax_has_square_pixels_afterwards():
    slope = np.repeat(np.linspace(0, 250, 100)[:, None], 150, axis=1).astype(np.uint8)
    photo = taken(pdf(scan(image(slope[::2]), size=(150, 100))))
    assert off(photo.pixels, slope) <= 3


def test_text_for_searching_changes_nothing_and_a_stamp_is_part_of_the_scan():
    searchable = TEXT.format(y=100).replace("Tj", "Tj", 1).replace("BT", "BT 3 Tr")
    page = scan(image(RGB))
    assert off(taken(pdf(Page(page.content + " " + searchable, page.images))).pixels, RGB) == 0
    stamp = " 1 0 0 rg 0 0 30 20 re f"
    stamped = taken(pdf(Page(page.content + stamp, page.images))).pixels
    assert off(stamped[:88], RGB[:88]) == 0
    assert stamped[95, 5].tolist() == [255, 0, 0]


def test_transparency_stands_on_white():
    mask = image(np.full((100, 150), 51, np.uint8))
    content = "q 300 0 0 200 0 0 cm /I Do Q"
    page = Page(content, {"M": mask, "I": image(np.zeros_like(GREY), "/SMask 12 0 R")})
    data = pdf(page)
    assert b"12 0 obj" in data
    assert set(np.unique(taken(data.replace(b"/SMask 12", b"/SMask 11")).pixels)) <= {203, 204, 205}


def test_the_first_page_is_offered_and_others_by_number():
    data = pdf(scan(image(RGB)), scan(image(GREY)), Page(TEXT.format(y=100)))
    first, second = taken(data), taken(data, page=2)
    assert off(first.pixels, RGB) == off(second.pixels, GREY) == 0
    assert (first.page, first.pages, second.page, second.pages) == (1, 3, 2, 3)
    assert refused(data, page=3) == (422, "no_scan")
    for page in (0, 4, -1):
        assert refused(data, page=page) == (422, "no_such_page")
    assert refused(encoded(Image.fromarray(RGB)), page=2) == (422, "no_such_page")
    assert taken(encoded(Image.fromarray(RGB)), page=1).pages == 1


def test_pages_of_text_or_drawings_hold_no_scan():
    text = " ".join(TEXT.format(y=y) for y in range(20, 180, 14))
    logo = Page(text + " q 30 0 0 20 250 170 cm /I Do Q", {"I": image(RGB)})
    drawing = Page("0 0 m 300 200 l S 10 10 100 100 re f")
    for page in (Page(text), logo, drawing, Page("")):
        assert refused(pdf(page)) == (422, "no_scan")


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.95])
def test_half_a_file_is_damaged(share):
    data = pdf(scan(packed(encoded(Image.fromarray(RGB), "JPEG"), (150, 100), JPEG)))
    assert refused(data[: int(share * len(data))]) == (400, "damaged")


def test_a_scan_that_is_cut_short_or_cannot_be_decoded_is_damaged():
    jpeg, whole = encoded(Image.fromarray(RGB), "JPEG"), image(RGB)
    for one in (
        packed(jpeg[: len(jpeg) // 2], (150, 100), JPEG),
        packed(b"nothing", (150, 100), JPEG),
        packed(whole.data[: len(whole.data) // 2], (150, 100), whole.entries),
        packed(b"nothing" * 99, (150, 100), "/Filter /JPXDecode"),
        packed(b"nothing" * 99, (150, 100), f"{FAX} /Filter /JBIG2Decode"),
        packed(b"nothing" * 99, (150, 100), "/Filter /NoSuchThing /ColorSpace /DeviceGray"),
    ):
        assert refused(pdf(scan(one))) == (400, "damaged")


def test_a_password_is_requested_by_its_name():
    trailer = "/Encrypt 4 0 R /ID [<00><00>]"
    key = "A" * 64
    lock = f"<< /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >>"
    data = pdf(scan(image(RGB)), trailer=trailer, extra={4: lock})
    assert refused(data) == (422, "encrypted")


def test_limits_hold_before_anything_is_decoded():
    few = Limits(max_pixels=10_000)
    assert refused(pdf(scan(image(RGB))), few) == (413, "too_many_pixels")
    tiny = " ".join(f"q 1 0 0 1 {n} 0 cm /I Do Q" for n in range(300))
    assert refused(pdf(Page(tiny, {"I": image(RGB)})), Limits(max_parts=200)) == (
        413, "too_many_parts",
    )  # fmt: skip
    bomb = packed(b"x", (60_000, 60_000), "/ColorSpace /DeviceGray /BitsPerComponent 1")
    assert refused(pdf(scan(bomb))) == (413, "too_many_pixels")
    assert refused(pdf(scan(image(RGB[:10, :10])))) == (422, "too_small")


def test_the_process_that_decodes_reads_pages_too():
    data = pdf(scan(image(RGB)), scan(image(GREY)))
    photo = read(data, page=2)
    assert off(photo.pixels, GREY) == 0
    assert (photo.page, photo.pages) == (2, 2)
    with pytest.raises(IntakeError, match="no page 3"):
        read(data, page=3)
