"""The laboratory in the browser: from a recipe to a published model, and progress as it happens."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE
from tests.support import staff

RECIPE = """
name = "tiny"
warm_up = 2
score_every = 3
score_pictures = 2
net = {net = "unet", width = 2, depth = 1, prior = true}
stages = [{steps = 6, crop = 32, batch = 2}]
"""
RUN = """
from tests.support.lab import a_run
from django.utils import timezone
from datetime import timedelta
run = a_run("watched", beat=timezone.now() + timedelta(days=1))
print(run.pk)
"""
GO_ON = """
from tests.support.lab import measure
from training.models import Run
run = Run.objects.get(name="watched")
measure(run, 60, 27.25)
Run.objects.update(done=60, seconds=30, best={"step": 60, "psnr": 27.25}, seq=8)
"""
FAIL = """
from training.models import Run
Run.objects.update(status="failed", error="The loss is no number at step 61.", seq=9)
"""


@pytest.fixture(scope="module")
def server(staff_site):
    """The site with a superuser who may do everything."""
    return staff_site


@pytest.fixture(scope="module")
def manage(server):
    """Run a command beside the site, as an administrator does."""
    return partial(staff.manage, server)


def sign_in(page: Page, server, path: str = "/laboratory/") -> None:
    """Go to a page of the laboratory by way of the sign-in, as anyone does who has the address."""
    staff.sign_in(page, server, path)


def points(page: Page, chart: str) -> list[list[float]]:
    """What a chart shows now."""
    shown: list[list[float]] = page.get_by_test_id(f"chart-{chart}").evaluate(
        "chart => chart.data.series[0].points"
    )
    return shown


def test_progress_appears_as_it_happens_and_a_reload_shows_the_same(open_page, server, manage):
    page = open_page(expected=("favicon.ico",))
    address = f"/laboratory/runs/{manage('shell', '--verbosity', '0', '-c', RUN).strip()}"
    sign_in(page, server, address)
    page.evaluate("window.loadedOnce = true")
    expect(page.get_by_test_id("done")).to_have_text("40")
    manage("shell", "-c", GO_ON)
    expect(page.get_by_test_id("done")).to_have_text("60")
    assert points(page, "psnr") == [[20, 25], [40, 26.5], [60, 27.25]]
    expect(page.locator('[data-show="remaining"]')).to_have_text("0:00:20")
    expect(page.locator('[data-part="best"]')).to_contain_text("27.25")
    manage("shell", "-c", FAIL)
    expect(page.get_by_test_id("error")).to_have_text("The loss is no number at step 61.")
    expect(page.get_by_test_id("resume")).to_be_visible()
    expect(page.get_by_test_id("cancel")).to_have_count(0)
    assert page.evaluate("window.loadedOnce")
    page.reload()
    expect(page.get_by_test_id("done")).to_have_text("60")
    expect(page.get_by_test_id("error")).to_be_visible()
    assert points(page, "psnr") == [[20, 25], [40, 26.5], [60, 27.25]]


@pytest.mark.slow
def test_a_recipe_becomes_a_published_model_without_leaving_the_browser(
    open_page, server, manage, shard
):
    page = open_page(expected=("favicon.ico", "422"))
    splits = "train=4,val=2,test=2"
    manage("prepare_data", "pieces", "--from", str(shard), "--splits", splits, "--side", "64")
    sign_in(page, server)
    page.get_by_role("link", name="New run").click()
    text = page.locator("#id_text")
    expect(text).to_have_value(re.compile("stages"))
    page.select_option("#id_recipe", "smoke")
    expect(text).to_have_value(re.compile('name = "smoke"'))
    page.locator("#id_data_sets").get_by_text("pieces").check()
    text.fill(RECIPE + "speed = 9")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".field-error")).to_contain_text("speed: there is no such key")
    text.fill(RECIPE)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/laboratory/runs/*-*")
    # Steps and an export, which give way to all else that runs.
    expect(page.get_by_test_id("status")).to_have_text("done", timeout=900_000)
    assert [step for step, _ in points(page, "psnr")] == [3, 6]
    page.get_by_test_id("publish").click()
    expect(page.get_by_role("status")).to_contain_text("tiny")
    page.get_by_test_id("make-live").click()
    expect(page.locator(".status-live")).to_be_visible()


def test_the_pages_fit_a_phone(open_page, server, manage):
    page = open_page(expected=("favicon.ico",), **PHONE)
    sign_in(page, server)
    addresses = ["/laboratory/", *(f"/laboratory/{kind}/new" for kind in ("runs", "evaluations"))]
    for address in addresses:
        page.goto(f"{server.url}{address}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["viewport"]["width"], address
