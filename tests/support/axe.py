"""What axe-core finds to mend on a page as it stands in the browser."""

from playwright.sync_api import Page

from tests.support.needs import missing
from tests.support.server import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def axe_faults(page: Page) -> list[str]:
    """Return a line for each rule that is broken, with the first place; an empty list is good."""
    if not AXE.exists():
        missing("axe-core", "npm ci in frontend/ installs it")
    page.evaluate(AXE.read_text())
    broken = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {rule['help']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:160]}"
        for rule in broken["violations"]
    ]
