"""The tag that links what Vite built."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.template import Context, Template

MANIFEST = {
    "src/site.ts": {
        "file": "assets/site-1a2b3c4d.js",
        "imports": ["_shared.js"],
        "css": ["assets/site-1a2b3c4d.css"],
    },
    "_shared.js": {"file": "assets/shared-5e6f7a8b.js", "css": ["assets/shared-5e6f7a8b.css"]},
}


def render(entry: str) -> str:
    return Template('{% load vite %}{% vite "' + entry + '" %}').render(Context())


@pytest.fixture
def built(tmp_path: Path, settings) -> Iterator[Path]:
    settings.STATICFILES_DIRS = [tmp_path]
    get_finder.cache_clear()
    yield tmp_path
    get_finder.cache_clear()


def test_an_entry_brings_its_styles_its_imports_and_itself(built: Path) -> None:
    (built / "manifest.json").write_text(json.dumps(MANIFEST))
    lines = render("src/site.ts").splitlines()
    assert lines == [
        '<link rel="stylesheet" href="/static/assets/shared-5e6f7a8b.css">',
        '<link rel="stylesheet" href="/static/assets/site-1a2b3c4d.css">',
        '<link rel="modulepreload" href="/static/assets/shared-5e6f7a8b.js">',
        '<script type="module" src="/static/assets/site-1a2b3c4d.js"></script>',
    ]


def test_a_new_build_is_seen_without_a_restart(built: Path) -> None:
    manifest = built / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    render("src/site.ts")
    changed = {"src/site.ts": {"file": "assets/site-99999999.js"}}
    manifest.write_text(json.dumps(changed))
    assert "site-99999999.js" in render("src/site.ts")


def test_a_page_answers_even_where_nothing_is_built(built: Path) -> None:
    assert render("src/site.ts") == "<!-- The assets are not built. -->"
