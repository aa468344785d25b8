"""What is committed is for everyone: no machine's paths or hosts, nothing stale or huge."""

import gettext
import re
import shutil
import subprocess
from ast import literal_eval
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCALE = ROOT / "webapp" / "locale"
ONE_MACHINE = re.compile(
    r"\"resolved\": *\"http|index[-_]url *[=:]|files\.pythonhosted\.|registry\.npmjs\."
    r"|download\.pytorch\.org/whl"
)
MOST_BYTES = 2_000_000


def committed() -> list[Path]:
    """The files under version control."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_download_host():
    culprits = []
    for path in committed():
        data = path.read_bytes()
        if b"\0" in data[:4096] or path == Path(__file__):
            continue
        if ONE_MACHINE.search(data.decode()):
            culprits.append(str(path.relative_to(ROOT)))
    assert culprits == []


def test_nothing_large_but_the_model_that_ships():
    large = [
        str(path.relative_to(ROOT))
        for path in committed()
        if path.stat().st_size > MOST_BYTES and "colorizer/models" not in path.as_posix()
    ]
    assert large == []


@pytest.mark.parametrize("name", ["rehue-3", "rehue-3-fast"])
def test_a_model_that_ships_is_at_most_40_mb(name):
    folder = ROOT / "colorizer" / "models" / name
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 40_000_000


def parse_po(text: str) -> dict[str, str]:
    """Translations of a PO file by message, as gettext keys them; fuzzy and empty ones left out."""
    found: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", text):
        if re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE):
            continue
        fields: dict[str, str] = {}
        current = ""
        for line in block.splitlines():
            if match := re.match(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?) (".*")$', line):
                current = match[1]
                fields[current] = literal_eval(match[2])
            elif line.startswith('"'):
                fields[current] += literal_eval(line)
        if not fields.get("msgid"):
            continue
        translation = fields.get("msgstr", fields.get("msgstr[0]", ""))
        if translation:
            context = f"{fields['msgctxt']}\x04" if "msgctxt" in fields else ""
            found[context + fields["msgid"]] = translation
    return found


def catalogues() -> list[Path]:
    """The translations' source files."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def test_korean_is_there():
    assert (LOCALE / "ko" / "LC_MESSAGES" / "django.po") in catalogues()


@pytest.mark.parametrize("po", catalogues(), ids=lambda path: str(path.relative_to(LOCALE)))
def test_compiled_translations_are_fresh(po):
    with po.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    catalogue = {
        key if isinstance(key, str) else key[0]: text
        for key, text in vars(compiled)["_catalog"].items()
        if key and (isinstance(key, str) or key[1] == 0)
    }
    assert catalogue == parse_po(po.read_text()), (
        "run: .venv/bin/python manage.py compilemessages --ignore .venv"
    )


@pytest.mark.parametrize("po", catalogues(), ids=lambda path: str(path.relative_to(LOCALE)))
def test_every_message_is_translated(po):
    messages = re.findall(r'^msgid "', po.read_text(), re.MULTILINE)
    assert len(parse_po(po.read_text())) == len(messages) - 1, "the header is the one exception"
