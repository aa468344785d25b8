"""The dashboard in the browser: it keeps itself up to date, and the model is switched from it."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.support.staff import shell, sign_in

SECOND_MODEL = """
import json, shutil
from django.conf import settings
from colorizer.models import SHIPPED
from training.registry.versions import register
folder = settings.MODEL_DIR / "second"
shutil.copytree(SHIPPED, folder)
card = json.loads((folder / "card.json").read_text())
(folder / "card.json").write_text(json.dumps(card | {"name": "second"}))
register(folder=folder, stored_as="second")
"""
HARM = """
from django.conf import settings
with (settings.MODEL_DIR / "second" / "model.onnx").open("r+b") as file:
    file.write(b"harm")
"""


@pytest.fixture(scope="module")
def server(staff_site):
    """The site with a superuser, before the laboratory's tests make another model live."""
    return staff_site


def test_the_model_is_switched_and_rolled_back_without_a_reload(open_page, server):
    page = open_page(expected=("favicon.ico", "409"))
    sign_in(page, server, "/dashboard/")
    expect(page.get_by_test_id("live-model")).to_have_text("rehue-4-fast")
    shell(server, SECOND_MODEL)
    # Nobody reloads: the page asks by itself.
    page.get_by_role("link", name="Switch to it second").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Switch to second?")
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("live-model")).to_have_text("second")
    expect(page.get_by_role("status").first).to_contain_text("second is live")
    page.get_by_test_id("roll-back").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("live-model")).to_have_text("rehue-4-fast")
    expect(page.get_by_test_id("panel-audit")).to_contain_text("model rolled back")
    shell(server, HARM)
    page.get_by_role("link", name="Switch to it second").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("problem")).to_contain_text("damaged")


def test_a_hidden_page_asks_for_nothing_and_catches_up_when_it_is_looked_at(open_page, server):
    page = open_page(expected=("favicon.ico",))
    sign_in(page, server, "/dashboard/")
    expect(page.locator("[data-live]")).to_have_text("Up to date")
    hide = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s});"
    tell = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(hide % "true" + tell)
    expect(page.locator("[data-live]")).to_have_text("Paused")
    requested = []
    page.on("request", lambda request: requested.append(request.url))
    page.wait_for_timeout(6_000)
    assert requested == []
    with page.expect_response(lambda response: response.url.endswith("/dashboard/")):
        page.evaluate(hide % "false" + tell)
    expect(page.locator("[data-live]")).to_have_text("Up to date")


def test_the_pages_fit_a_phone(open_page, server):
    page = open_page(expected=("favicon.ico",), **PHONE)
    sign_in(page, server, "/dashboard/")
    for part in ("", "jobs", "users", "audit"):
        page.goto(f"{server.url}/dashboard/{part}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["viewport"]["width"], part
