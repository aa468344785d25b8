"""Print what the CHANGELOG says of a version, as the notes of its release.

``python -m scripts.release_notes v0.1.0``
"""

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def notes(changelog: str, version: str) -> str:
    """Return a version's section without its heading.

    Raises:
        KeyError: the CHANGELOG has no such version.
    """
    _, *sections = re.split(r"^## ", changelog, flags=re.MULTILINE)
    for section in sections:
        heading, _, text = section.partition("\n")
        if heading.startswith(f"[{version}] - "):
            return text.strip() + "\n"
    raise KeyError(version)


def main(arguments: list[str]) -> int:
    """Print the notes; the exit status is 1 where there are none."""
    version = arguments[0].removeprefix("v")
    try:
        print(notes(CHANGELOG.read_text("utf-8"), version), end="")
    except KeyError:
        print(f"CHANGELOG.md has no section [{version}] with a date.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
