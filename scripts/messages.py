"""The site's sentences and their translations: collect, check, compile, with Babel alone.

``python -m scripts.messages update`` brings every catalogue up to date with the sources (new
sentences come in empty, old ones go), ``compile`` writes the ``.mo`` files that Django reads, and
``check`` says what is missing. The catalogues lie in ``webapp/locale``.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_javascript
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")  # ninja reads them

from webapp.api.docs import sentences

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "webapp" / "locale"
CONTRACT = ROOT / "docs" / "reference" / "openapi.json"  # a test holds it to the code
SOURCES = ("colorizer", "rehue", "training", "webapp")
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "ngettext_lazy": (1, 2), "gettext_noop": None}


def from_template(
    source: io.BufferedIOBase, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Extract a Django template's sentences, as Babel asks its extraction methods to.

    Django rewrites them as calls and blanks out all else, which leaves no grammar that Python's
    tokenizer would take; Babel's JavaScript one minds nothing but calls and strings.
    """
    calls = templatize(source.read().decode())
    return extract_javascript(io.BytesIO(calls.encode()), keywords, comment_tags, options)


METHODS: list[tuple[str, Any]] = [
    ("**.py", "python"),
    ("templates/**.html", from_template),
    ("templates/**.txt", from_template),
]


def collect() -> Catalog:
    """Return every sentence marked for translation."""
    found = Catalog()
    for folder in SOURCES:
        for _, _, sentence, _, context in extract_from_dir(
            ROOT / folder, METHODS, keywords=KEYWORDS
        ):
            found.add(sentence, context=context)
    for sentence in filter(None, sentences(json.loads(CONTRACT.read_text()))):
        found.add(sentence)
    return found


def read(path: Path) -> Catalog:
    """Read a catalogue of ``webapp/locale``, named after its language."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue in gettext's binary form."""
    sink = io.BytesIO()
    write_mo(sink, catalog)
    return sink.getvalue()


def problems() -> list[str]:
    """Return a sentence for everything that a catalogue lacks, or has too much."""
    requested = collect()
    found = []
    for path in catalogues():
        catalog, name = read(path), path.relative_to(ROOT)
        found += [f"{name} lacks: {m.id!r}" for m in requested if m.id and m.id not in catalog]
        found += [
            f"{name} has a sentence that nothing says: {m.id!r}"
            for m in catalog
            if m.id and m.id not in requested
        ]
        found += [
            f"{name}: {trouble}: {m.id!r}"
            for m in catalog
            if m.id
            for trouble in _troubles(catalog, m)
        ]
        mo = path.with_suffix(".mo")
        if not mo.is_file() or mo.read_bytes() != compiled(catalog):
            found.append(f"{mo.relative_to(ROOT)} is stale: make messages")
    return found


def _troubles(catalog: Catalog, message: Message) -> list[str]:
    words = message.string if isinstance(message.string, tuple | list) else [message.string]
    if message.fuzzy or not all(words):
        return ["no words"]
    return [str(error) for error in message.check(catalog)]


def catalogues() -> list[Path]:
    """Return the catalogue of each language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def update() -> None:
    """Bring the catalogues' sentences in line with the sources; keep the words they have.

    Catalogues name no files, so that code which moves leaves them as they are.
    """
    requested = collect()
    for path in catalogues():
        catalog = read(path)
        catalog.update(requested, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(
                file, catalog, width=0, no_location=True, sort_output=True, ignore_obsolete=True
            )


def main(arguments: list[str]) -> int:
    """Run one command; the exit status is 1 when ``check`` found something."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            for path in catalogues():
                path.with_suffix(".mo").write_bytes(compiled(read(path)))
        case ["check"]:
            found = problems()
            print("\n".join(found) or "Every sentence has its words.")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
