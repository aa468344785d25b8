"""The site's sentences and their translations: collect, check, compile; needs Python alone.

``python -m scripts.messages update`` brings every catalogue up to date with the sources (new
sentences come in empty, old ones go), ``compile`` writes the ``.mo`` files that Django reads, and
``check`` says what is missing. The catalogues lie in ``webapp/locale``.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "webapp" / "locale"
PYTHON = ("webapp", "training")
TEMPLATES = ("webapp/templates", "training/templates")
CALLS = {"gettext", "gettext_noop", "gettext_lazy", "ngettext", "ngettext_lazy", "_"}
TEMPLATE_KINDS = ("*.html", "*.txt")

Key = tuple[str, ...]  # (singular,) or (singular, plural)
Catalogue = dict[Key, tuple[str, ...]]

_VALUE = re.compile(r"%(?:\(\w+\))?[.\d]*[a-z]")
_QUOTED = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_STRING = re.compile(_QUOTED, re.DOTALL)
_CALL = re.compile(rf"\b(?:n?gettext|_)\(({_QUOTED}(?:,\s*{_QUOTED})?)", re.DOTALL)


def collect() -> dict[Key, list[str]]:
    """Return every sentence marked for translation, and the files it stands in."""
    found: dict[Key, list[str]] = {}
    for path, keys in _marked():
        for key in keys:
            places = found.setdefault(key, [])
            if path not in places:
                places.append(path)
    return found


def _marked() -> Iterator[tuple[str, list[Key]]]:
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), _in_python(path.read_text("utf-8"))
    for folder in TEMPLATES:
        kinds = (path for kind in TEMPLATE_KINDS for path in (ROOT / folder).rglob(kind))
        for path in sorted(kinds):
            yield path.relative_to(ROOT).as_posix(), _in_template(path.read_text("utf-8"))


def _in_python(source: str) -> list[Key]:
    keys: list[Key] = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in CALLS:
            count = 2 if node.func.id.startswith("ngettext") else 1
            words = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
            if len(words) == count:
                keys.append(tuple(str(word) for word in words))
    return keys


def _in_template(source: str) -> list[Key]:
    # Django writes a template's sentences as calls; all else it blanks out.
    calls = _CALL.findall(templatize(source) + "\n")
    return [tuple(ast.literal_eval(text) for text in _STRING.findall(call)) for call in calls]


def read_po(path: Path) -> Catalogue:
    """Read a catalogue. The header is the entry of the empty sentence."""
    entries: Catalogue = {}
    fields: dict[str, str] = {}
    field = ""
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if line.startswith("msg"):
            field, _, text = line.partition(" ")
            fields[field] = ast.literal_eval(text)
        elif line.startswith('"'):
            fields[field] += ast.literal_eval(line)
        elif fields:
            entries[_key(fields)] = tuple(
                text for name, text in fields.items() if name.startswith("msgstr")
            )
            fields = {}
    return entries


def _key(fields: dict[str, str]) -> Key:
    plural = fields.get("msgid_plural")
    return (fields["msgid"],) if plural is None else (fields["msgid"], plural)


def write_po(path: Path, entries: Catalogue, places: dict[Key, list[str]]) -> None:
    """Write a catalogue: the header, then the sentences in the order of the alphabet."""
    blocks = []
    for key in sorted(entries):
        lines = [f"#: {' '.join(places[key])}"] if key in places else []
        lines += [f"{name} {_quoted(text)}" for name, text in _fields(key, entries[key])]
        blocks.append("\n".join(lines))
    path.write_text("\n\n".join(blocks) + "\n", "utf-8")


def _fields(key: Key, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from zip(("msgid", "msgid_plural"), key, strict=False)
    if len(key) == 1:
        yield "msgstr", words[0]
    else:
        yield from ((f"msgstr[{number}]", text) for number, text in enumerate(words))


def _quoted(text: str) -> str:
    lines = [_escaped(line) for line in text.splitlines(keepends=True)]
    return lines[0] if len(lines) == 1 else "\n".join(['""', *lines]) if lines else '""'


def _escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compiled(entries: Catalogue) -> bytes:
    """Return a catalogue in gettext's binary form (the GNU ``.mo`` format, little-endian)."""
    pairs = sorted(
        ("\0".join(key).encode(), "\0".join(words).encode())
        for key, words in entries.items()
        if all(words)
    )
    offset = 28 + 16 * len(pairs)
    tables: list[list[int]] = [[], []]
    strings = b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += [len(pair[side]), offset + len(strings)]
            strings += pair[side] + b"\0"
    numbers = [0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0, *tables[0], *tables[1]]
    return struct.pack(f"<{len(numbers)}I", *numbers) + strings


def problems() -> list[str]:
    """Return a sentence for everything that a catalogue lacks, or has too much."""
    wanted = set(collect())
    found = []
    for path in catalogues():
        entries = read_po(path)
        name = path.relative_to(ROOT)
        found += [f"{name} lacks: {key[0]!r}" for key in sorted(wanted - set(entries))]
        found += [
            f"{name} has no words for: {key[0]!r}"
            for key, words in sorted(entries.items())
            if not all(words)
        ]
        found += [
            f"{name} puts other values into: {key[0]!r}"
            for key, words in sorted(entries.items())
            if any(_values(text) != _values(key[-1]) for text in words if text and key != ("",))
        ]
        spare = sorted(set(entries) - wanted - {("",)})
        found += [f"{name} has a sentence that nothing says: {key[0]!r}" for key in spare]
        mo = path.with_suffix(".mo")
        if not mo.is_file() or mo.read_bytes() != compiled(entries):
            found.append(f"{mo.relative_to(ROOT)} is stale: python -m scripts.messages compile")
    return found


def _values(text: str) -> list[str]:
    """The places that Python fills: %(limit)d, %d."""
    return sorted(_VALUE.findall(text))


def catalogues() -> list[Path]:
    """Return the catalogue of each language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def update() -> None:
    """Bring the catalogues' sentences in line with the sources; keep the words they have."""
    places = collect()
    for path in catalogues():
        old = read_po(path)
        fresh = {key: old.get(key, ("",)) for key in places}
        write_po(path, {("",): old[("",)], **fresh}, places)


def main(arguments: list[str]) -> int:
    """Run one command; the exit status is 1 when ``check`` found something."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            for path in catalogues():
                path.with_suffix(".mo").write_bytes(compiled(read_po(path)))
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
