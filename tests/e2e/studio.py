"""The studio as a person uses it: places on the photo, real pointer events, what is on screen."""

import base64
import contextlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from colorizer.color import rgb_to_lab
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import Server

Place = tuple[float, float]

ANY_NUMBER_BUT_MINUS_ONE = re.compile(r"^\d+$")


class Studio:
    """A photo's page. Places are (x, y) relative to the photo, as in a hint set."""

    def __init__(self, page: Page, width: int, height: int) -> None:
        self.page = page
        self.width = width
        self.height = height

    @classmethod
    def upload(
        cls,
        page: Page,
        server: Server,
        picture: Image.Image | None = None,
        *,
        kind: str = "PNG",
        data: bytes = b"",
    ) -> "Studio":
        """Upload a picture from the first page and wait for its automatic colours.

        ``data`` is the picture's file where Pillow does not write one of its ``kind``.
        """
        picture = picture or grey_astronaut()
        page.goto(server.url)
        page.get_by_test_id("file-input").set_input_files(
            {
                "name": f"portrait.{kind.lower()}",
                "mimeType": f"image/{kind.lower()}",
                "buffer": data or encoded(picture, kind),
            }
        )
        page.wait_for_url("**/photos/*")
        studio = cls(page, *picture.size)
        studio.wait_until_coloured()
        return studio

    # What the page says about itself.

    @property
    def root(self) -> Locator:
        """The element whose attributes tell the state."""
        return self.page.get_by_test_id("studio")

    def says(self, attribute: str) -> str:
        """One attribute of the studio's state, without its ``data-``."""
        return self.root.get_attribute(f"data-{attribute}") or ""

    def wait_for(self, attribute: str, value: str | re.Pattern[str]) -> None:
        """Wait until the studio says so."""
        expect(self.root).to_have_attribute(f"data-{attribute}", value)

    def wait_until_coloured(self) -> None:
        """Wait until the photo and some colours are on screen."""
        self.wait_for("ready", "true")
        self.wait_for("chroma-revision", ANY_NUMBER_BUT_MINUS_ONE)

    def wait_until_current(self) -> None:
        """Wait until the colours on screen are those of the newest hints, and these are saved."""
        self.page.wait_for_function(
            """() => {
                const { revision, chromaRevision, saved } =
                    document.querySelector('[data-testid=studio]').dataset;
                return revision === chromaRevision && saved === 'saved';
            }"""
        )

    def settle(self) -> None:
        """Wait until what has changed is drawn."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        expect(self.page.locator(".photo-canvas[data-composing]")).to_have_count(0)

    # Doing things.

    def use(self, test_id: str) -> None:
        """Click a control."""
        self.page.get_by_test_id(test_id).click()

    def choose(self, color: str) -> None:
        """Choose a colour by its code."""
        field = self.page.get_by_test_id("hex")
        field.fill(color)
        field.press("Enter")

    def on_screen(self, place: Place) -> Place:
        """Where a place of the photo is on the page, in CSS pixels."""
        self.settle()
        canvas = self.page.get_by_test_id("photo-canvas")
        box = canvas.bounding_box()
        assert box is not None, "the photo's canvas is not shown"
        scale, left, top = (
            float(canvas.get_attribute(f"data-view-{name}") or "nan")
            for name in ("scale", "x", "y")
        )
        x, y = place
        return (
            box["x"] + left + x * self.width * scale,
            box["y"] + top + y * self.height * scale,
        )

    def choose_swatch(self, name: str) -> None:
        """Choose one of the natural colours, as one does on a phone."""
        self.use(f"palette-{name}")

    def dab(self, place: Place, color: str | None = None) -> None:
        """Put a point there with the mouse."""
        if color:
            self.choose(color)
        self.page.mouse.click(*self.on_screen(place))

    @contextlib.contextmanager
    def timing_a_stroke(self) -> Iterator[Callable[[], float]]:
        """Let the page itself take the time from the pointer's release to newer colours.

        Yields:
            Call it after the stroke: it waits for the colours and returns the seconds.
        """
        self.page.evaluate(
            """() => {
                const root = document.querySelector('[data-testid=studio]');
                const before = Number(root.dataset.chromaRevision);
                window.strokeSeconds = new Promise((done) => {
                    let released = 0;
                    const observer = new MutationObserver(() => {
                        if (!released || Number(root.dataset.chromaRevision) <= before) return;
                        observer.disconnect();
                        done((performance.now() - released) / 1000);
                    });
                    observer.observe(root, { attributes: true });
                    addEventListener('pointerup', () => { released = performance.now(); },
                        { once: true, capture: true });
                });
            }"""
        )
        yield lambda: float(self.page.evaluate("() => window.strokeSeconds"))

    def drag(self, places: Sequence[Place], color: str | None = None) -> None:
        """Press the mouse at the first place, move through the others, and release."""
        if color:
            self.choose(color)
        self.page.mouse.move(*self.on_screen(places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.on_screen(place), steps=4)
        self.page.mouse.up()

    def download(self, kind: str = "png") -> bytes:
        """Download the full-size result."""
        self.use("download")
        with self.page.expect_download() as started:
            self.use(f"download-{kind}")
        path: Path = started.value.path()
        return path.read_bytes()

    # What is on screen.

    def picture(self) -> np.ndarray:
        """The composed picture, uint8 (H, W, 3), in the screen's own pixels."""
        self.settle()
        url = self.page.get_by_test_id("photo-canvas").evaluate("canvas => canvas.toDataURL()")
        data = base64.b64decode(url.partition(",")[2])
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))

    def colour_at(self, place: Place) -> np.ndarray:
        """The (a, b) that is seen at a place, the mean of a few pixels around it."""
        picture = self.picture()
        box = self.page.get_by_test_id("photo-canvas").bounding_box()
        assert box is not None, "the photo's canvas is not shown"
        x, y = self.on_screen(place)
        ratio = picture.shape[1] / box["width"]
        column, row = round((x - box["x"]) * ratio), round((y - box["y"]) * ratio)
        patch = picture[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        return rgb_to_lab(patch)[..., 1:].reshape(-1, 2).mean(axis=0)

    def colourfulness(self) -> float:
        """Mean chroma of the middle of what is on screen, in CIELAB units; 0 is grey."""
        picture = self.picture()
        height, width, _ = picture.shape
        middle = picture[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3]
        ab = rgb_to_lab(middle)[..., 1:]
        return float(np.hypot(ab[..., 0], ab[..., 1]).mean())
