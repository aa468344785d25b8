"""``{% vite "src/site.ts" %}``: the tags of a bundle that Vite built, by its manifest."""

import json
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import structlog
from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

log = structlog.get_logger(__name__)
register = template.Library()

MANIFEST = "manifest.json"


class Chunk(TypedDict, total=False):
    """One entry of Vite's manifest."""

    file: str
    css: list[str]
    imports: list[str]


@register.simple_tag
def vite(entry: str) -> SafeString:
    """Link the style sheets and the module script of ``entry``.

    Args:
        entry: the source file as Vite's configuration names it, such as ``src/site.ts``.

    Returns:
        ``<link>`` and ``<script type="module">`` tags; a comment where nothing is built, so that a
        page still answers (``manage.py serve`` refuses to start in that case).
    """
    chunks = _manifest()
    if entry not in chunks:
        log.error("assets_missing", entry=entry, cure="build them with npm run build in frontend/")
        return mark_safe("<!-- The assets are not built. -->")
    order = _with_imports(entry, chunks)
    styles = [style for name in order for style in chunks[name].get("css", [])]
    preloads = [chunks[name]["file"] for name in order if name != entry]
    tags = [
        *(('<link rel="stylesheet" href="{}">', file) for file in dict.fromkeys(styles)),
        *(('<link rel="modulepreload" href="{}">', file) for file in preloads),
        ('<script type="module" src="{}"></script>', chunks[entry]["file"]),
    ]
    lines = ((format_html(markup, static(file)),) for markup, file in tags)
    return format_html_join("\n", "{}", lines)


def _with_imports(entry: str, chunks: dict[str, Chunk]) -> list[str]:
    """Name the chunks that ``entry`` needs, each once, those it builds on first."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        for other in chunks[name].get("imports", []):
            visit(other)
        order.append(name)

    visit(entry)
    return order


def _manifest() -> dict[str, Chunk]:
    found = finders.find(MANIFEST)
    if not isinstance(found, str):
        return {}
    return _read(found, Path(found).stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: str, changed: int) -> dict[str, Chunk]:
    """Read the manifest once a build: ``changed`` is part of the key."""
    chunks: dict[str, Chunk] = json.loads(Path(path).read_text(encoding="utf-8"))
    return chunks
