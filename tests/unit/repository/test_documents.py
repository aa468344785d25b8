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
STEP = re.compile(r"^\d+\. (.*)$", re.MULTILINE)
MAX_ROOMS = 8
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


def walks():
    """The architecture's walks: for each its steps, and in each the paths that it names."""
    page = (DOCS / "explanation" / "architecture.md").read_text()
    section = page.partition("### Three walks")[2].partition("\n## ")[0]
    parts = re.split(r"^(\w.*):$", section, flags=re.MULTILINE)[1:]
    return {
        title: [re.findall(r"`([\w/.]+)`", step) for step in STEP.findall(text)]
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.parametrize(("title", "steps"), walks().items(), ids=walks())
def test_a_walk_names_files_that_are_there_and_enters_no_room_twice(title, steps):
    rooms = []
    for first, *others in (step for step in steps if step):
        path = ROOT / first
        room = path if path.is_dir() else path.parent
        rooms.append(room)
        files = [path, *(room / name for name in others if name.endswith(".py"))]
        assert [str(file) for file in files if not file.exists()] == []
    assert 3 <= len(rooms) == len(set(rooms)) <= MAX_ROOMS, f"{title}: {rooms}"
