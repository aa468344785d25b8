"""A running site, a real browser, and pages whose errors fail the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.e2e.studio import Studio
from tests.support.browser import ARGUMENTS, find_chromium
from tests.support.needs import missing
from tests.support.patience import PATIENCE_SECONDS
from tests.support.server import ROOT, Server, running_server
from tests.support.staff import make_chief

FAILED = pytest.StashKey[bool]()
RESULTS = ROOT / "test-results"
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}

# Firefox runs it in a page of no site, too, which has no storage.
GUIDED = "if (origin !== 'null') localStorage.setItem('rehue:guided', 'done')"

OpenPage = Callable[..., Page]

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember a failure, so that the page can be pictured before it closes."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def server(tmp_path_factory) -> Iterator[Server]:
    """One site for all tests; each test has a browser session of its own, hence its own photos."""
    if not (ROOT / "frontend" / "dist" / "manifest.json").exists():
        missing("The built page", "make test builds it")
    data = tmp_path_factory.mktemp("site") / "data"
    with running_server(data, GUEST_PHOTOS_PER_DAY="500") as running:
        yield running


@pytest.fixture(scope="package")
def staff_site(tmp_path_factory) -> Iterator[Server]:
    """A site for tests of staff's pages: a model that they switch would colour others' photos."""
    with running_server(tmp_path_factory.mktemp("staff") / "data") as running:
        make_chief(running)
        yield running


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright, of which a process can run one at a time."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The machine's Chromium."""
    program = find_chromium()
    if program is None:
        missing("Chromium", "apt-get install chromium")
    chromium = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
    yield chromium
    chromium.close()


@pytest.fixture
def open_page(browser: Browser, request) -> Iterator[OpenPage]:
    """Open pages in a new session; an error in the page's console fails the test.

    The guide through the first photo is done with, but for a ``newcomer``.

    ``open_page(**options)`` takes Playwright's context options. Errors that a test provokes on
    purpose are named by ``open_page(expected=("...",))``, parts of their text.
    """
    opened: list[tuple[Page, list[str], tuple[str, ...]]] = []

    def open_one(*, expected: tuple[str, ...] = (), newcomer: bool = False, **options: Any) -> Page:
        page = browser.new_context(**{**DESKTOP, **options}).new_page()
        if not newcomer:
            page.context.add_init_script(GUIDED)
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))

        def note(message: ConsoleMessage) -> None:
            if message.type == "error":
                errors.append(f"{message.text} {message.location.get('url', '')}")

        page.on("console", note)
        opened.append((page, errors, expected))
        return page

    yield open_one
    for number, (page, _, _) in enumerate(opened):
        if request.node.stash.get(FAILED, False):
            RESULTS.mkdir(exist_ok=True)
            page.screenshot(path=RESULTS / f"{request.node.name}-{number}.png")
        page.context.close()
    unexpected = [
        error
        for _, errors, expected in opened
        for error in errors
        if not any(part in error for part in expected)
    ]
    assert unexpected == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A desktop page."""
    return open_page()


@pytest.fixture
def studio(page: Page, server: Server) -> Studio:
    """A desktop studio with the grey portrait, coloured without hints."""
    return Studio.upload(page, server)
