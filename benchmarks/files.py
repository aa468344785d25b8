"""Files that people have, brought in three ways: what should be seen, what is, and the verdict.

``python -m benchmarks.files FOLDER`` serves from an empty folder and brings every file of
``FOLDER/files`` in over HTTP, in a batch, and with ``rehue colorize``. ``FOLDER/expected.json``
names the picture in ``FOLDER/expected`` that a file has to become (upright, 8-bit sRGB, without
colours). Over HTTP the pixels are compared, and the bytes of the original; results of the batch and
of the command line are in colour, and their lightness is compared, in steps of 255. A file without
a picture is right when all three ways do the same: take it, or refuse it with a sentence.
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image

from colorizer.color import rgb_to_lab, to_8_bits
from tests.support.member import Member, member_of
from tests.support.server import ROOT, running_server

WITHIN = 3.0
"""Of 255: what lossy formats and colour management may differ by."""
ROUNDING = 1.0
"""Of 255: what colours take of a lightness at 8 bits."""
REFUSED = "refused"


@dataclass(frozen=True)
class Seen:
    """What became of a file on one way: its size and how far it is off, or why it was refused."""

    size: str
    off: float | None = None
    reason: str = ""
    broken: bool = False

    def __str__(self) -> str:
        off = "" if self.off is None else f" ±{self.off:.1f}"
        return f"{'BROKEN ' if self.broken else ''}{self.size}{off}"


@dataclass(frozen=True)
class Row:
    """A file, what was expected of it, what was seen, and whether that is right."""

    file: str
    expected: str
    http: Seen
    batch: Seen
    command: Seen
    right: bool


def expected_pictures(folder: Path) -> dict[str, np.ndarray]:
    """Return the picture that each file should become, (H, W, 3) of 8 bits."""
    names = json.loads((folder / "expected.json").read_text())
    pictures = {}
    for file, picture in names.items():
        with Image.open(folder / "expected" / picture) as image:
            pictures[file] = np.asarray(image.convert("RGB"))
    return pictures


def decode(png: bytes) -> np.ndarray:
    """Return a PNG as (H, W, 3) of its own depth, by a decoder that the intake does not share."""
    pixels = imagecodecs.png_decode(png)
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=-1)


def compared(pixels: np.ndarray, picture: np.ndarray | None, *, in_colour: bool) -> Seen:
    """Compare what was seen with what was expected, if anything was."""
    size = f"{pixels.shape[1]}x{pixels.shape[0]}/{pixels.itemsize * 8}"
    if picture is None:
        return Seen(size)
    if pixels.shape != picture.shape:
        return Seen(size, broken=True)
    if in_colour:
        scale = 255 if pixels.dtype == np.uint8 else 65535
        off = 2.55 * (rgb_to_lab(pixels / scale) - rgb_to_lab(picture))[..., 0]
    else:
        off = to_8_bits(pixels).astype(float) - picture
    return Seen(size, float(np.abs(off).max()))


def over_http(member: Member, file: Path, picture: np.ndarray | None) -> Seen:
    """Upload a file and fetch its pixels, and the file again."""
    response = member.post("/api/photos", files={"file": (file.name, file.read_bytes())})
    if response.status_code != 201:
        problem = response.json() if response.status_code < 500 else {}
        broken = "detail" not in problem
        return Seen(REFUSED, reason=str(problem.get("detail", response.status_code)), broken=broken)
    address = f"/api/photos/{response.json()['id']}"
    image = member.http.get(f"{address}/image").raise_for_status().content
    original = member.http.get(f"{address}/original").raise_for_status().content
    if original != file.read_bytes():
        return Seen("another original", broken=True)
    return compared(decode(image), picture, in_colour=False)


def in_a_batch(
    member: Member, files: list[Path], pictures: dict[str, np.ndarray]
) -> Iterator[tuple[str, Seen]]:
    """Colour all files as one batch of a ZIP."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as pack:
        for file in files:
            pack.write(file, file.name)
    made = member.batch_of(archive.getvalue(), format="png")
    member.wait_for_batch(made["id"], 1800, look=1.0)
    for item in member.items(made["id"]):
        name = item["name"]
        if item["status"] == "done":
            result = member.http.get(item["image_url"]).raise_for_status().content
            yield name, compared(decode(result), pictures.get(name), in_colour=True)
        else:
            yield name, Seen(REFUSED, reason=item["error"], broken=not item["error"])


def on_the_command_line(
    files: list[Path], folder: Path, pictures: dict[str, np.ndarray]
) -> Iterator[tuple[str, Seen]]:
    """Colour the folder with one call, and by name what a folder's photos are not told by."""
    results = folder / "results"
    plan, _ = _rehue(files[0].parent, "-o", results, "--dry-run")
    goals = {Path(task["photo"]).name: Path(task["output"]) for task in plan["tasks"]}
    outcome, _ = _rehue(files[0].parent, "-o", results)
    for file in files:
        if file.name in goals:
            goal, reason = goals[file.name], outcome["failed"].get(file.name, "")
        else:
            goal = folder / f"{file.name}.png"
            alone, sentence = _rehue(file, "-o", goal)
            reason = alone.get("failed", {}).get(file.name, "") or sentence
        if goal.exists():
            result = decode(goal.read_bytes())
            yield file.name, compared(result, pictures.get(file.name), in_colour=True)
        else:
            broken = not reason or "Traceback" in reason
            yield file.name, Seen(REFUSED, reason=reason, broken=broken)


def _rehue(*arguments: object) -> tuple[dict, str]:
    command = [sys.executable, "-m", "rehue.cli", "colorize", *map(str, arguments), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return json.loads(done.stdout or "{}"), done.stderr.strip()


def is_right(picture: np.ndarray | None, seen: list[Seen], within: float) -> bool:
    """Tell whether a file became what it should, on every way."""
    if any(one.broken for one in seen):
        return False
    if picture is None:
        return len({one.size for one in seen}) == 1
    limits = (within, within + ROUNDING, within + ROUNDING)
    return all(
        one.off is not None and one.off <= limit for one, limit in zip(seen, limits, strict=True)
    )


def check(folder: Path, within: float) -> list[Row]:
    """Bring every file in on all three ways."""
    pictures = expected_pictures(folder)
    files = sorted(file for file in (folder / "files").iterdir() if file.is_file())
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        many = str(10 * len(files))
        limits = {"QUOTA_PHOTOS": many, "QUOTA_JOBS_PER_DAY": many, "LOG_LEVEL": "ERROR"}
        server = stack.enter_context(running_server(work / "data", **limits))
        environment = {"DATA_DIR": str(server.data_dir)}
        member = stack.enter_context(member_of(server.url, environment))
        http = {file.name: over_http(member, file, pictures.get(file.name)) for file in files}
        batch = dict(in_a_batch(member, files, pictures))
        command = dict(on_the_command_line(files, work, pictures))
    lost = Seen("lost", broken=True)
    rows = []
    for name, seen in http.items():
        picture, others = pictures.get(name), (batch.get(name, lost), command.get(name, lost))
        expected = "the same" if picture is None else f"{picture.shape[1]}x{picture.shape[0]}"
        right = is_right(picture, [seen, *others], within)
        rows.append(Row(name, expected, seen, *others, right))
    return rows


def main() -> int:
    """Print the table, and return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--within", type=float, default=WITHIN, help="of 255; 3 if left out")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    arguments = parser.parse_args()
    rows = check(arguments.folder, arguments.within)
    wrong = sum(not row.right for row in rows)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False))
        return int(wrong > 0)
    form = "{:<34} {:<12} {:<22} {:<22} {:<22} {}"
    print(form.format("file", "expected", "HTTP", "batch", "command line", "verdict"))
    for row in rows:
        seen = (str(row.http), str(row.batch), str(row.command))
        print(form.format(row.file, row.expected, *seen, "right" if row.right else "WRONG"))
        reasons = {one.reason: None for one in (row.http, row.batch, row.command) if one.reason}
        print(*(f"    {reason}\n" for reason in reasons), sep="", end="")
    print(f"{len(rows) - wrong} right, {wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
