"""Make the README's moving picture: one dab, an outline, vividness, in the real studio.

``python -m scripts.readme_pictures`` serves from an empty folder with the shipped models, paints
NASA's portrait of Eileen Collins (public domain) in headless Chromium, and writes
``docs/images/painting.webp``. Run it again when the models or the studio look different.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.e2e.studio import Studio
from tests.support.browser import ARGUMENTS, find_chromium
from tests.support.patience import PATIENCE_SECONDS
from tests.support.pictures import grey_astronaut
from tests.support.server import ROOT, running_server

TARGET = ROOT / "docs" / "images" / "painting.webp"
MAX_BYTES = 1_000_000
SIZE = (960, 600)
SUIT = (0.33, 0.66)
AROUND_THE_FLAG = [
    (0.01, 0.01),
    (0.12, 0.01),
    (0.14, 0.2),
    (0.2, 0.42),
    (0.13, 0.52),
    (0.06, 0.64),
    (0.01, 0.64),
    (0.01, 0.03),
]
STRIPES = (0.08, 0.35)


def paint(studio: Studio) -> list[tuple[Image.Image, int]]:
    """Paint, and return what is seen at each step with the milliseconds to show it."""
    page = studio.page
    shown: list[tuple[Image.Image, int]] = []

    def show(milliseconds: int) -> None:
        studio.settle()
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        shown.append((image.resize(SIZE, Image.Resampling.LANCZOS), milliseconds))

    def painted() -> None:
        studio.wait_until_current()
        page.wait_for_timeout(400)

    page.keyboard.down("c")
    show(1500)
    page.keyboard.up("c")
    show(1500)
    studio.dab(SUIT, "#c8643c")
    painted()
    show(1800)
    studio.use("tool-lasso")
    page.mouse.move(*studio.on_screen(AROUND_THE_FLAG[0]))
    page.mouse.down()
    for place in AROUND_THE_FLAG[1:-1]:
        page.mouse.move(*studio.on_screen(place), steps=6)
        show(160)
    page.mouse.move(*studio.on_screen(AROUND_THE_FLAG[-1]), steps=6)
    page.mouse.up()
    studio.use("tool-brush")
    studio.dab(STRIPES, "#a33a3a")
    painted()
    show(1800)
    slider = page.get_by_test_id("vividness")
    slider.scroll_into_view_if_needed()
    for value in (120, 140, 160):
        slider.fill(str(value))
        painted()
        show(300)
    show(2200)
    return shown


def main() -> int:
    """Write the picture; the exit status is 1 where it is too large."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "data", LOG_LEVEL="WARNING") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        expect.set_options(timeout=PATIENCE_SECONDS * 1000)
        page.context.add_init_script("localStorage.setItem('rehue:guided', 'done')")
        shown = paint(Studio.upload(page, server, grey_astronaut()))
        browser.close()
    first, *rest = (image for image, _ in shown)
    times = [milliseconds for _, milliseconds in shown]
    first.save(
        TARGET, append_images=rest, save_all=True, duration=times, loop=0, quality=62, method=6
    )
    size = TARGET.stat().st_size
    print(f"{TARGET.relative_to(ROOT)}: {len(shown)} pictures, {size / 1000:.0f} kB")
    return 0 if size <= MAX_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
