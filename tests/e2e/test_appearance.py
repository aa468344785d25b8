"""Two languages, two themes."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.studio import Studio

HANGUL = re.compile("[가-힣]")
ENGLISH_WORD = re.compile(r"\b[A-Za-z]{4,}\b")
NAMES = {"NASA", "Rehue", "English", "JPEG", "WebP", "TIFF", "HEIC", "AVIF", "Ctrl", "Shift"}
SAME_IN_BOTH = NAMES | {
    "Space",
    "portrait",
    "rehue",
    "fast",
}  # a key, a photo's name, and a model's


def words(page: Page) -> str:
    """Every text on the page that people read or hear."""
    return page.evaluate(
        """() => [document.title, document.body.innerText,
            ...[...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap(e =>
                ['aria-label', 'title', 'placeholder'].map(a => e.getAttribute(a) ?? ''))
        ].join('\\n')"""
    )


def test_the_pages_speak_korean(page, server):
    page.goto(server.url)
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_test_id("language-ko").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    first_page = words(page)
    studio = Studio.upload(page, server)
    studio_page = words(studio.page)
    for text in (first_page, studio_page):
        assert len(HANGUL.findall(text)) > 50
        assert set(ENGLISH_WORD.findall(text)) - SAME_IN_BOTH == set()


def test_a_korean_browser_gets_korean_without_asking(open_page, server):
    page = open_page(locale="ko-KR")
    page.goto(server.url)
    assert page.locator("html").get_attribute("lang") == "ko"


def brightness(page: Page) -> float:
    """How bright the page's background is, from 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [float(number) for number in re.findall(r"[\d.]+", colour)[:3]]
    scale = 255 if colour.startswith("color(") else 1
    return scale * sum(channels) / 3


def test_the_page_follows_the_systems_theme(open_page, server):
    for scheme, dark in (("dark", True), ("light", False)):
        page = open_page(color_scheme=scheme)
        page.goto(server.url)
        assert (brightness(page) < 100) is dark


def test_the_chosen_theme_stays(open_page, server):
    page = open_page(color_scheme="light")
    page.goto(server.url)
    for _ in range(3):  # system, light, dark
        if brightness(page) < 100:
            break
        page.get_by_test_id("theme-switch").click()
    assert brightness(page) < 100
    page.reload()
    assert brightness(page) < 100
