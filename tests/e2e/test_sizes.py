"""The studio and the gallery at the sizes that people have, with nothing cut off or covered."""

import pytest

from tests.e2e.studio import Studio

SIZES = [(820, 1180), (844, 390), (360, 640), (1280, 720)]

# Controls whose words wrap or are cut off, or that something else covers.
FAULTS = """(width) => {
    const faults = [];
    for (const element of document.querySelectorAll('button, a.button, .menu-item, .site-nav a')) {
        const box = element.getBoundingClientRect();
        if (box.width === 0 || !element.checkVisibility({ visibilityProperty: true })) continue;
        const name = element.dataset.testid || element.className || element.textContent.trim();
        if (element.closest('.panel, .strip, .hint-list')) continue;
        if (element.textContent.trim() && element.scrollWidth > element.clientWidth + 1)
            faults.push(`${name}: cut off`);
        const words = document.createRange();
        words.selectNodeContents(element);
        const lines = [...words.getClientRects()].filter(rect => rect.width > 2 && rect.height > 8);
        const spread = Math.max(...lines.map(r => r.bottom)) - Math.min(...lines.map(r => r.top));
        const text = element.textContent.trim();
        if (text && spread > 1.9 * parseFloat(getComputedStyle(element).fontSize) * 1.5)
            faults.push(`${name}: wraps`);
        if (box.left < -1 || box.right > width + 1) faults.push(`${name}: beyond the side`);
        const inSight = box.top >= 0 && box.bottom <= innerHeight;
        const top = inSight
            && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        if (top && !element.contains(top) && !top.contains(element))
            faults.push(`${name}: covered by ${top.className || top.tagName}`);
    }
    const header = document.querySelector('.site-header').getBoundingClientRect();
    if (header.height > 66) faults.push(`the header is ${header.height} px high`);
    if (document.documentElement.scrollWidth > width) faults.push('the page scrolls sideways');
    return faults;
}"""


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off_or_covered(open_page, server, width, height, language):
    page = open_page(
        viewport={"width": width, "height": height},
        has_touch=width < 1000,
        is_mobile=width < 1000,
        locale=language,
    )
    studio = Studio.upload(page, server)
    studio.settle()
    assert page.evaluate(FAULTS, width) == []

    page.goto(f"{server.url}/photos")
    page.locator(".card").first.wait_for()
    assert page.evaluate(FAULTS, width) == []
