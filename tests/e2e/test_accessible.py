"""axe-core finds nothing to mend: on pages and open dialogs, in both themes and languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.studio import Studio
from tests.support.member import member_of
from tests.support.needs import missing
from tests.support.server import ROOT
from tests.support.staff import sign_in

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("/", "/photos", "/models", "/help", "/about", "/privacy", "/api/docs", "/account/login/")

OWN = ("preferences", "security", "tokens", "webhooks", "shares", "data", "delete")
MEMBERS = ("/photos", "/batches/", "/batches/new", "/account/", *(f"/account/{one}" for one in OWN))
STAFF = ("", "jobs", "users", "audit")
LAB = ("", "runs/new", "evaluations/new", "searches/new")


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


@pytest.mark.parametrize(
    ("width", "theme", "language"), [(360, "dark", "en"), (1440, "light", "ko")]
)
def test_pages_of_members_and_staff_have_no_faults(
    open_page, server, staff_site, width, theme, language
):
    screen = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    page = open_page(**screen, locale=language)
    with member_of(server.url, {"DATA_DIR": str(server.data_dir)}, f"axe-{width}") as member:
        session = member.http.cookies["rehue_session"]
    page.context.add_cookies([{"name": "rehue_session", "value": session, "url": server.url}])
    found = {}
    for address in MEMBERS:
        page.goto(server.url + address)
        found[address] = faults(page)
    page.get_by_test_id("account-menu").click()
    found["account menu"] = faults(page)
    page = open_page(**screen, locale=language)
    sign_in(page, staff_site, "/dashboard/")
    addresses = [f"/dashboard/{one}" for one in STAFF] + [f"/laboratory/{one}" for one in LAB]
    for address in addresses:
        page.goto(staff_site.url + address)
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
    for menu, opener in (
        ("photo-menu", "photo-share"),
        ("photo-menu", "photo-rename"),
        ("download", "download-more"),
    ):
        studio.use(menu)
        studio.use(opener)
        page.locator("dialog[open]").wait_for()
        found[opener] = faults(page)
        page.keyboard.press("Escape")
    if width > 1000:
        for opener in ("reference-choose", "models-open"):
            studio.use(opener)
            found[opener] = faults(page)
            page.keyboard.press("Escape")
    page.keyboard.press("?")
    found["shortcuts"] = faults(page)
    assert {place: lines for place, lines in found.items() if lines} == {}
