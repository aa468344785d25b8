"""axe-core finds nothing to mend: on pages and open dialogs, in both themes and languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.studio import Studio
from tests.support.needs import missing
from tests.support.server import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("/", "/photos", "/models", "/help", "/about", "/privacy", "/api/docs", "/account/login/")


def faults(page: Page) -> list[str]:
    """What axe-core finds, a line a rule, with the first place."""
    if not AXE.exists():
        missing("axe-core", "npm ci in frontend/ installs it")
    page.evaluate(Path(AXE).read_text())
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {one['help']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
    ]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ko")])
def test_pages_have_no_faults(open_page, server, width, theme, language):
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=theme, locale=language)
    found = {}
    for address in PAGES:
        page.goto(server.url + address)
        found[address] = faults(page)
    assert {address: lines for address, lines in found.items() if lines} == {}


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ko")])
def test_the_studio_and_what_opens_in_it_have_no_faults(open_page, server, width, theme, language):
    page = open_page(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        locale=language,
        newcomer=True,
    )
    studio = Studio.upload(page, server)
    found = {"guide": faults(page)}
    studio.use("guide-skip")
    if width > 1000:
        studio.dab((0.4, 0.3), "#a3553f")
    found["studio"] = faults(page)
    for opener in ("download", "photo-menu"):
        studio.use(opener)
        found[opener] = faults(page)
        page.keyboard.press("Escape")
    studio.use("photo-menu")
    studio.use("photo-share")
    found["share"] = faults(page)
    page.keyboard.press("Escape")
    if width > 1000:
        for opener in ("reference-choose", "models-open"):
            studio.use(opener)
            found[opener] = faults(page)
            page.keyboard.press("Escape")
    page.keyboard.press("?")
    found["shortcuts"] = faults(page)
    assert {place: lines for place, lines in found.items() if lines} == {}
