"""Fuzz the intake by coverage: ``pip install atheris``, then ``python -m tests.fuzz.intake``.

Options are libFuzzer's, such as ``-max_total_time=600 -rss_limit_mb=2048 -timeout=20 FOLDER``,
where FOLDER keeps what was found worth keeping. Without a folder it begins with small real files.
The tests draw whole structures instead (tests/support/structures.py) and need no atheris.
"""

import sys

import atheris

with atheris.instrument_imports(include=["colorizer.intake", "colorizer.metadata", "tifffile"]):
    from tests.support.answers import answer


def main() -> None:
    """Fuzz until told to stop, or something is found."""
    atheris.Setup(sys.argv, answer)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
