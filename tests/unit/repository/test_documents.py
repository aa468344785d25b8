"""The documents and the code agree."""

import re
import tomllib
from pathlib import Path

import pytest

from webapp.settings.config import Config

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \|", re.MULTILINE)
READ_BY_CONFIG = re.compile(r"read\.\w+\(\s*\"([A-Z_]+)\"")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def test_the_configuration_page_lists_every_variable_and_no_other():
    source = (ROOT / "webapp" / "settings" / "config.py").read_text()
    page = (DOCS / "reference" / "configuration.md").read_text()
    assert {name for name, _ in ROW.findall(page)} == set(READ_BY_CONFIG.findall(source))


def test_the_configuration_page_states_the_defaults(tmp_path):
    config = Config.from_env({"DATA_DIR": str(tmp_path)})
    stated = dict(ROW.findall((DOCS / "reference" / "configuration.md").read_text()))
    wrong = {
        name: (default, stated[name])
        for name, default in ((field.upper(), getattr(config, field)) for field in vars(config))
        if isinstance(default, int)
        and not isinstance(default, bool)
        and f"`{default}`" not in stated[name]
    }
    assert wrong == {}


def test_every_dependency_has_a_line_that_says_what_it_saves():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = (DOCS / "explanation" / "dependencies.md").read_text().lower()
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[<>=;\[ ]", text)[0].lower() for group in groups for text in group}
    names -= {"rehue"}  # an extra that names another
    assert {name for name in names if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    targets = [link.split("#")[0] for link in LINK.findall(page.read_text())]
    relative = [target for target in targets if target and "://" not in target]
    dead = [target for target in relative if not (page.parent / target).exists()]
    assert dead == []
