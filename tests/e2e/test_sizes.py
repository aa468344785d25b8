"""All pages at the sizes that people have: nothing cut off or covered, nothing inaccessible."""

import pytest
from playwright.sync_api import Page

from tests.e2e.studio import Studio
from tests.support.axe import axe_faults
from tests.support.layout import layout_faults
from tests.support.member import member_of
from tests.support.staff import sign_in

SIZES = [(820, 1180), (844, 390), (360, 640), (1280, 720)]
AXE_SIZES = ((360, 640), (1280, 720))
GUESTS = ("/", "/photos", "/account/login/", "/account/signup/", "/account/password/reset/")
PUBLIC = ("/models", "/models/rehue-4-fast", "/help", "/about", "/privacy", "/api/docs", "/none")
ACCOUNT = (
    "preferences", "security", "tokens", "webhooks", "shares", "data", "delete", "email/", "2fa/",
    "password/change/",
)  # fmt: skip
DASHBOARD = ("", "jobs", "users", "audit")
LAB = ("", "runs/new", "evaluations/new", "searches/new")


def sized(width: int, height: int, language: str) -> dict[str, object]:
    """A browser session's options for a screen, with touch where it is small; dark in Korean."""
    small = width < 1000
    screen = {"viewport": {"width": width, "height": height}, "locale": language}
    screen["color_scheme"] = "dark" if language == "ko" else "light"
    return screen | {"has_touch": small, "is_mobile": small, "expected": ("404",)}


def faults_of(page: Page, url: str, addresses: list[str]) -> dict[str, list[str]]:
    """What is broken on each page, without those that are whole.

    A page that is there already serves axe-core too, which has the say at two of the sizes.
    """
    size = page.viewport_size
    assert size is not None
    broken = {}
    for address in addresses:
        page.goto(url + address)
        broken[address] = layout_faults(page)
        if (size["width"], size["height"]) in AXE_SIZES:
            broken[address] += axe_faults(page)
    return {address: faults for address, faults in broken.items() if faults}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pages_are_whole_and_accessible(open_page, server, width, height, language):
    page = open_page(**sized(width, height, language))
    assert faults_of(page, server.url, [*GUESTS, *PUBLIC]) == {}
    studio = Studio.upload(page, server)
    studio.settle()
    assert layout_faults(page) == []
    page.goto(f"{server.url}/photos")
    page.locator(".card").first.wait_for()
    assert layout_faults(page) == []


@pytest.mark.parametrize(
    ("width", "height", "language"),
    [(360, 640, "en"), (360, 640, "ko"), (820, 1180, "en"), (844, 390, "ko"), (1280, 720, "en")],
)
def test_pages_of_members_and_staff_are_whole_and_accessible(
    open_page, server, staff_site, width, height, language
):
    page = open_page(**sized(width, height, language))
    with member_of(
        server.url, {"DATA_DIR": str(server.data_dir)}, f"sized-{width}-{height}-{language}"
    ) as member:
        session = member.http.cookies["rehue_session"]
    page.context.add_cookies([{"name": "rehue_session", "value": session, "url": server.url}])
    addresses = ["/", "/photos", "/models", "/batches/", "/batches/new", "/account/"]
    assert faults_of(page, server.url, addresses + [f"/account/{one}" for one in ACCOUNT]) == {}
    page.get_by_test_id("account-menu").click()
    assert axe_faults(page) == []

    page = open_page(**sized(width, height, language))
    sign_in(page, staff_site, "/dashboard/")
    addresses = ["/", "/photos", *(f"/dashboard/{one}" for one in DASHBOARD)]
    addresses += [f"/laboratory/{one}" for one in LAB]
    assert faults_of(page, staff_site.url, addresses) == {}


def test_a_notice_lies_over_no_control(open_page, server):
    page = open_page(viewport={"width": 1440, "height": 900})
    studio = Studio.upload(page, server)
    studio.dab((0.4, 0.7), "#c0602a")
    studio.use("delete-all")
    toast = page.get_by_test_id("toast").bounding_box()
    assert toast is not None
    for name in ("floating-uncertainty", "floating-zoom", "floating-tools"):
        bar = page.locator(f".{name}").bounding_box()
        assert bar is not None
        apart = (
            toast["x"] + toast["width"] <= bar["x"]
            or bar["x"] + bar["width"] <= toast["x"]
            or toast["y"] + toast["height"] <= bar["y"]
            or bar["y"] + bar["height"] <= toast["y"]
        )
        assert apart, f"the notice lies over {name}"
