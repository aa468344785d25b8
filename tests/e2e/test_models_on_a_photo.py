"""Which model coloured a photo, all models side by side, and another one chosen; by a guest too."""

import re

from playwright.sync_api import expect


def test_all_models_show_the_photo_and_another_one_is_taken(studio):
    page = studio.page
    studio.dab((0.4, 0.7), "#c0602a")
    studio.wait_until_current()
    before = studio.says("model")
    assert before
    studio.use("models-open")
    cards = page.get_by_test_id("model-card")
    expect(cards.locator("img")).to_have_count(2)
    expect(cards.filter(has_text=before).get_by_test_id("model-use").first).to_be_disabled()
    expect(cards.first).to_contain_text(re.compile(r"\d ms"))

    page.locator("[data-testid=model-use]:not(:disabled)").click()

    expect(studio.root).not_to_have_attribute("data-model", before)
    chosen = studio.says("model")
    expect(page.get_by_test_id("colored-by")).to_contain_text(chosen)
    page.reload()
    studio.wait_until_coloured()
    studio.wait_for("model", chosen)
