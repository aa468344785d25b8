"""The hints of a protocol as a file, so that another implementation can be scored on the same."""

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from colorizer.color import Array, rgb_to_lab
from training.data.pictures import DataError, Picture
from training.evaluation.protocols import FixedHints

_PROTOCOL = "protocol"
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenHints(FixedHints):
    """A protocol whose hints are read from a file instead of drawn.

    Attributes:
        path: of the file.
    """

    path: Path

    def hints(self, name: str, ab: Array, amount: float) -> tuple[Array, Array]:
        """The hints of a picture, as :meth:`FixedHints.hints` gives them.

        Raises:
            DataError: the file has none for this picture and amount.
        """
        stored = _read(self.path)
        try:
            pixels, colors = (stored[_key(name, amount, part)] for part in ("pixels", "ab"))
        except KeyError:
            raise DataError(f"{self.path} has no hints for {name} at {amount}.") from None
        given, mask = np.zeros_like(ab), np.zeros((1, *ab.shape[1:]), np.float32)
        if pixels.size and not 0 <= pixels.min() <= pixels.max() < mask.size:
            raise DataError(f"{self.path} has hints outside of {name}.")
        given.reshape(2, -1)[:, pixels] = colors
        mask.flat[pixels] = 1.0
        return given, mask


def write_hints(path: Path, protocol: FixedHints, pictures: Sequence[Picture]) -> None:
    """Write the hints of all pictures and amounts to a NumPy archive.

    For each picture and amount it has two arrays, ``NAME|AMOUNT|pixels``: (n,) int32, places in
    row-major order at the protocol's size, and ``NAME|AMOUNT|ab``: (2, n) float32, CIELAB units.

    Raises:
        DataError: a picture is damaged, or the file cannot be written.
    """
    arrays: dict[str, npt.NDArray[Any]] = {_PROTOCOL: np.array(protocol.name)}
    for picture in pictures:
        lab = rgb_to_lab(protocol.truth(picture.rgb()))
        ab = np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))
        for amount in protocol.amounts:
            hint_ab, mask = protocol.hints(picture.name, ab, amount)
            pixels = np.flatnonzero(mask[0])
            arrays[_key(picture.name, amount, "pixels")] = pixels.astype(np.int32)
            arrays[_key(picture.name, amount, "ab")] = hint_ab.reshape(2, -1)[:, pixels]
    try:
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # names are ours
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}.") from error


def with_hints_of(path: Path, protocol: FixedHints) -> GivenHints:
    """The protocol with a file's hints in place of its own.

    Raises:
        DataError: the file cannot be read, or is for another protocol.
    """
    stored = str(_read(path).get(_PROTOCOL, ""))
    if stored != protocol.name:
        raise DataError(f"{path} holds hints for {stored or 'no protocol'}, not {protocol.name}.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    own = {field.name: getattr(protocol, field.name) for field in fields(protocol)}
    return GivenHints(**{**own, "hints_seed": f"file {digest[:_SHOWN]}", "path": path})


@lru_cache(maxsize=1)
def _read(path: Path) -> Mapping[str, npt.NDArray[Any]]:
    try:
        with path.open("rb") as file:
            return dict(np.load(file, allow_pickle=False))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is no file of hints.") from error


def _key(name: str, amount: float, part: str) -> str:
    return f"{name}|{amount:g}|{part}"
