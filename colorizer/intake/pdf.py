"""PDF: a page that holds a scan, as PDFium shows it, at the scan's own resolution."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from colorizer.intake.decoded import Decoded
from colorizer.intake.errors import damaged, encrypted, no_scan, no_such_page, too_many_parts
from colorizer.intake.jpeg import check_jpeg
from colorizer.intake.limits import Limits, check_size
from colorizer.metadata.blocks import Blocks

_SHARE = 0.5
"""Of what a page shows, what images cover at least where it holds a scan."""
_DEPTH = 8
"""Of forms within forms; scanners write one or two."""
_SQUARE = 0.05
"""Resolutions across and down that differ by less are those of square pixels, rounded."""
BEGINNING, _ENDING, _TAIL = b"%PDF-", b"%%EOF", 64 * 1024
_POINTS = 72.0
_PIECE = 1 << 20
_UPRIGHT = 1e-3
_NEARLY, _WITHIN = 0.2, 0.01
"""Of a pixel: what rounded coordinates may be off, and how far inside its pixels an edge is put."""
_LOCKED = (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
_VISIBLE = (pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING)
Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""


@dataclass(frozen=True)
class _Scan:
    """An image on a page, where it lies, and its pixels in a point, across and down the page."""

    image: pdfium.PdfImage
    box: Box
    across: float
    down: float


def decode_pdf(data: memoryview, limits: Limits, *, page: int = 1) -> Decoded:
    """Decode the scan on a page, 8 bits a sample, with what is drawn upon it.

    A single image, and strips of one, come in pixel by pixel; layers, and an image that is turned
    by a few degrees, are drawn at the resolution of the image with most pixels.

    Args:
        data: the file.
        limits: what is accepted.
        page: its number, from 1.

    Raises:
        IntakeError: there is no such page, it holds no scan, the file needs a password, asks for
            too much, or is damaged.
    """
    if _ENDING not in bytes(data[-_TAIL:]):
        raise damaged()  # PDFium would repair half a file to a page with half a scan
    try:
        with pdfium.PdfDocument(bytes(data)) as document:
            if not 1 <= page <= len(document):
                raise no_such_page(page, len(document))
            return _decode_page(document, page - 1, limits)
    except pdfium.PdfiumError as error:
        raise (encrypted() if error.err_code in _LOCKED else damaged()) from error


def count_pages(data: memoryview) -> int:
    """Return how many pages a file has: 1 where it is no PDF.

    Raises:
        IntakeError: the file needs a password, or is damaged.
    """
    if bytes(data[: len(BEGINNING)]) != BEGINNING:
        return 1
    try:
        with pdfium.PdfDocument(bytes(data)) as document:
            return len(document)
    except pdfium.PdfiumError as error:
        raise (encrypted() if error.err_code in _LOCKED else damaged()) from error


def _decode_page(document: pdfium.PdfDocument, index: int, limits: Limits) -> Decoded:
    page = document[index]
    scans, others = _contents(page, limits)
    covered = sum(_area(scan.box) for scan in scans)
    boxes = [scan.box for scan in scans]
    if not scans or covered < _SHARE * _area(_around([*boxes, *others])):
        raise no_scan()
    # Of layers the finest, of strips the one whose rounded coordinates say it best.
    main = max(scans, key=lambda scan: math.prod(scan.image.get_px_size()))
    across, down = main.across, main.down
    if abs(across - down) > _SQUARE * max(across, down):
        across = down = max(across, down)  # a fax has twice as many columns as rows
    left, bottom, right, top = window = _around(boxes)
    width, height = round((right - left) * across), round((top - bottom) * down)
    dpi = across * _POINTS, down * _POINTS
    if page.get_rotation() % 180:
        width, height, dpi = height, width, dpi[::-1]
    check_size(width, height, limits)
    blocks = _check_images([scan.image for scan in scans], limits)
    blocks.dpi = dpi
    page.set_cropbox(*window)
    page.close()
    page = document[index]
    _fit_to_pixels(page, (left, bottom), across, down)
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    pdfium_c.FPDF_RenderPageBitmap(
        bitmap, page, 0, 0, width, height, 0, pdfium_c.FPDF_REVERSE_BYTE_ORDER
    )
    return Decoded(bitmap.to_numpy(), "rgb", orientation=1, blocks=blocks, pages=len(document))


def _fit_to_pixels(
    page: pdfium.PdfPage, origin: tuple[float, float], across: float, down: float
) -> None:
    """Move the edges of images onto those of pixels where they nearly are there.

    PDFium draws an image over every pixel that it touches: one that goes beyond by the rounding of
    a coordinate is stretched by a whole row.
    """
    for image in page.get_objects([pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=1):
        matrix = image.get_matrix()
        left, bottom, right, top = matrix.on_rect(0, 0, 1, 1)
        columns = [(x - origin[0]) * across for x in (left, right)]
        rows = [(y - origin[1]) * down for y in (bottom, top)]
        if any(abs(edge - round(edge)) > _NEARLY for edge in (*columns, *rows)):
            continue
        x0, x1 = round(columns[0]) + _WITHIN, round(columns[1]) - _WITHIN
        y0, y1 = round(rows[0]) + _WITHIN, round(rows[1]) - _WITHIN
        if x0 > x1 or y0 > y1:
            continue
        wide, high = (x1 - x0) / (columns[1] - columns[0]), (y1 - y0) / (rows[1] - rows[0])
        at = origin[0] + x0 / across - left * wide, origin[1] + y0 / down - bottom * high
        image.set_matrix(matrix.multiply(pdfium.PdfMatrix(wide, 0, 0, high, *at)))


def _contents(page: pdfium.PdfPage, limits: Limits) -> tuple[list[_Scan], list[Box]]:
    """Return the images that a page shows, and the boxes of all else that it shows."""
    window = page.get_bbox()
    scans, others = [], []
    for count, thing in enumerate(page.get_objects(max_depth=_DEPTH), start=1):
        if count > limits.max_parts:
            raise too_many_parts(count, limits.max_parts)
        if isinstance(thing, pdfium.PdfImage):
            scan = _scan_of(thing, window)
            if _area(scan.box):
                scans.append(scan)
        elif thing.type in _VISIBLE and not _is_for_searching(thing):
            around = _placed(pdfium.PdfMatrix(), thing)
            others.append(_clipped(around.on_rect(*thing.get_bounds()), window))
    return scans, [box for box in others if _area(box)]


def _scan_of(image: pdfium.PdfImage, window: Box) -> _Scan:
    """Return where an image lies; a page's matrices map the unit square there."""
    matrix = _placed(image.get_matrix(), image)
    width, height = image.get_px_size()
    a, b, c, d, _, _ = matrix.get()
    one, other = math.hypot(a, b), math.hypot(c, d)
    if not one or not other:
        return _Scan(image, (0, 0, 0, 0), 0, 0)
    along, beside = width / one, height / other
    if max(abs(b) / one, abs(c) / other) < _UPRIGHT:
        across, down = along, beside
    elif max(abs(a) / one, abs(d) / other) < _UPRIGHT:
        across, down = beside, along
    else:
        across = down = max(along, beside)
    return _Scan(image, _clipped(matrix.on_rect(0, 0, 1, 1), window), across, down)


def _placed(matrix: pdfium.PdfMatrix, thing: pdfium.PdfObject) -> pdfium.PdfMatrix:
    """Return a matrix on the page for one within the forms that hold a thing."""
    around = thing.container
    while around is not None:
        matrix, around = matrix.multiply(around.get_matrix()), around.container
    return matrix


def _is_for_searching(thing: pdfium.PdfObject) -> bool:
    """Tell the invisible text that character recognition lays upon a scan."""
    return bool(
        thing.type == pdfium_c.FPDF_PAGEOBJ_TEXT
        and pdfium_c.FPDFTextObj_GetTextRenderMode(thing) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
    )


def _check_images(images: list[pdfium.PdfImage], limits: Limits) -> Blocks:
    """See that images are whole, of which PDFium would draw a part or nothing, without a word.

    Returns:
        The metadata of a scan that is a JPEG.
    """
    blocks = Blocks()
    for image in images:
        width, height = image.get_px_size()
        if width * height > limits.max_pixels:
            check_size(width, height, limits)
        filters = image.get_filters()
        if filters == ["DCTDecode"]:
            found = check_jpeg(bytes(image.get_data()), limits)
            blocks = found if len(images) == 1 else blocks
        elif filters == ["FlateDecode"]:
            _check_deflated(memoryview(image.get_data()))
        image.get_bitmap()
    return blocks


def _check_deflated(data: memoryview) -> None:
    """See that a stream ends as it should; what it holds is not kept."""
    stream = zlib.decompressobj()
    pieces: Iterator[memoryview] = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))
    try:
        for piece in pieces:
            rest: bytes | memoryview = piece
            while rest and not stream.eof:
                stream.decompress(rest, _PIECE)
                rest = stream.unconsumed_tail
    except zlib.error as error:
        raise damaged() from error
    if not stream.eof:
        raise damaged()


def _clipped(box: Box, window: Box) -> Box:
    return (
        max(box[0], window[0]), max(box[1], window[1]),
        min(box[2], window[2]), min(box[3], window[3]),
    )  # fmt: skip


def _around(boxes: Iterable[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
