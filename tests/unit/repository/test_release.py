"""What a release says of itself."""

import pytest

from scripts.release_notes import CHANGELOG, main, notes

TEXT = """# Changelog

## [Unreleased]

- Later.

## [0.2.0] - 2026-12-24

### Added

- Snow.

## [0.1.0] - 2026-11-30

- First.
"""


def test_a_version_is_reported_without_its_neighbours():
    assert notes(TEXT, "0.2.0") == "### Added\n\n- Snow.\n"
    assert notes(TEXT, "0.1.0") == "- First.\n"


@pytest.mark.parametrize("version", ["0.3.0", "0.1", "Unreleased"])
def test_what_is_not_released_has_no_notes(version, capsys):
    with pytest.raises(KeyError):
        notes(TEXT, version)
    assert main([f"v{version}"]) == 1
    assert version in capsys.readouterr().err


def test_the_first_release_is_in_the_changelog(capsys):
    assert main(["v0.1.0"]) == 0
    assert "A hint canvas" in capsys.readouterr().out
    assert "## [Unreleased]" in CHANGELOG.read_text()
