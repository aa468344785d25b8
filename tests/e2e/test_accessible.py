"""axe-core finds nothing to mend in the studio and what opens in it; test_sizes.py walks pages."""

import pytest

from tests.e2e.studio import Studio
from tests.support.axe import axe_faults as faults


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
