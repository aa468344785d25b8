"""The files that a version can be downloaded as: its PNG, which is kept, and all others made of it.

What a file carries of the photo's metadata is what is known now, not when the PNG was made.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version as package_version
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext

from colorizer import intake
from colorizer.metadata.fields import Carry, Metadata
from colorizer.metadata.xmp import Provenance
from colorizer.output import (
    FORMATS,
    FormatName,
    Mark,
    OutputOptions,
    Place,
    check_format,
    encode,
    png_head,
)
from colorizer.output.openraster import encode_openraster
from training.models import ModelVersion
from webapp.accounts.models import User
from webapp.common.storage import PIECE, pieces_of
from webapp.photos.addresses import photo_address, public_address
from webapp.photos.models import Photo
from webapp.photos.services import upload_limits
from webapp.studio.models import Version
from webapp.studio.signing import is_signing, signed

# A conversion holds the whole picture, some gigabytes at the largest size.
_CONVERTING = threading.BoundedSemaphore(2)
_HEAD_PIECES = (1 << 20) // PIECE
"""They hold all that stands before a PNG's pixels: metadata has bounds."""


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What a result is saved as.

    Attributes:
        format: of the file.
        output: its quality and depth.
        mark: where it says for all to see that its colours were added, in the language of whoever
            asks.
        carry: what of the metadata; as the photo's owner prefers when left out.
    """

    format: FormatName = "png"
    output: OutputOptions = field(default_factory=OutputOptions)
    carry: Carry | None = None
    mark: Place = "none"


@dataclass(frozen=True)
class ResultFile:
    """A result as it is sent: the storage's own file under ``key``, or else these pieces."""

    key: str = ""
    pieces: Iterator[bytes] = field(default_factory=lambda: iter(()))


def image_keys(version: Version) -> list[str]:
    """Return the storage keys of a version's files; earlier releases kept conversions, too."""
    stem = version.image.removesuffix(".png")
    return [f"{stem}.{chosen.extension}" for chosen in FORMATS.values()]


def result_file(version: Version, options: ExportOptions) -> ResultFile:
    """Return a version as a file.

    Raises:
        FileNotFoundError: the version's PNG is gone.
        colorizer.output.FormatLimitError: the format cannot hold so large a photo.
        colorizer.output.signing.SigningError: the site's certificate cannot be used.
    """
    photo = version.photo
    check_format(options.format, version.width, version.height)
    metadata = photo.known.carried(options.carry or carry_of(photo))
    hint_set = public_address(photo_address("api:get_version_hints", version.pk))
    provenance = provenance_of(version.model_version, version.hints, hint_set=hint_set)
    mark = Mark.at(options.mark, gettext, by_model=version.model_version is not None)
    is_as_stored = options.format == "png" and mark is None
    if not is_as_stored or (options.output.bits == 8 and photo.bits == 16):
        with _CONVERTING, default_storage.open(version.image) as file:
            converted = encode(
                intake.read(file.read(), upload_limits()).pixels,
                options.format,
                metadata=metadata,
                provenance=provenance,
                options=replace(options.output, mark=mark),
            )
            return ResultFile(pieces=iter([signed(converted, options.format, provenance)]))
    stored = _stored(version.image, metadata, provenance)
    if not is_signing():
        return stored
    with _CONVERTING:
        whole = b"".join(pieces_of(stored.key) if stored.key else stored.pieces)
        return ResultFile(pieces=iter([signed(whole, options.format, provenance)]))


def _stored(key: str, metadata: Metadata, provenance: Provenance) -> ResultFile:
    """Return the PNG that is kept, with what is known now."""
    with closing(pieces_of(key)) as pieces:
        head = b"".join(islice(pieces, _HEAD_PIECES))
    try:
        fresh, replaced = png_head(head, metadata=metadata, provenance=provenance)
    except ValueError:  # not as it was written: sent as it is
        return ResultFile(key=key)
    if fresh == head[:replaced]:
        return ResultFile(key=key)
    return ResultFile(pieces=_with_head(key, fresh, replaced))


def layers_file(version: Version) -> bytes:
    """Return a version as an OpenRaster file: its lightness, and its colours alone above.

    Raises:
        FileNotFoundError: the version's PNG is gone.
    """
    photo = version.photo
    hint_set = public_address(photo_address("api:get_version_hints", version.pk))
    with _CONVERTING, default_storage.open(version.image) as file:
        pixels = intake.read(file.read(), upload_limits()).pixels
        merged = encode(
            pixels,
            "png",
            metadata=photo.known.carried(carry_of(photo)),
            provenance=provenance_of(version.model_version, version.hints, hint_set=hint_set),
            options=OutputOptions(bits=8),
        )
        names = gettext("Colours"), gettext("Lightness")
        return encode_openraster(pixels, partial(encode, name="png"), merged=merged, names=names)


def carry_of(photo: Photo) -> Carry:
    """Return what results of a photo carry unless a download says otherwise."""
    preferred: Any = photo.owner.default_metadata if photo.owner else User.Metadata.ALL
    carry: Carry = str(preferred)  # type: ignore[assignment]  # one of its choices
    return carry


def provenance_of(
    model: ModelVersion | None, hints: Mapping[str, Any], *, hint_set: str
) -> Provenance:
    """Return what a result says of how it came to be; ``hint_set`` is the address of its hints.

    Without a model nothing is known of its colours: they were brought in.
    """
    return Provenance(
        software=f"Rehue {package_version('rehue')}",
        model=model.name if model else "",
        hints=len(hints.get("hints", ())),
        hint_set=hint_set,
    )


def _with_head(key: str, head: bytes, replaced: int) -> Iterator[bytes]:
    """Yield a stored file with another beginning."""
    yield head
    yield from pieces_of(key, start=replaced)
