"""What is committed is for everyone: no machine's paths or hosts, nothing huge."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ONE_MACHINE = re.compile(
    r"\"resolved\": *\"http|index[-_]url *[=:]|files\.pythonhosted\.|registry\.npmjs\."
    r"|download\.pytorch\.org/whl"
)
MAX_BYTES = 2_000_000


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
        if b"\0" in data or path == Path(__file__):
            continue
        if ONE_MACHINE.search(data.decode()):
            culprits.append(str(path.relative_to(ROOT)))
    assert culprits == []


def test_nothing_large_but_the_model_that_ships():
    large = [
        str(path.relative_to(ROOT))
        for path in committed()
        if path.stat().st_size > MAX_BYTES and "colorizer/models" not in path.as_posix()
    ]
    assert large == []


@pytest.mark.parametrize("name", ["rehue-4", "rehue-4-fast"])
def test_a_model_that_ships_is_at_most_40_mb(name):
    folder = ROOT / "colorizer" / "models" / name
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 40_000_000
