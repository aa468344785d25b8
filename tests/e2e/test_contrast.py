"""Toggles stay readable in every state: the computed colours are measured."""

import pytest
from playwright.sync_api import expect

from tests.e2e.studio import Studio

# Contrast of an element's ink and ground by WCAG, its ground composed over what lies below it.
CONTRAST = """(element) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const over = (colors) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const grounds = [];
    for (let at = element; at; at = at.parentElement)
        grounds.unshift(getComputedStyle(at).backgroundColor);
    const ground = over(['white', ...grounds]);
    const ink = over(['white', ...grounds, getComputedStyle(element).color]);
    const light = (rgb) => rgb
        .map(v => v / 255)
        .map(v => (v > 0.04045 ? ((v + 0.055) / 1.055) ** 2.4 : v / 12.92))
        .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_toggle_is_readable_in_every_state(open_page, server, theme):
    studio = Studio.upload(open_page(color_scheme=theme), server)
    page = studio.page
    for test_id in ("tool-brush", "tool-eraser", "marks", "compare", "zoom-fit"):
        toggle = page.get_by_test_id(test_id)
        states = {"rest": lambda: page.mouse.move(5, 300), "hover": toggle.hover}
        states["focus"] = toggle.focus
        for state, enter in states.items():
            enter()
            assert toggle.evaluate(CONTRAST) >= 4.5, (test_id, state)
        if test_id.startswith("tool"):
            toggle.click()
            expect(toggle).to_have_attribute("aria-pressed", "true")
            assert toggle.evaluate(CONTRAST) >= 4.5, (test_id, "pressed and hovered")
