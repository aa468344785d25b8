"""The Models page in a browser: charts, both themes, a phone, Korean; nothing is stopped by CSP."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE

DATA = {
    "title": "PSNR of each method",
    "x": {"label": "hints", "kind": "category"},
    "y": {"label": "dB"},
    "series": [
        {"name": "prior", "points": [["@0", 22], ["@1", 23]], "muted": True},
        {"name": "net", "points": [["@0", 23], ["@1", 25]]},
    ],
}
DRAW = """data => {
  const chart = document.createElement('rehue-chart');
  const source = document.createElement('script');
  source.type = 'application/json';
  source.textContent = data;
  chart.append(source);
  document.querySelector('.lab').prepend(chart);
}"""
PIXELS = """() => {
  const canvas = document.querySelector('rehue-chart canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return [...new Uint32Array(data.buffer)].filter(pixel => pixel !== 0).length;
}"""
COLOUR = "line => getComputedStyle(line).color"
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
PICTURE = "() => document.querySelector('rehue-chart canvas').toDataURL()"


@pytest.fixture
def chart(page, server):
    """A page whose first chart has two lines."""
    page.goto(f"{server.url}/models")
    page.evaluate(DRAW, json.dumps(DATA))
    return page.locator("rehue-chart").first


def test_the_front_page_leads_to_the_models_and_those_to_the_live_one(page, server):
    page.goto(server.url)
    page.get_by_role("navigation").get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
    page.get_by_test_id("model-card").filter(has=page.get_by_test_id("live")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rehue-4")
    expect(page.get_by_text("SHA-256")).to_be_visible()


def test_a_chart_is_drawn_and_named(page, chart):
    expect(chart.get_by_role("img")).to_have_attribute(
        "aria-label", "PSNR of each method. dB; hints: prior, net"
    )
    expect(chart.locator(".chart-legend li")).to_have_text(["prior", "net"])
    assert page.evaluate(PIXELS) > 1000


def test_a_chart_shows_new_data_at_once(page, chart):
    before = page.evaluate(PICTURE)
    more = {**DATA["series"][1], "points": [["@0", 23], ["@1", 25], ["@2", 29]]}
    chart.evaluate("(chart, series) => { chart.data = { ...chart.data, series: [series] }; }", more)
    expect(chart.locator(".chart-legend li")).to_have_text(["net"])
    assert page.evaluate(PICTURE) != before


def test_a_chart_follows_the_theme(page, chart):
    line = chart.locator(".series-1")
    page.evaluate(SETTLED)
    light = {"picture": page.evaluate(PICTURE), "line": line.evaluate(COLOUR)}
    page.emulate_media(color_scheme="dark")
    # The browser tells of a new scheme with its next frame; the chart is drawn then.
    page.wait_for_function(f"before => ({PICTURE})() !== before", arg=light["picture"])
    assert line.evaluate(COLOUR) != light["line"]
    page.get_by_test_id("theme-switch").click()  # from the system's to light
    page.wait_for_function(f"before => ({PICTURE})() === before", arg=light["picture"])
    assert line.evaluate(COLOUR) == light["line"]


def test_the_samples_appear_without_anybody_asking(page, server):
    page.goto(f"{server.url}/models")
    pictures = page.locator(".sample-strip img")
    # Four photos, each grey, as it was, and twice by each model; the second model comes later.
    for _ in range(60):
        if pictures.count() == 24:
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(pictures).to_have_count(24)
    pictures.first.scroll_into_view_if_needed()
    expect(pictures.first).to_have_js_property("naturalWidth", 256)


@pytest.mark.parametrize("address", ["/models", "/models/rehue-4"])
def test_nothing_but_tables_and_strips_scrolls_sideways_on_a_phone(open_page, server, address):
    page = open_page(**PHONE, locale="ko-KR")
    page.goto(f"{server.url}{address}")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
