"""Prepare a data set: square pictures of one size, in splits, in a folder with a manifest.

What is drawn depends on the seed and the pictures' names, never on the order of reading.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from itertools import chain, repeat
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, Literal
from uuid import uuid4

from numpy.lib import format as npy
from tqdm import tqdm

from colorizer.color import Bytes
from colorizer.model import sha256_of
from training.data.filter import Findings, Usable, filter_pictures
from training.data.pictures import MANIFEST, DataError, Manifest, Picture, array_of

# In the order they are filled: who asks for more to train on keeps the pictures to report on; and
# of two pictures alike in different splits, the one to train on has to go.
SPLITS = ("test", "val", "train")
REPORT = {"train": 4500, "val": 500, "test": 1000}
KEPT: Final = "kept"
Splits = Literal["kept"] | Mapping[str, int]
SIDES = range(16, 1025)


def parse_splits(text: str) -> Splits:
    """Read what a person asks for: ``report``, ``kept``, or ``train=900,val=100``.

    Returns:
        ``"kept"``, or the number of pictures for each split that gets any.

    Raises:
        DataError: it is none of these.
    """
    if text == KEPT:
        return KEPT
    if text == "report":
        return dict(REPORT)
    counts: dict[str, int] = {}
    for part in text.split(","):
        split, _, count = part.partition("=")
        if split not in SPLITS or split in counts or not (count.isascii() and count.isdigit()):
            raise DataError(
                f"{text!r} is no way to split: allowed are report (4,500 pictures to train on, 500 "
                "to choose by, 1,000 to report on), kept (as the top folders train, val and test "
                "of their names say), and numbers such as train=900,val=100,test=0."
            )
        counts[split] = int(count)
    if not any(counts.values()):
        raise DataError(f"{text!r} asks for no picture at all.")
    return {split: count for split, count in counts.items() if count}


def prepare(
    pictures: Sequence[Picture],
    folder: Path,
    *,
    splits: Splits,
    side: int,
    seed: int,
    sources: Sequence[str],
) -> Manifest:
    """Make a prepared data set of ``pictures``: all of it, or nothing.

    Damaged pictures, near-grey ones, and of pictures that look alike all but one are left out
    (:func:`training.data.filter.filter_pictures`), and listed in the manifest.

    Args:
        pictures: the candidates.
        folder: to write; must not exist.
        splits: ``"kept"`` to go by the top folders of the pictures' names, or the number of
            pictures to draw for each split.
        side: of the prepared pictures, in pixels, one of :data:`SIDES`.
        seed: of the draw.
        sources: what the manifest calls the sources.

    Raises:
        DataError: too few are usable, a name has no split, or the folder exists or fails.
    """
    if side not in SIDES:
        raise DataError(f"The side is {SIDES[0]} to {SIDES[-1]} pixels, not {side}.")
    findings = Findings(found=len(pictures))
    requested = len(pictures) if isinstance(splits, str) else sum(splits.values())
    if requested > len(pictures):
        raise DataError(f"{requested} pictures were asked for; there are {len(pictures)}.")
    ordered = sorted(pictures, key=_by_split if splits == KEPT else partial(_by_lot, seed))
    placed = _places(filter_pictures(ordered, side=side, findings=findings), splits)
    with _whole_or_nothing(folder) as part:
        rows = _write(tqdm(placed, total=requested, unit="picture", disable=None), part, side)
        usable = sum(map(len, rows.values()))
        if usable < (1 if splits == KEPT else requested):
            raise DataError(f"{findings.summary(usable)}; {requested} were asked for.")
        manifest = Manifest(
            side=side,
            seed=seed,
            splits=splits if isinstance(splits, str) else dict(splits),
            sources=tuple(sorted(sources)),
            sha256={split: sha256_of(array_of(part, split)) for split in rows},
            pictures=rows,
            findings=asdict(findings),
        )
        (part / MANIFEST).write_text(json.dumps(manifest.to_json(), indent=1) + "\n")
    return manifest


def _by_lot(seed: int, picture: Picture) -> bytes:
    lot = f"{seed}/{picture.name}".encode(errors="surrogateescape")  # a name may be no UTF-8
    return hashlib.sha256(lot).digest()


def _by_split(picture: Picture) -> tuple[int, str]:
    return SPLITS.index(_top_folder(picture.name)), picture.name


def _top_folder(name: str) -> str:
    parts = PurePosixPath(name).parts
    if len(parts) < 2 or parts[0] not in SPLITS:
        raise DataError(
            f"To keep splits, every name has to begin with train/, val/ or test/; {name} does not."
        )
    return parts[0]


def _places(usable: Iterable[Usable], splits: Splits) -> Iterable[tuple[str, Usable]]:
    """Give each picture its split; a draw ends when every place is taken."""
    if isinstance(splits, str):
        return ((_top_folder(picture.name), picture) for picture in usable)
    places = chain.from_iterable(repeat(split, splits.get(split, 0)) for split in SPLITS)
    return zip(places, usable, strict=False)


def _write(
    placed: Iterable[tuple[str, Usable]], folder: Path, side: int
) -> dict[str, list[tuple[str, str]]]:
    """Write each split's array; return for each its rows' names and digests."""
    rows: dict[str, list[tuple[str, str]]] = {}
    writers: dict[str, _RowWriter] = {}
    with ExitStack() as files:
        for split, picture in placed:
            if split not in writers:
                file = files.enter_context(array_of(folder, split).open("wb"))
                writers[split] = _RowWriter(file, side)
            writers[split].add(picture.pixels)
            rows.setdefault(split, []).append((picture.name, picture.sha256))
        for writer in writers.values():
            writer.finish()
    return {split: rows[split] for split in reversed(SPLITS) if split in rows}


class _RowWriter:
    """Writes an array of pictures whose number is known at the end only."""

    def __init__(self, file: BinaryIO, side: int) -> None:
        self._file = file
        self._side = side
        self._count = 0
        self._write_header()

    def add(self, pixels: Bytes) -> None:
        """Append one picture, (side, side, 3)."""
        self._file.write(pixels.tobytes())
        self._count += 1

    def finish(self) -> None:
        """Say in the header how many there are; NumPy leaves room for it."""
        self._file.seek(0)
        self._write_header()

    def _write_header(self) -> None:
        shape = (self._count, self._side, self._side, 3)
        npy.write_array_header_1_0(
            self._file, {"descr": "|u1", "fortran_order": False, "shape": shape}
        )


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[Path]:
    """A folder to write in, which becomes ``folder`` if all goes well, and else is gone."""
    part = folder.with_name(f".{folder.name}.{uuid4().hex}")
    try:
        if folder.exists():
            raise DataError(f"{folder} exists already; choose another name, or remove it first.")
        part.mkdir(parents=True)
        yield part
        part.rename(folder)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
