"""Photographs to learn from and to score on: where they are read from.

A source is a tar of pictures, a folder of pictures, or a prepared data set: a folder with
``manifest.json`` and, for each split, one array of square pictures
(:mod:`training.data.prepare` writes it, docs/reference/data-set.md describes it).
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from colorizer.color import Bytes
from colorizer.model import sha256_of

MANIFEST = "manifest.json"
KIND = "rehue-data-set"
FORMAT = 1
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
REGIONS = ".regions.png"  # ends the name of a label map; before it stands its picture's name


class DataError(Exception):
    """The pictures cannot be used; the message says why, for people to read."""


class Rows:
    """The pictures of one prepared split: (N, side, side, 3) uint8, mapped when first read.

    Copies in other processes carry the path only, and map the file for themselves.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __getstate__(self) -> dict[str, Path]:
        return {"path": self.path}

    @cached_property
    def array(self) -> Bytes:
        """The pictures; reading one touches its bytes of the file and no others.

        Raises:
            DataError: the file is gone or no such array.
        """
        with data_errors(self.path):
            array: Bytes = np.load(self.path, mmap_mode="r")
            return array


@dataclass(frozen=True, slots=True)
class Row:
    """The place of one picture among the :class:`Rows` of its split."""

    rows: Rows
    index: int


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name in its source, and where its pixels are.

    Attributes:
        name: with ``/`` between folders.
        source: an encoded file, the path of one, or a row of a prepared split.
        regions: the label map of its regions, as a file; None where there is none.
    """

    name: str
    source: bytes | Path | Row = field(repr=False)
    regions: "Picture | None" = field(default=None, repr=False)

    def content(self) -> bytes:
        """The bytes that stand for it: of its file, or its row's pixels.

        Raises:
            DataError: they cannot be read.
        """
        match self.source:
            case bytes():
                return self.source
            case Path():
                with data_errors(self.source):
                    return self.source.read_bytes()
            case Row(rows, index):
                return bytes(rows.array[index].data)

    def labels(self) -> Bytes:
        """Its regions: (H, W), the number of each pixel's region.

        Raises:
            DataError: it has none, or they are damaged or of another size.
        """
        if self.regions is None:
            raise DataError(f"{self.name} has no regions: there is no {_stem(self.name)}{REGIONS}.")
        try:
            image = Image.open(io.BytesIO(self.regions.content()))
            labels = np.asarray(image)
        except Exception as error:  # decoders raise nearly anything on damaged files
            raise DataError(f"{self.regions.name} is damaged: {error}") from error
        if image.mode not in ("L", "P"):
            raise DataError(f"{self.regions.name} is no label map of 8 bits a pixel.")
        if image.size != self.rgb().size:
            raise DataError(f"{self.regions.name} has another size than its picture.")
        return labels

    def rgb(self) -> Image.Image:
        """Its pixels in sRGB, turned as the camera was held.

        Raises:
            DataError: it is damaged, or cannot be read.
        """
        if isinstance(self.source, Row):
            return Image.fromarray(self.source.rows.array[self.source.index])
        content = self.content()
        try:
            image = Image.open(io.BytesIO(content))
            return ImageOps.exif_transpose(image).convert("RGB")
        except Exception as error:  # decoders raise nearly anything on damaged files
            raise DataError(f"{self.name} is damaged: {error}") from error


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a prepared data set says of itself.

    Attributes:
        side: of the square pictures, in pixels.
        seed: of the draw.
        splits: ``"kept"``, or the number of pictures asked of each split.
        sources: names of the files and folders that were read.
        sha256: digest of each split's array.
        pictures: for each split the name and the digest of the source file of each row, in order.
        findings: what preparing noticed.
    """

    side: int
    seed: int
    splits: str | dict[str, int]
    sources: tuple[str, ...]
    sha256: dict[str, str]
    pictures: dict[str, list[tuple[str, str]]]
    findings: dict[str, Any]

    @property
    def counts(self) -> dict[str, int]:
        """Pictures in each split."""
        return {split: len(rows) for split, rows in self.pictures.items()}

    def to_json(self) -> dict[str, Any]:
        """The manifest as it is written."""
        return {
            "kind": KIND,
            "format": FORMAT,
            "side": self.side,
            "seed": self.seed,
            "splits": self.splits,
            "sources": list(self.sources),
            "counts": self.counts,
            "sha256": self.sha256,
            "findings": self.findings,
            "pictures": {
                split: [{"name": name, "sha256": digest} for name, digest in rows]
                for split, rows in self.pictures.items()
            },
        }

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of a prepared data set.

        Raises:
            DataError: it is missing, damaged, or of another kind or format.
        """
        path = folder / MANIFEST
        with data_errors(path):
            text = path.read_text()
        try:
            content = json.loads(text)
            if (content["kind"], content["format"]) != (KIND, FORMAT):
                raise DataError(
                    f"{path} is no data set that this version of Rehue knows: it needs kind "
                    f"{KIND!r} and format {FORMAT}."
                )
            return cls(
                side=int(content["side"]),
                seed=int(content["seed"]),
                splits=content["splits"],
                sources=tuple(content["sources"]),
                sha256=dict(content["sha256"]),
                pictures={
                    split: [(row["name"], row["sha256"]) for row in rows]
                    for split, rows in content["pictures"].items()
                },
                findings=dict(content["findings"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DataError(f"{path} is damaged: {error!r}") from error


def array_of(folder: Path, split: str) -> Path:
    """The file of a prepared data set that holds the pictures of ``split``."""
    return folder / f"{split}.npy"


def is_prepared(source: Path) -> bool:
    """Whether ``source`` is the folder of a prepared data set."""
    return (source / MANIFEST).is_file()


def verify_prepared(folder: Path) -> Manifest:
    """Check that the arrays of a prepared data set are what its manifest says.

    Raises:
        DataError: the manifest cannot be used, or an array is missing or changed.
    """
    manifest = Manifest.read(folder)
    for split in manifest.pictures:
        path = array_of(folder, split)
        with data_errors(path):
            changed = sha256_of(path) != manifest.sha256.get(split)
        if changed:
            raise DataError(f"{path} has changed since it was prepared.")
    return manifest


def read_pictures(sources: Sequence[Path], split: str | None = None) -> list[Picture]:
    """List the pictures of tars, folders and prepared data sets, ordered by name.

    Tars are read whole; of folders and prepared data sets only names are read. A file
    ``ID.regions.png`` is no picture, but the label map of one named ``ID``.

    Args:
        sources: where the pictures are.
        split: which pictures of a prepared data set; other sources have no splits.

    Raises:
        DataError: a source is missing, may not be read, is no tar, has no pictures, or is a
            prepared data set without that split.
    """
    if not sources:
        raise DataError("No source of pictures was named.")
    files = [file for source in sources for file in _read(source, split)]
    return _pictures_of(files)


def _pictures_of(files: Sequence[Picture]) -> list[Picture]:
    """The pictures among files, ordered by name, each with its label map if it has one."""
    maps = {file.name.removesuffix(REGIONS): file for file in files if _is_map(file)}
    pictures = [file for file in files if not _is_map(file)]
    return [
        replace(picture, regions=maps.get(_stem(picture.name)))
        for picture in sorted(pictures, key=lambda picture: picture.name)
    ]


def _is_map(file: Picture) -> bool:
    return file.name.endswith(REGIONS)


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _read(source: Path, split: str | None) -> list[Picture]:
    with data_errors(source):
        source.stat()
        if is_prepared(source):
            return _read_prepared(source, split)
        if source.is_dir():
            return _read_folder(source)
    return _read_shard(source)


def _read_prepared(folder: Path, split: str | None) -> list[Picture]:
    manifest = Manifest.read(folder)
    if split not in manifest.pictures:
        problem = f"it has no split {split}" if split else "one of its splits has to be named"
        raise DataError(
            f"{folder} is a prepared data set, and {problem}: {', '.join(manifest.pictures)}."
        )
    names = [name for name, _ in manifest.pictures[split]]
    rows = Rows(array_of(folder, split))
    expected = (len(names), manifest.side, manifest.side, 3)
    if rows.array.shape != expected or rows.array.dtype != np.uint8:
        raise DataError(f"{rows.path} has changed since it was prepared.")
    return [Picture(name, Row(rows, index)) for index, name in enumerate(names)]


def _read_folder(folder: Path) -> list[Picture]:
    pictures = [
        Picture(path.relative_to(folder).as_posix(), path)
        for path in _files_below(folder)
        if path.suffix.lower() in SUFFIXES
    ]
    if all(map(_is_map, pictures)):
        raise DataError(f"There are no pictures in {folder}.")
    return pictures


def _files_below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error  # os.walk would pass over a folder that may not be read

    for parent, _, names in os.walk(folder, onerror=refuse, followlinks=True):
        yield from (Path(parent, name) for name in names)


def read_shards(shards: Sequence[Path]) -> list[Picture]:
    """Read the pictures of tar shards, ordered by name.

    Raises:
        DataError: a shard is missing, may not be read, is no tar file, or has no pictures.
    """
    return _pictures_of([file for shard in shards for file in _read_shard(shard)])


def _read_shard(shard: Path) -> list[Picture]:
    pictures = []
    try:
        with tarfile.open(shard) as tar:
            for member in tar:
                if member.isfile() and member.name.lower().endswith(SUFFIXES):
                    file = tar.extractfile(member)
                    if file is not None:
                        pictures.append(Picture(member.name, file.read()))
    except PermissionError as error:
        raise DataError(f"{shard} may not be read.") from error
    except (OSError, EOFError, tarfile.TarError) as error:
        raise DataError(f"{shard} is no readable tar of pictures: {error}") from error
    if all(map(_is_map, pictures)):
        raise DataError(f"There are no pictures in {shard}.")
    return pictures


def fingerprint(sources: Sequence[Path], split: str | None = None) -> str:
    """Identify the pictures that ``read_pictures(sources, split)`` lists.

    Returns:
        SHA-256, in hexadecimal: of a tar its file's; of a prepared data set its manifest's, which
        has all others, mixed with ``split`` if one is named; of a folder, one over the names and
        digests of its pictures; of several sources, one over theirs, in order.

    Raises:
        DataError: a source cannot be read.
    """
    digests = [_fingerprint(source, split) for source in sources]
    return digests[0] if len(digests) == 1 else _digest("\n".join(digests))


def _fingerprint(source: Path, split: str | None) -> str:
    with data_errors(source):
        if not source.is_dir():
            return sha256_of(source)
        if is_prepared(source):
            whole = sha256_of(source / MANIFEST)
            return whole if split is None else _digest(f"{whole} {split}")
        pictures = sorted(_read_folder(source), key=lambda picture: picture.name)
        return _digest(
            "\n".join(f"{hashlib.sha256(p.content()).hexdigest()} {p.name}" for p in pictures)
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


@contextmanager
def data_errors(path: Path) -> Iterator[None]:
    """Say in words what the system, or NumPy, has against ``path``."""
    try:
        yield
    except FileNotFoundError as error:
        raise DataError(f"{path} does not exist.") from error
    except PermissionError as error:
        raise DataError(f"{error.filename or path} may not be read.") from error
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
