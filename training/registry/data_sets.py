"""The site's data sets: made known under a name, and found again unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from colorizer.model import sha256_of
from training.data.pictures import (
    MANIFEST,
    DataError,
    Picture,
    data_errors,
    fingerprint,
    is_prepared,
    read_pictures,
    verify_prepared,
)
from training.models import DataSet, Run, Search


def list_data_sets() -> list[DataSet]:
    """Return the registered data sets, by name."""
    return list(DataSet.objects.all())


def folder_of(data_set: DataSet) -> Path:
    """Return the folder that holds the pictures of ``data_set``."""
    return Path(settings.DATASET_DIR) / data_set.folder


def folder_for(*, name: str) -> Path:
    """Return the folder for a data set to come.

    Raises:
        DataError: the name is taken, or cannot be one.
    """
    try:
        DataSet._meta.get_field("name").clean(name, None)
    except ValidationError as error:
        message = gettext(
            "“%(name)s” cannot name a data set: at most 60 letters, digits, hyphens and "
            "underscores are allowed."
        )
        raise DataError(message % {"name": name}) from error
    if DataSet.objects.filter(name=name).exists():
        raise DataError(gettext("There is a data set named %(name)s already.") % {"name": name})
    return Path(settings.DATASET_DIR) / name


def register_data_set(*, name: str, folder: Path) -> DataSet:
    """Make the prepared data set in ``folder`` known as ``name``.

    Raises:
        DataError: the name is taken or cannot be one, or the folder is no whole data set.
    """
    folder_for(name=name)
    manifest = verify_prepared(folder)
    return DataSet.objects.create(
        name=name,
        folder=_relative(folder),
        side=manifest.side,
        counts=manifest.counts,
        findings={
            key: value if isinstance(value, int) else len(value)
            for key, value in manifest.findings.items()
        },
        sha256=sha256_of(folder / MANIFEST),
    )


def resolve_sources(names: Sequence[str]) -> list[Path]:
    """Find the sources of pictures that ``names`` stand for, and check the prepared ones.

    Args:
        names: of registered data sets, or paths of tars, folders and prepared data sets.

    Raises:
        DataError: a name is unknown, or a data set has changed since it was prepared.
    """
    return [_resolve(name) for name in names]


def check_sources(*, data: Sequence[str], val: Sequence[str]) -> None:
    """Check that there are pictures to learn from, and others to choose by.

    Args:
        data: names of data sets, or paths of tars and folders.
        val: the same to choose by; only prepared data sets have such pictures of their own.

    Raises:
        DataError: pictures are missing or have changed.
    """
    sources = resolve_sources(data)
    resolve_sources(val)
    if not val and not all(is_prepared(source) for source in sources):
        raise DataError(
            gettext(
                "Name pictures to choose the best by, too: only prepared data sets have some apart."
            )
        )


def pictures_of(work: Run | Search) -> tuple[Sequence[Picture], Sequence[Picture], str]:
    """Return what ``work`` learns from, what it chooses by, and the fingerprint of the former.

    Raises:
        DataError: pictures are gone or have changed.
    """
    data = resolve_sources(work.data)
    val = resolve_sources(work.val) if work.val else data
    return read_pictures(data, "train"), read_pictures(val, "val"), fingerprint(data)


def _resolve(name: str) -> Path:
    data_set = DataSet.objects.filter(name=name).first()
    if data_set is not None:
        return _verified(data_set)
    path = Path(name)
    with data_errors(path):
        exists = path.exists()
    if not exists:
        known = ", ".join(DataSet.objects.values_list("name", flat=True)) or "none so far"
        message = gettext("%(name)s is neither a data set (%(known)s) nor a path of pictures.")
        raise DataError(message % {"name": name, "known": known})
    if is_prepared(path):
        verify_prepared(path)
    return path


def _verified(data_set: DataSet) -> Path:
    folder = folder_of(data_set)
    try:
        verify_prepared(folder)
    except DataError as error:
        message = gettext("The data set %(name)s cannot be used: %(why)s")
        raise DataError(message % {"name": data_set.name, "why": error}) from error
    if sha256_of(folder / MANIFEST) != data_set.sha256:
        message = gettext("The data set %(name)s has changed since it was prepared.")
        raise DataError(message % {"name": data_set.name})
    return folder


def _relative(folder: Path) -> str:
    """Relative to ``DATASET_DIR`` where it lies below, so that the site's data can move."""
    folder, home = folder.resolve(), Path(settings.DATASET_DIR).resolve()
    return str(folder.relative_to(home) if folder.is_relative_to(home) else folder)
