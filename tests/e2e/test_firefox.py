"""The ways that everyone goes, once more in Firefox: to paint, outline, adjust, undo, download."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

# Tests of other files run here again: pytest collects what a module holds, imported or not, and
# gives it this module's browser.
from tests.e2e.test_controls import (
    test_a_hint_in_an_outline_acts_there_alone_and_the_outline_is_undone_like_hints,
    test_sliders_are_live_in_the_result_and_reset_by_a_double_click,
)
from tests.e2e.test_editing import (
    test_undo_and_redo_go_through_every_change,
)
from tests.e2e.test_first_photo import (
    test_a_reload_loses_nothing,
    test_three_hints_colour_a_photo_and_the_download_keeps_its_lightness,
)
from tests.e2e.test_outline import (
    test_a_thing_is_outlined_by_keys_alone,
)
from tests.e2e.test_references import (
    test_a_photo_gives_its_colours_as_strongly_as_wanted,
)
from tests.support.browser import find_firefox
from tests.support.firefox import firefox_for_playwright
from tests.support.needs import missing

__all__ = [
    "test_a_hint_in_an_outline_acts_there_alone_and_the_outline_is_undone_like_hints",
    "test_a_photo_gives_its_colours_as_strongly_as_wanted",
    "test_a_reload_loses_nothing",
    "test_a_thing_is_outlined_by_keys_alone",
    "test_sliders_are_live_in_the_result_and_reset_by_a_double_click",
    "test_three_hints_colour_a_photo_and_the_download_keeps_its_lightness",
    "test_undo_and_redo_go_through_every_change",
]


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The machine's Firefox, in Chromium's place."""
    if find_firefox() is None:
        missing("Firefox", "apt-get install firefox-esr")
    program = firefox_for_playwright(tmp_path_factory.mktemp("firefox"))
    firefox = playwright.firefox.launch(executable_path=program, channel="moz-firefox")
    yield firefox
    firefox.close()
